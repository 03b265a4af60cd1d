"""A database of PostgreSQL as a source."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import ChangeLog, R, StateVersion, Stop, Torn, Watch
from ltvtui.sources.postgres.database import PostgresDatabase
from ltvtui.sources.postgres.version import PostgresVersion, version_of
from ltvtui.sources.server_address import ServerAddress

ATTEMPTS: Final = 4
"""Times that a state is read that the server could not keep."""


class PostgresSource:
    """The database at an address."""

    fresh = False
    path: Path | None = None
    opening_notices: frozenset[str] = frozenset()

    def __init__(self, address: ServerAddress, password: str | None = None) -> None:
        self._address = address
        self._password = password

    @property
    def name(self) -> str:
        """The address without its secrets."""
        return self._address.name

    def open(self, stopped: Stop | None = None) -> PostgresDatabase:
        """LtvError where it cannot be opened, or has no tables that may be read."""
        database = PostgresDatabase(self._address, self._password, stopped or (lambda: False))
        try:
            is_readable = database.examine()
        except BaseException:
            database.close()
            raise
        if not is_readable:
            database.close()
            raise LtvError(
                f"{self.name} has no table that this user may read.",
                " ".join((*database.notices, "Ask its owner for it: GRANT SELECT ON … TO your user.")),
            )
        return database

    def in_one_state(self, work: Callable[[PostgresDatabase], R], stopped: Stop | None = None) -> R:
        """What `work` gives of one state."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(work, stopped)
            except Torn:
                time.sleep(0.05 * 2**attempt)  # a replica goes on with what it had to
        return self._once(work, stopped)

    def _once(self, work: Callable[[PostgresDatabase], R], stopped: Stop | None) -> R:
        with self.open(stopped) as database:
            return work(database)

    def version(self) -> PostgresVersion | None:
        """By the transactions that are seen; None where rows of another server may be among those that are read."""
        with PostgresDatabase(self._address, self._password) as database:
            return version_of(database)

    def is_current(self, version: StateVersion) -> bool:
        """By the same transactions."""
        return version == self.version()

    def changes(self) -> ChangeLog | None:
        """None: it has no log of changed rows."""
        return None

    def watch(self) -> Watch | None:
        """None: the server tells nobody what others commit."""
        return None
