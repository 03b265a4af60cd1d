"""A shop on a cluster of Spark as a source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from weakref import finalize

from ltvtui.sources.base import ChangeLog, R, StateVersion, Stop, Watch
from ltvtui.sources.spark.database import SparkDatabase
from ltvtui.sources.spark_address import SparkAddress


class SparkSource:
    """What lies at an address.

    A session in which a shop was reduced is kept as long as its source: executors hold the rows that the figures were
    made of, and single orders are asked of those.
    """

    fresh = False
    path: Path | None = None
    opening_notices: frozenset[str] = frozenset()

    def __init__(self, address: SparkAddress) -> None:
        self._address = address
        self._shared: SparkDatabase | None = None

    @property
    def name(self) -> str:
        """The address without its secrets."""
        return self._address.name

    def open(self, stopped: Stop | None = None) -> SparkDatabase:
        """LtvError where it cannot be opened."""
        if self._shared is not None and self._shared.is_alive():
            self._shared.stopped = stopped or self._shared.stopped
            return self._shared
        database = SparkDatabase(self._address, stopped or (lambda: False))
        try:
            database.examine()
        except BaseException:
            database.close()
            raise
        if self._shared is not None:  # it is lost
            self._end()
            self._share(database)
        return database

    def in_one_state(self, work: Callable[[SparkDatabase], R], stopped: Stop | None = None) -> R:
        """What `work` gives. Spark keeps no state of several tables: who writes meanwhile is seen in part."""
        self._end()
        database = self.open(stopped)
        self._share(database)
        try:
            found = work(database)
        except BaseException:
            self._end()
            raise
        database.stopped = lambda: False  # whoever stopped the reading does not mean what is asked later
        if not database.has_stored:
            self._end()
        return found

    def _share(self, database: SparkDatabase) -> None:
        database.is_shared = True
        self._shared = database
        finalize(self, database.end)

    def _end(self) -> None:
        if self._shared is not None:
            self._shared.end()
        self._shared = None

    def version(self) -> StateVersion | None:
        """None: whether something was written is not told."""
        return None

    def is_current(self, version: StateVersion) -> bool:
        """Never known."""
        return False

    def changes(self) -> ChangeLog | None:
        """None: it has no log of changed rows."""
        return None

    def watch(self) -> Watch | None:
        """None: the server tells nobody what others commit."""
        return None
