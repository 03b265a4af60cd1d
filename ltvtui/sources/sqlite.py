"""Opens the user's database and never writes to it, nor beside it.

Read-only is a matter of construction: `mode=ro` in the URI and `query_only` on the connection. That alone
does not keep the folder clean, because a reader of a WAL database makes its `-wal` and `-shm` files where
they are missing. So what is opened depends on what lies there:

| journal | beside the database | opened with |
|---|---|---|
| rollback | – | `mode=ro` |
| WAL | `-wal` and `-shm` (a writer is at work) | `mode=ro`: nothing has to be made |
| WAL | no `-wal`, or an empty one alone | `immutable=1`: everything is in the file itself |
| WAL | a filled `-wal` without `-shm` | a private copy: the newest rows are in the `-wal` |
| rollback, left half-written | a hot `-journal` | a private copy, rolled back there |

POSIX drops every lock a process holds on a file as soon as any handle of it is closed, and the Arrow driver
carries an SQLite of its own. So a Database keeps its connection open while others read, and reads the file's
header before it connects.
"""

from __future__ import annotations

import shutil
import sqlite3
import stat
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from ltvtui.errors import LtvError

MAGIC: Final = b"SQLite format 3\x00"
Value = None | int | float | str | bytes
Row = tuple[Value, ...]

NOTICE_IMMUTABLE: Final = (
    "The database is in WAL mode and nobody has it open: it is read as it stands, live updates are off."
)
NOTICE_READ_ONLY_MEDIUM: Final = (
    "The database is in WAL mode on a read-only medium: it is read as it stands, live updates are off."
)
NOTICE_COPY: Final = (
    "The database was not closed cleanly: a private copy is read, so that the original stays as it is; "
    "live updates are off."
)
NOTICES: Final = frozenset({NOTICE_IMMUTABLE, NOTICE_READ_ONLY_MEDIUM, NOTICE_COPY})
"""All that is said of how a database was opened."""


class TooSlow(Exception):
    """A query did not finish within the time it was given."""


