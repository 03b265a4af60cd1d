"""A connection to an SQLite file, and queries on it: each ends when it should, and its errors are explained."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Stop, TooSlow
from ltvtui.sources.sql import Row, Value
from ltvtui.sources.sqlite.explain import QUERY_SECONDS
from ltvtui.sources.values.money import NUMBER, number_in_sql
from ltvtui.storage.sqlite_errors import error_name

STEPS: Final = 50
"""Steps of SQLite's machine between two looks at whether to go on: a few rows, and one may take long to compute."""
LONGEST: Final = 2**26
"""Bytes of the longest text that is believed to be one: an expression may make up longer ones."""


class Queries:
    """Queries on one connection, one at a time: each ends when it should, and its errors are explained."""

    def __init__(
        self, connection: sqlite3.Connection, stopped: Stop, explained: Callable[[Exception], LtvError]
    ) -> None:
        self._connection, self._stopped, self._explained = connection, stopped, explained
        self.alone = threading.RLock()
        """Held while a query runs."""

    def rows(self, sql: str, values: Sequence[Value], seconds: float | None) -> list[Row]:
        """All rows of one SELECT. TooSlow when `seconds` pass before it ends.

        LtvError when it fails, or takes longer than QUERY_SECONDS where none are given.
        """
        with self._asking(seconds):
            return self._connection.execute(sql, tuple(values)).fetchall()

    def names(self, sql: str) -> tuple[str, ...]:
        """Names of the columns that one SELECT gives; prepared, hardly run. LtvError when it is wrong."""
        with self._asking(None):
            cursor = self._connection.execute(sql)
            described = cursor.description or ()
            cursor.close()
        return tuple(str(column[0]) for column in described)

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[list[Row]]:
        """Rows of one SELECT, so many at a time, texts as UTF-8 bytes. To be asked within a transaction.

        LtvError when it fails; TooSlow when `seconds` pass before a batch is full.
        """
        with self._asking(seconds):
            cursor = self._connection.execute(sql)
        try:
            while True:
                with self._asking(seconds):
                    self._connection.text_factory = bytes
                    try:
                        rows = cursor.fetchmany(size)
                    finally:
                        self._connection.text_factory = _readable
                if not rows:
                    return
                yield rows
        finally:
            cursor.close()

    @contextmanager
    def _asking(self, seconds: float | None) -> Iterator[None]:
        """The connection for this thread alone, to be interrupted, and its errors explained."""
        with self.alone:
            patience = _Patience(self._stopped, QUERY_SECONDS if seconds is None else seconds)
            try:
                self._connection.set_progress_handler(patience.is_over, STEPS)
                yield
            except (sqlite3.Error, sqlite3.Warning) as error:
                if error_name(error) == "SQLITE_INTERRUPT":
                    if seconds is None and isinstance(patience.reason, TooSlow):
                        raise self._explained(patience.reason) from error
                    raise patience.reason from error
                raise self._explained(error) from error
            finally:
                with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                    self._connection.set_progress_handler(None, 0)


class _Patience:
    """Whether a query may go on, asked by SQLite itself."""

    def __init__(self, stopped: Stop, seconds: float) -> None:
        self._stopped = stopped
        self._end = time.monotonic() + seconds
        self.reason: BaseException = KeyboardInterrupt()
        """Why it may not: Python hears Ctrl-C in `is_over`, and SQLite is told of any error there as of a no."""

    def is_over(self) -> bool:
        if time.monotonic() > self._end:
            self.reason = TooSlow()
            return True
        if self._stopped():
            self.reason = Cancelled()
            return True
        return False


def connect(uri: str, timeout: float) -> sqlite3.Connection:
    """A connection that has begun to read. sqlite3.Error where it cannot."""
    connection = sqlite3.connect(
        uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False, cached_statements=8
    )
    try:
        connection.text_factory = _readable
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        connection.create_function(NUMBER, 2, number_in_sql, deterministic=True)  # the Arrow driver does not know it
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(text: bytes) -> str:
    return text.decode("utf-8", "replace")
