"""A shop on a cluster of Spark as a source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ltvtui.sources.base import ChangeLog, R, StateVersion, Stop, Watch
from ltvtui.sources.spark.database import SparkDatabase
from ltvtui.sources.spark_address import SparkAddress


class SparkSource:
    """What lies at an address."""

    fresh = False
    path: Path | None = None
    opening_notices: frozenset[str] = frozenset()

    def __init__(self, address: SparkAddress) -> None:
        self._address = address

    @property
    def name(self) -> str:
        """The address without its secrets."""
        return self._address.name

    def open(self, stopped: Stop | None = None) -> SparkDatabase:
        """LtvError where it cannot be opened."""
        database = SparkDatabase(self._address, stopped or (lambda: False))
        try:
            database.examine()
        except BaseException:
            database.close()
            raise
        return database

    def in_one_state(self, work: Callable[[SparkDatabase], R], stopped: Stop | None = None) -> R:
        """What `work` gives. Spark keeps no state of several tables: who writes meanwhile is seen in part."""
        with self.open(stopped) as database:
            return work(database)

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
