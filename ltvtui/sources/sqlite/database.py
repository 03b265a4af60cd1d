"""Opens the user's database, reads one state of it at a time, and never writes to it, nor beside it.

Read-only is a matter of construction: `mode=ro` in the URI and `query_only` on the connection. How its files are
reached is told in sqlite/files.py.

Rows are read over several connections at once. In a `transaction` all of them read one committed state: each begins
to read, and if the database counts the same commits before the first and after the last, none lies between them. When
it ends, the files are looked at again. What cannot be of one state is Torn, and read again by `in_one_state`.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Locked, Stop, Torn
from ltvtui.sources.sql import Row, Value
from ltvtui.sources.sqlite.arrow import ArrowReaders
from ltvtui.sources.sqlite.catalog import SqliteCatalog
from ltvtui.sources.sqlite.connecting import Queries, connect
from ltvtui.sources.sqlite.dialect import SqliteDialect
from ltvtui.sources.sqlite.explain import explain
from ltvtui.sources.sqlite.files import (
    Access,
    Files,
    PrivateCopy,
    access_to,
    is_unfinished,
    quiet_files,
    written_while_read,
)
from ltvtui.storage.sqlite_errors import error_name, is_locked

if TYPE_CHECKING:
    import polars as pl

READERS: Final = 2
"""Connections that read beside each other."""

NOTICE_IMMUTABLE: Final = "The database is in WAL mode and no program has it open: it is read as it is."
NOTICE_READ_ONLY_MEDIUM: Final = (
    "The database is in WAL mode on a read-only medium: it is read as it is, and live updates are off."
)
NOTICE_COPY: Final = (
    "The database was not closed cleanly: a private copy is read and the original is not "
    "changed; live updates wait until another program opens it."
)
NOTICES: Final = frozenset({NOTICE_IMMUTABLE, NOTICE_READ_ONLY_MEDIUM, NOTICE_COPY})
"""All that is said of how a database was opened."""


class SqliteDatabase:
    """One database, opened for reading. Use `SqliteDatabase.open`; close it, or use it in a `with`."""

    def __init__(
        self, path: Path, uri: str, connection: sqlite3.Connection, timeout: float, access: Access, files: Files
    ) -> None:
        self.path = path
        """The file the user named."""
        self.name = path.name
        """What it is called in a message."""
        self.timeout = timeout
        """Seconds to wait for a writer."""
        self.notices: list[str] = []
        """One sentence each: what the user should know about how the database was opened."""
        self.access = access
        """How it is read."""
        self.stopped: Stop = lambda: False
        """Asked again and again while a query runs: True ends it with Cancelled."""
        self.is_headed_file = False
        """Whether it is made of a file in which titles may stand above the header."""
        self.dialect = SqliteDialect()
        """How SQL is written for it."""
        self.readers = READERS
        """Threads that may ask `arrow` at once; 0 where a text's bytes would not be UTF-8."""
        self.catalog = SqliteCatalog(self)
        """What it holds."""
        self.state = -1
        """In a transaction, a number that stands for the state that is read; of other states it is another one."""
        self._files_at = path.resolve()
        self._files = files
        self._connection = connection
        self._arrow = ArrowReaders(uri, READERS)
        self._queries = Queries(
            connection, lambda: self.stopped(), lambda error: explain(error, self.path, self.timeout)
        )
        self._copy: PrivateCopy | None = None
        self._inside = False

    @classmethod
    def open(cls, path: Path, *, timeout: float = 5.0, stopped: Stop = lambda: False) -> SqliteDatabase:
        """Open `path` for reading; `timeout` is in seconds, how long to wait for a writer.

        LtvError: no such file, a folder or a device (exit code 2); no permission, empty, not a database, encrypted,
        corrupt, without tables, or locked for longer than `timeout` (exit code 1). Cancelled when `stopped`.
        """
        access = access_to(path)
        uri = path.resolve().as_uri() + "?mode=ro"
        if access is Access.COPY:
            return cls._copied(path, timeout, stopped)
        if access is Access.IMMUTABLE:
            return cls._connected(path, uri + "&immutable=1", timeout, access, stopped, NOTICE_IMMUTABLE)
        try:
            return cls._connected(path, uri, timeout, access, stopped)
        except sqlite3.Error as error:
            name = error_name(error)
            if not name.startswith("SQLITE_READONLY") and name != "SQLITE_CANTOPEN":
                raise explain(error, path, timeout) from error
            if is_unfinished(path) or name != "SQLITE_CANTOPEN":
                return cls._copied(path, timeout, stopped)
        return cls._connected(path, uri + "&immutable=1", timeout, Access.IMMUTABLE, stopped, NOTICE_READ_ONLY_MEDIUM)

    @classmethod
    def _connected(
        cls, path: Path, uri: str, timeout: float, access: Access, stopped: Stop, notice: str | None = None
    ) -> SqliteDatabase:
        """sqlite3.Error where SQLite cannot read the file, unless it is read as immutable: then LtvError."""
        guarded = access in (Access.LOCKS, Access.LOG)
        before = None if guarded else quiet_files(path.resolve())
        try:
            connection = connect(uri, timeout)
        except sqlite3.Error as error:
            if guarded:
                raise
            raise explain(error, path, timeout) from error
        # What SQLite guards is looked at while it does: whoever waited for a writer sees what that one wrote.
        database = cls(path, uri, connection, timeout, access, before or Files.of(path.resolve()))
        try:
            database.stopped = stopped
            database.notices += [notice] if notice else []
            database.state = database.commits()
            encoding = str(database.query("PRAGMA encoding")[0][0])
            database.dialect = SqliteDialect(encoding)
            database.readers = READERS if encoding == "UTF-8" else 0
            connection.execute("ROLLBACK")
            database._refuse_if_without_tables()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def _copied(cls, path: Path, timeout: float, stopped: Stop) -> SqliteDatabase:
        """A private copy, for what cannot be read where it lies."""
        copy = PrivateCopy.of(path, timeout, stopped)
        uri = copy.database.as_uri() + "?mode=ro&immutable=1"
        try:
            database = cls._connected(copy.database, uri, timeout, Access.COPY, stopped, NOTICE_COPY)
        except BaseException:
            copy.remove()
            raise
        database.path, database.name, database._files_at = path, path.name, path.resolve()
        database._copy, database._files = copy, copy.origin
        return database

    def close(self) -> None:
        """Give back the connections and any private copy; a second call does nothing."""
        with self._queries.alone:
            self._arrow.close()
            self._connection.close()
            if self._copy is not None:
                self._copy.remove()
                self._copy = None

    def __enter__(self) -> SqliteDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- one state -------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything that is read inside is of one committed state; within another one, of the state of that.

        Torn where the file was written to meanwhile and SQLite could not help it; LtvError where writers leave no
        moment to begin.
        """
        if self._inside:
            yield
            return
        try:
            self._begin()
            yield
            self.check()
        except (Torn, Cancelled):
            raise
        except Exception as error:
            if self._inside and self.is_replaced():
                raise written_while_read(self.path.name) from error
            raise
        finally:
            self._end()

    def check(self) -> None:
        """Torn where the files are not those any more whose state is being read."""
        if self.is_replaced():
            raise written_while_read(self.path.name)

    def is_replaced(self) -> bool:
        """Whether the files at the path have another content than what is read here, and SQLite does not know it."""
        now = Files.of(self._files_at)
        if now.as_read(self.access) == self._files.as_read(self.access):
            return False
        if self.access is not Access.LOCKS or self._inside:
            return True
        return not _is_same_file(now, self._files) or self.commits() == self.state

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Within a transaction: let those write who wait for us, while nothing is read. The state may be another one
        afterwards; Torn and LtvError as of `transaction`."""
        if self.access is Access.LOCKS:
            self._end()
        yield
        if self.access is Access.LOCKS:
            self._begin()

    def commits(self) -> int:
        """A number that is another one as soon as somebody else has committed to the database."""
        return int(str(self.query("PRAGMA data_version")[0][0]))

    def schema(self) -> int:
        """A number that is another one as soon as tables have changed, or their rows were written anew by VACUUM."""
        return int(str(self.query("PRAGMA schema_version")[0][0]))

    def _begin(self) -> None:
        if self.access in (Access.IMMUTABLE, Access.COPY):
            self.check()
            self._inside = self._arrow.begin()
            return
        end = time.monotonic() + self.timeout
        while not self._has_begun():
            self._end()
            if time.monotonic() > end:
                raise Locked(
                    f"{self.path.name} is being written to without a pause (waited {self.timeout:g} s).",
                    "Try again later, or read a copy of the file.",
                )
            if self.stopped():
                raise Cancelled
            time.sleep(random.uniform(0.0005, 0.005))

    def _has_begun(self) -> bool:
        """Whether all connections read one state now; False where a writer came between."""
        before = self.commits()
        # One that waits for a writer while another holds a lock would wait for a writer who waits for it.
        self._connection.execute("PRAGMA busy_timeout = 0")
        try:
            if not self._arrow.begin():
                return False
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
            self._inside = True
            if self.commits() != before:
                return False
        except sqlite3.OperationalError as error:
            if is_locked(error):
                return False
            raise explain(error, self.path, self.timeout) from error
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {int(self.timeout * 1000)}")
        self._record_state(before)
        return True

    def _record_state(self, commits: int) -> None:
        """Record the files that belong to the state that is read. Torn where SQLite did not notice that they changed:
        then its cached pages are of another file."""
        now = Files.of(self._files_at)
        announced = self.access is Access.LOCKS and commits != self.state and _is_same_file(now, self._files)
        if not announced and now.as_read(self.access) != self._files.as_read(self.access):
            raise written_while_read(self.path.name)
        self._files, self.state = now, commits

    def _end(self) -> None:
        self._inside = False
        self._arrow.end()
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    # -- queries ---------------------------------------------------------------------------------------

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        """All rows of one SELECT. TooSlow when `seconds` pass before it ends.

        LtvError when it fails, or takes longer than QUERY_SECONDS where none are given.
        """
        return self._queries.rows(sql, values, seconds)

    def names(self, sql: str) -> tuple[str, ...]:
        """Names of the columns that one SELECT gives; prepared, hardly run. LtvError when it is wrong."""
        return self._queries.names(sql)

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[list[Row]]:
        """Rows of one SELECT, so many at a time, texts as UTF-8 bytes. To be asked within a transaction.

        LtvError when it fails; TooSlow when `seconds` pass before a batch is full.
        """
        return self._queries.batches(sql, size, seconds)

    def arrow(self, sql: str) -> pl.DataFrame | None:
        """All rows of one SELECT with the types that the Arrow driver saw; None where it fails. To be asked within
        a transaction, by as many threads as there are READERS; it cannot be interrupted."""
        return self._arrow.read(sql)

    def show_as(self, path: Path, headed: bool) -> None:
        """Show this private database as the file at `path`, of which it is made; nobody else writes to it.

        `headed`: as of `is_headed_file`.
        """
        self.path, self.name, self.is_headed_file = path, path.name, headed

    def _refuse_if_without_tables(self) -> None:
        if not self.query("SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') LIMIT 1"):
            raise LtvError(
                f"{self.path.name} is a database without tables.",
                "Name the file that holds the orders.",
            )


def _is_same_file(one: Files, other: Files) -> bool:
    return one.main is not None and other.main is not None and one.main.identity == other.main.identity
