"""Opens the user's database, reads one state of it at a time, and never writes to it, nor beside it.

Read-only is a matter of construction: `mode=ro` in the URI and `query_only` on the connection. How its files are
reached is told in sqlite_files.

Rows are read over several connections at once. In a `transaction` all of them read one committed state: each begins
to read, and if the database counts the same commits before the first and after the last, none lies between them. When
it ends, the files are looked at again. What cannot be of one state is Torn, and read again by `in_one_state`.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Locked, R, Stop, TooSlow, Torn
from ltvtui.sources.sql import Row, Value
from ltvtui.sources.sqlite.arrow import ArrowReaders
from ltvtui.sources.sqlite.catalog import SqliteCatalog
from ltvtui.sources.sqlite.dialect import SqliteDialect
from ltvtui.sources.sqlite.files import (
    Access,
    Files,
    PrivateCopy,
    access_to,
    is_unfinished,
    quiet_files,
    written_while_read,
)
from ltvtui.sources.values.money import NUMBER, number_in_sql
from ltvtui.storage.sqlite_errors import error_name, is_locked

if TYPE_CHECKING:
    import polars as pl

READERS: Final = 2
"""Connections that read beside each other."""
ATTEMPTS: Final = 6
"""Times that a database is read before it is said that it is written to all the time."""
STEPS: Final = 50
"""Steps of SQLite's machine between two looks at whether to go on: a few rows, and one may take long to compute."""
QUERY_SECONDS: Final = 60.0
"""Longest time of a query that is given no other."""
LONGEST: Final = 2**26
"""Bytes of the longest text that is believed to be one: an expression may make up longer ones."""

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


def in_one_state(path: Path, open_it: Callable[[], SqliteDatabase], work: Callable[[SqliteDatabase], R]) -> R:
    """What `work` gives of the database that `open_it` opens, all of it read from one committed state.

    Read again, from the opening on, where somebody writes to the file at `path` past SQLite. Torn where that does not
    end; whatever else opening and work raise.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return _in_one_state(path, open_it, work)
        except Torn:
            time.sleep(0.02 * 2**attempt)  # whoever copies a file over it may be done by then
    return _in_one_state(path, open_it, work)


def _in_one_state(path: Path, open_it: Callable[[], SqliteDatabase], work: Callable[[SqliteDatabase], R]) -> R:
    before = Files.of(path.resolve())
    try:
        database = open_it()
    except LtvError as error:
        changed = before.main is not None and before.main != quiet_files(path.resolve()).main
        if changed and not isinstance(error, Locked):  # what is half written is no database
            raise written_while_read(path.name) from error
        raise
    with database, database.transaction():
        return work(database)


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
        self._lock = threading.RLock()
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
            connection = _connect(uri, timeout)
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
        with self._lock:
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

    # -- asking ----------------------------------------------------------------------------------------

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
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

    def arrow(self, sql: str) -> pl.DataFrame | None:
        """All rows of one SELECT with the types that the Arrow driver saw; None where it fails. To be asked within
        a transaction, by as many threads as there are READERS; it cannot be interrupted."""
        return self._arrow.read(sql)

    @contextmanager
    def _asking(self, seconds: float | None) -> Iterator[None]:
        """The connection for this thread alone, to be interrupted, and its errors explained."""
        with self._lock:
            patience = _Patience(self.stopped, QUERY_SECONDS if seconds is None else seconds)
            try:
                self._connection.set_progress_handler(patience.is_over, STEPS)
                yield
            except (sqlite3.Error, sqlite3.Warning) as error:
                if error_name(error) == "SQLITE_INTERRUPT":
                    if seconds is None and isinstance(patience.reason, TooSlow):
                        raise _without_end(self.path) from error
                    raise patience.reason from error
                raise explain(error, self.path, self.timeout) from error
            finally:
                with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                    self._connection.set_progress_handler(None, 0)

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


def _is_same_file(one: Files, other: Files) -> bool:
    return one.main is not None and other.main is not None and one.main.identity == other.main.identity


def _connect(uri: str, timeout: float) -> sqlite3.Connection:
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


def _without_end(path: Path) -> LtvError:
    return LtvError(
        f"{path.name} did not answer a query within {QUERY_SECONDS:g} s: a view or a value in it may be endless.",
        "Store its rows in a table: CREATE TABLE … AS SELECT …",
    )


def explain(error: Exception, path: Path, timeout: float) -> LtvError:
    """What an SQLite error means to the user, as the LtvError to raise."""
    name = error_name(error)
    text = _one_line(error)
    if is_locked(error):
        return Locked(
            f"{path.name} is locked by a program that is writing to it (waited {timeout:g} s).",
            "Try again when it has finished, or read a copy of the file.",
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LtvError(
            f"{path.name} is damaged or encrypted: {text}.",
            f'Restore a backup, or rescue what is left: sqlite3 "{path.name}" .recover',
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_READONLY")):
        return LtvError(f"{path.name} cannot be opened: {text}.", "Check the permissions of it and its folder.")
    if name.startswith(("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_NOMEM")):
        return LtvError(f"{path.name} could not be read: {text}.", "Check the disk, then try again.")
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in text:
        return LtvError(f"{path.name} was closed while it was being read.", "Open it again.")
    return LtvError(
        f"{path.name} cannot answer a query: {text}.",
        "Check the table, the columns and the SELECT of the mapping.",
        2,
    )


def _one_line(error: BaseException) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split()).rstrip(".")
