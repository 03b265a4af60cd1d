"""Reading SQLite through the Arrow driver: several connections that see one state of the database."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from adbc_driver_sqlite.dbapi import AdbcSqliteConnection

BATCH: Final = 100_000
"""Rows that the driver hands over at a time."""


class ArrowReaders:
    """Connections of the Arrow driver, lent to one thread at a time.

    The driver carries an SQLite of its own. POSIX drops every lock that a process holds on a file as soon as any
    handle of it is closed, so they stay open until `close`, beside the connection of Python's SQLite.
    """

    def __init__(self, uri: str, count: int) -> None:
        self._uri = uri
        self._count = count
        self._idle: queue.LifoQueue[_Reader] = queue.LifoQueue()
        self._all: list[_Reader] = []
        self._broken = False

    def begin(self) -> bool:
        """Begin to read one state on every connection; False where the database is locked just now."""
        import adbc_driver_manager

        try:
            while len(self._all) < self._count and not self._broken:
                self._all.append(_Reader(self._uri))
                self._idle.put(self._all[-1])
            for reader in self._all:
                reader.begin()
        except (adbc_driver_manager.Error, OSError) as error:
            if was_interrupted(error):
                raise KeyboardInterrupt from error
            if "locked" in str(error):
                return False
            self._broken = True  # the driver cannot open it: then it is read without
        return True

    def end(self) -> None:
        """The state is not needed any more."""
        for reader in self._all:
            reader.end()

    def read(self, sql: str) -> pl.DataFrame | None:
        """All rows of one SELECT with the types that the driver saw; None where it fails."""
        import adbc_driver_manager

        if self._broken:
            return None
        reader = self._idle.get()
        try:
            return reader.read(sql)
        except (adbc_driver_manager.Error, pl.exceptions.PolarsError, OSError):
            return None
        finally:
            self._idle.put(reader)

    def close(self) -> None:
        """Give the connections back."""
        for reader in self._all:
            reader.close()
        self._all.clear()
        self._broken = True


class _Reader:
    """One connection."""

    def __init__(self, uri: str) -> None:
        from adbc_driver_sqlite import dbapi

        self._connection: AdbcSqliteConnection = dbapi.connect(uri, autocommit=True)
        self._cursor = self._connection.cursor()
        self._cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH)})
        self._reads = False

    def begin(self) -> None:
        self._cursor.execute("PRAGMA busy_timeout = 0")  # whoever waits while others hold locks waits for ever
        self._cursor.execute("BEGIN")
        self._reads = True
        self.read("SELECT count(*) AS n FROM sqlite_master")

    def end(self) -> None:
        if self._reads:
            self._reads = False
            self._cursor.execute("ROLLBACK")

    def read(self, sql: str) -> pl.DataFrame:
        self._cursor.execute(sql)
        return pl.DataFrame(self._cursor.fetch_arrow())

    def close(self) -> None:
        self._cursor.close()
        self._connection.close()


def was_interrupted(error: BaseException) -> bool:
    """Whether Ctrl-C led to `error`: the driver cannot be stopped, and says so in place of it."""
    before = error.__cause__ or error.__context__
    return before is not None and (isinstance(before, KeyboardInterrupt) or was_interrupted(before))