def quote(name: str) -> str:
    """`name` as an SQL identifier, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


class Database:
    """One database, opened for reading. Use `Database.open`; close it, or use it in a `with`."""

    def __init__(self, path: Path, uri: str, connection: sqlite3.Connection, timeout: float) -> None:
        self.path = path
        """The file the user named."""
        self.uri = uri
        """SQLite URI that further readers open; it may name a private copy."""
        self.timeout = timeout
        """Seconds to wait for a writer."""
        self.notices: list[str] = []
        """One sentence each: what the user should know about how the database was opened."""
        self.live = True
        """Whether later changes by others can be seen through this database."""
        self._connection = connection
        self._lock = threading.RLock()
        self._private: Path | None = None
        self._stamp = _stamp(path)

    @classmethod
    def open(cls, path: Path, *, timeout: float = 5.0) -> Database:
        """Open `path` for reading; `timeout` is in seconds, how long to wait for a writer.

        LtvError: no such file or a directory (exit code 2); no permission, empty, not a database, encrypted,
        corrupt, without tables, or locked for longer than `timeout` (exit code 1).
        """
        header = _header(path)
        resolved = path.resolve()
        uri = resolved.as_uri() + "?mode=ro"
        if header[18:20] != b"\x02\x02":
            return cls._with(path, uri, timeout, None)
        wal, shm = _beside(resolved, "-wal"), _beside(resolved, "-shm")
        if _size(wal) == 0 and not (wal.exists() and shm.exists()):
            return cls._with(path, uri + "&immutable=1", timeout, NOTICE_IMMUTABLE)
        if not shm.exists():
            return cls._copied(path, timeout)
        return cls._with(path, uri, timeout, None)

    @classmethod
    def _with(cls, path: Path, uri: str, timeout: float, notice: str | None) -> Database:
        try:
            connection = _connect(uri, timeout)
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "") or ""
            if "immutable" not in uri and (name.startswith("SQLITE_READONLY") or name == "SQLITE_CANTOPEN"):
                unfinished = any(_size(_beside(path.resolve(), s)) for s in ("-wal", "-journal"))
                if name == "SQLITE_CANTOPEN" and not unfinished:
                    return cls._with(path, uri + "&immutable=1", timeout, NOTICE_READ_ONLY_MEDIUM)
                return cls._copied(path, timeout)
            raise explain(error, path, timeout) from error
        database = cls(path, uri, connection, timeout)
        if notice is not None:
            database.notices.append(notice)
            database.live = False
        try:
            database._refuse_if_without_tables()
        except LtvError:
            database.close()
            raise
        return database

    @classmethod
    def _copied(cls, path: Path, timeout: float) -> Database:
        """A private copy, recovered by SQLite itself, for what cannot be read where it lies."""
        source = path.resolve()
        parts = [(part, part.name) for part in (source, *(_beside(source, s) for s in ("-wal", "-journal")))]
        need = sum(_size(part) for part, _ in parts)
        folder = Path(tempfile.mkdtemp(prefix="ltvtui-"))
        try:
            if shutil.disk_usage(folder).free < need * 1.1:
                raise LtvError(
                    f"{path.name} was not closed cleanly, and {folder.parent} has no room for a copy of it.",
                    "Open it once with the program that writes it, or set TMPDIR to a folder with room.",
                )
            for part, name in parts:
                if part.exists():
                    shutil.copyfile(part, folder / name)
            private = folder / source.name
            with suppress(sqlite3.Error):  # what cannot be recovered is reported by the open below
                recovery = sqlite3.connect(private.as_uri() + "?mode=rw", uri=True, timeout=timeout)
                try:
                    recovery.execute("SELECT count(*) FROM sqlite_master").fetchall()
                finally:
                    recovery.close()
            database = cls._with(private, private.as_uri() + "?mode=ro&immutable=1", timeout, NOTICE_COPY)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise LtvError(
                    f"{path.name} was not closed cleanly and could not be copied: {error.strerror}.",
                    "Open it once with the program that writes it, then try again.",
                ) from error
            raise
        database.path = path
        database._private = folder
        database._stamp = None
        return database

    def close(self) -> None:
        """Give back the connection and any private copy; a second call does nothing."""
        with self._lock:
            self._connection.close()
            if self._private is not None:
                shutil.rmtree(self._private, ignore_errors=True)
                self._private = None

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        """All rows of one SELECT. LtvError when it fails; TooSlow when `seconds` pass before it ends."""
        with self._lock:
            end = time.monotonic() + seconds if seconds is not None else None
            if end is not None:
                limit = end
                self._connection.set_progress_handler(lambda: time.monotonic() > limit, 20_000)
            try:
                return self._connection.execute(sql, tuple(values)).fetchall()
            except (sqlite3.Error, sqlite3.Warning) as error:
                if end is not None and getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                    raise TooSlow from error
                raise explain(error, self.path, self.timeout) from error
            finally:
                if end is not None:
                    self._connection.set_progress_handler(None, 0)

    def names(self, sql: str) -> tuple[str, ...]:
        """Names of the columns that one SELECT gives; prepared, hardly run. LtvError when it is wrong."""
        with self._lock:
            try:
                cursor = self._connection.execute(sql)
                described = cursor.description or ()
                cursor.close()
            except (sqlite3.Error, sqlite3.Warning) as error:
                raise explain(error, self.path, self.timeout) from error
        return tuple(str(column[0]) for column in described)

    def connect(self) -> sqlite3.Connection:
        """A further reader of the same file, for a thread of its own. LtvError when it cannot be had."""
        try:
            return _connect(self.uri, self.timeout)
        except sqlite3.Error as error:
            raise explain(error, self.path, self.timeout) from error

    def stand_for(self, path: Path) -> None:
        """This is a private database made of the file at `path`, and goes by its name; nobody else writes to it."""
        self.path = path
        self.live = False
        self._stamp = None

    def commits(self) -> int:
        """A number that is another one as soon as somebody else has committed to the database."""
        return int(str(self.query("PRAGMA data_version")[0][0]))

    def changed_under_us(self) -> bool:
        """Whether a file that is read as it stands was written to since it was opened."""
        return not self.live and self._stamp is not None and _stamp(self.path) != self._stamp

    def _refuse_if_without_tables(self) -> None:
        if not self.query("SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') LIMIT 1"):
            raise LtvError(
                f"{self.path.name} is a database without any table.",
                "Name the file that holds the orders.",
            )


def _connect(uri: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False, cached_statements=8
    )
    try:
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _header(path: Path) -> bytes:
    """First bytes of the file, or the LtvError that says why this cannot be a database."""
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise LtvError(f"{path} is a folder, not a database.", "Name the SQLite file inside it.", 2)
        if not stat.S_ISREG(kind):
            raise LtvError(f"{path} is not an ordinary file.", "Name an SQLite file.", 2)
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError as error:
        raise LtvError(f"There is no file {path}.", "Check the path; it is taken as typed.", 2) from error
    except PermissionError as error:
        raise LtvError(
            f"{path} may not be read by you.", f"Ask its owner for the right to read it: chmod +r {path.name}"
        ) from error
    except (OSError, ValueError) as error:
        raise LtvError(f"{path} cannot be read: {_one_line(error)}.", "Check the path and the disk.") from error
    if not header:
        raise LtvError(f"{path.name} is empty (0 bytes).", "Name the database that holds the orders.")
    if not header.startswith(MAGIC):
        raise LtvError(
            f"{path.name} is not an SQLite database, or it is encrypted.",
            "Name an SQLite file (decrypted), or one that ends in csv, tsv, parquet, xlsx or jsonl.",
        )
    return header


def explain(error: Exception, path: Path, timeout: float) -> LtvError:
    """What an SQLite error means to the user, as the LtvError to raise."""
    name = getattr(error, "sqlite_errorname", "") or ""
    text = _one_line(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LtvError(
            f"{path.name} is locked by a program that is writing to it (waited {timeout:g} s).",
            "Try again when it has finished, or read a copy of the file.",
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LtvError(
            f"{path.name} is damaged or encrypted: {text}.",
            f'Take it from a backup, or rescue what is left: sqlite3 "{path.name}" .recover',
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_READONLY")):
        return LtvError(f"{path.name} cannot be opened: {text}.", "Check the rights on it and on its folder.")
    if name.startswith(("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_NOMEM")):
        return LtvError(f"{path.name} could not be read: {text}.", "Check the disk, then try again.")
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in text:
        return LtvError(f"{path.name} was closed while it was being read.", "Open it again.")
    return LtvError(
        f"{path.name} does not understand a query: {text}.",
        "Check the table, the columns and the SELECT of the mapping.",
        2,
    )


def _one_line(error: BaseException) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split()).rstrip(".")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, _size(_beside(path.resolve(), "-wal"))
