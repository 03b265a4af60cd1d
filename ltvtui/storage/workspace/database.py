"""The file of the workspace: opened for one thing, brought up to date, and closed; its errors are told in words.

A workspace of a later version is only ever read. One that is damaged is left as it is: what is in it cannot be made
again, and somebody may rescue it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.storage.lean_sqlite_utils import load_database
from ltvtui.storage.sqlite_errors import error_name, is_locked
from ltvtui.storage.sqlite_transaction import transaction
from ltvtui.storage.workspace.changes import changes_of_tables

if TYPE_CHECKING:
    from sqlite_utils import Database

WAIT: Final = 2.0
"""Seconds to wait for another session that writes."""
NOT_SAVED: Final = "What you entered is lost when you quit."
NOT_UNDERSTOOD: Final = (
    *(KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError),
    *(LtvError, pl.exceptions.PolarsError, pl.exceptions.PanicException),
)
"""What comes of rows that are not as this version has written them."""
_ELSEWHERE: Final = "set LTVTUI_DATA_DIR to your own folder"
_FOREIGN: Final = "its content is unknown to this version"
_OTHER_VERSION: Final = "Use the version of ltvtui that wrote it, or move it away to start a new one."


class Unusable(LtvError):
    """The workspace cannot be used, and why."""


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """The database at `path` to write to, made where there is none yet.

    Raises LtvError (exit code 1) where it cannot be used, or is of a later version.
    """
    with _explained(path, NOT_SAVED):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with _connected(path, "rw") as database:
            if is_later(database):
                raise Unusable(later(path), f"{NOT_SAVED} Use the later version, or {_ELSEWHERE}.")
            _bring_up_to_date(database, path, NOT_SAVED)
            yield database


@contextmanager
def opened_to_read(path: Path) -> Iterator[tuple[Database, bool] | None]:
    """The database at `path` to read, and whether it is of a later version; None where there is none yet.

    Raises LtvError (exit code 1) where it cannot be read.
    """
    with _explained(path), ExitStack() as stack:
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            yield None
            return
        database = _readable(path, stack)
        ahead = is_later(database)
        if not ahead and changes_of_tables().pending(database) and os.access(path, os.W_OK):
            stack.close()
            with _connected(path, "rw") as older:
                _bring_up_to_date(older, path)
            database = _readable(path, stack)
        yield database, ahead


def text(value: object) -> str:
    """Text of a row. TypeError where it is something else."""
    if not isinstance(value, str):
        raise TypeError
    return value


def later(path: Path) -> str:
    """That a workspace is of a later version, as a sentence."""
    return f"The workspace {path} is from a later version of ltvtui: it is only read, and nothing is saved."


def is_later(database: Database) -> bool:
    """Whether a later version has changed the tables."""
    changes = changes_of_tables()
    with closing(sqlite3.connect(":memory:")) as blank:
        ours = {change.name for change in changes.pending(_database(blank))}
    applied = {change.name for change in changes.applied(database)}
    return bool(applied - ours) or int(database.execute("PRAGMA user_version").fetchone()[0]) > 0


def _bring_up_to_date(database: Database, path: Path, first: str = "") -> None:
    changes = changes_of_tables()
    if not changes.pending(database):
        return
    if not changes.applied(database) and database.table_names():
        raise _unusable(path, "it has tables of another program", first, f"Move it away, or {_ELSEWHERE}.")
    with transaction(database.conn):
        changes.apply(database)  # those that are pending still


def _readable(path: Path, stack: ExitStack) -> Database:
    """The database, opened in `stack` for nothing but reading."""
    database = stack.enter_context(_connected(path, "ro"))
    try:
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if not error_name(error).startswith("SQLITE_READONLY"):
            raise
        with _connected(path, "rw") as killed:  # whoever wrote last was: what was not committed is taken back
            killed.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return database


@contextmanager
def _connected(path: Path, mode: str) -> Iterator[Database]:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=WAIT)) as connection:
        yield _database(connection)


def _database(connection: sqlite3.Connection) -> Database:
    return load_database()(connection, execute_plugins=False)


@contextmanager
def _explained(path: Path, first: str = "") -> Iterator[None]:
    """Errors in words; `first` comes before what mends them."""
    try:
        yield
    except OSError as error:
        mend = f"Check the permissions of it and its folder, or {_ELSEWHERE}."
        raise _unusable(path, error.strerror or str(error), first, mend) from error
    except sqlite3.Error as error:
        raise _unusable(path, *_meaning(path, error, first)) from error
    except Unusable:
        raise
    except NOT_UNDERSTOOD as error:
        raise _unusable(path, _FOREIGN, first, _OTHER_VERSION) from error


def _meaning(path: Path, error: sqlite3.Error, first: str) -> tuple[str, str, str]:
    """Why, what stands first, and what mends it."""
    name, text = error_name(error), " ".join(str(error).split())
    if is_locked(error):
        return f"it is locked by another program (waited {WAIT:g} s)", first, "Try again when that has finished."
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        mend = f'Move it away to start a new one. To rescue what is left: sqlite3 "{path}" .recover'
        return f"it is damaged ({text})", first, mend
    if name in ("", "SQLITE_ERROR"):  # no such table or column, or text that is none
        return f"{_FOREIGN} ({text})", first, _OTHER_VERSION
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return text, first, f"Free some space on its disk, or {_ELSEWHERE}."
    return text, first, f"Check the permissions of it and its folder, or {_ELSEWHERE}."


def _unusable(path: Path, why: str, first: str, mend: str) -> Unusable:
    return Unusable(f"The workspace {path} cannot be used: {why}.", f"{first} {mend}".strip())
