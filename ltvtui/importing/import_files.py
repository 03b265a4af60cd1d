"""Files into a database that the user owns: all of them or nothing.

Everything happens in one transaction, begun as a writer so that whoever else writes is waited for. A crash, or
`kill -9`, leaves the journal by which SQLite takes back what was not committed; a database that is not there yet is
written beside its place and put there whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ltvtui.errors import LtvError
from ltvtui.importing.load_rows import fill
from ltvtui.sources.base import Progress as Progress
from ltvtui.sources.base import Stop
from ltvtui.sources.files.bulk_load import fill_fresh
from ltvtui.sources.files.loads import APPEND, plan_loads, written_meanwhile
from ltvtui.sources.files.loads import Filled as Filled
from ltvtui.sources.files.loads import Manner as Manner
from ltvtui.sources.files.tables import Sheet, sheets_of
from ltvtui.sources.relation import listing
from ltvtui.sources.sqlite.explain import explain
from ltvtui.sources.sqlite.file_version import Version, version_of
from ltvtui.sources.sqlite.files import MAGIC
from ltvtui.storage.atomic_file import atomic_file
from ltvtui.storage.lean_sqlite_utils import load_database
from ltvtui.storage.regular_file import refuse_irregular
from ltvtui.storage.sqlite_errors import error_name, is_locked
from ltvtui.storage.sqlite_transaction import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

WAIT: Final = 10.0
"""Seconds to wait for whoever is writing to the database."""


def import_files(
    paths: Sequence[Path],
    into: Path,
    *,
    table: str | None = None,
    sheet: str | None = None,
    manner: Manner = APPEND,
    encoding: str | None = None,
    skip: int | None = None,
    header: bool = True,
    wait: float = WAIT,
    progress: Progress = lambda done, total: None,
    stopped: Stop = lambda: False,
) -> list[Filled]:
    """Put the tables of all files into the database `into`, which is made where it is not there; or nothing.

    Each goes into the table named `table`, else into one named as its file, or as its sheet where a workbook has
    several; of a workbook `sheet` alone, where it is given. `skip`: lines or rows above the header; None: titles are
    left out where they are certain to be such. Without a `header` columns are numbered. LtvError where anything is
    wrong, and nothing is changed.
    """
    target = into.resolve()
    if target.exists():
        _check_is_database(into)
    elif not target.parent.is_dir():
        raise LtvError(f"There is no folder {target.parent}.", "Create it first, or choose another folder.", 2)
    states = {path: _state_of(path) for path in paths}
    sheets = [found for path in paths for found in _sheets(path, sheet, encoding, skip, header, stopped)]
    loads = plan_loads(sheets, table, manner, stopped)
    if target.exists():
        with _explained(into, wait), _transaction(target, wait) as database:
            filled = fill(database, loads, manner, progress, stopped)
            _check_unchanged(states)
    else:
        with _put_there(target, into) as part:
            filled = fill_fresh(part, loads, progress, stopped)
            _check_unchanged(states)
    return filled


def _state_of(path: Path) -> Version:
    """What changes when somebody writes to a file. LtvError (exit code 2) where there is none."""
    refuse_irregular(path)
    try:
        return version_of(path)
    except FileNotFoundError as error:
        raise LtvError(f"There is no file {path}.", "Check the path.", 2) from error
    except OSError as error:
        raise LtvError(f"{path.name} cannot be read: {error.strerror or error}.", "Check its permissions.") from error


def _sheets(
    path: Path, sheet: str | None, encoding: str | None, skip: int | None, header: bool, stopped: Stop
) -> list[Sheet]:
    found = sheets_of(path, encoding, stopped, skip=skip, sheet=sheet, header=header)
    if not found:
        raise LtvError(f"{path.name} is empty.", "Give a file with a header and rows.")
    if sheet is None or not found[0].from_workbook:
        return found
    chosen = [s for s in found if s.name.lower() == sheet.lower()]
    if not chosen and len(found) > 1:
        raise LtvError(f"{path.name} has no sheet {sheet!r}.", f"It has {listing([s.name for s in found])}.", 2)
    return chosen or found


def _check_is_database(into: Path) -> None:
    try:
        if not into.is_file():
            raise LtvError(f"{into} is not a file.", "Name a database, or a new file.", 2)
        with into.open("rb") as file:
            head = file.read(len(MAGIC))
    except OSError as error:
        raise LtvError(f"{into} cannot be read: {error.strerror}.", "Check its permissions.") from error
    if head and head != MAGIC:
        raise LtvError(f"{into.name} is not an SQLite database.", "Name a database, or a new file.", 2)


def _check_unchanged(states: dict[Path, Version]) -> None:
    for path, state in states.items():
        if _state_of(path) != state:
            raise written_meanwhile(path.name)


@contextmanager
def _put_there(target: Path, into: Path) -> Iterator[Path]:
    """An empty file beside `target`, which becomes it where the body comes to its end."""
    try:
        with atomic_file(target, replace=False) as part:
            yield part
    except FileExistsError as error:
        raise LtvError(f"{into} was created by another program.", "Try again to append to it.") from error
    except OSError as error:
        raise LtvError(
            f"{into} could not be written: {error.strerror or error}.",
            "Check the permissions of that folder and the free space on its disk.",
        ) from error


@contextmanager
def _transaction(path: Path, wait: float) -> Iterator[Database]:
    """The database at `path` as its writer: committed where the body comes to its end, else rolled back.

    Waits up to `wait` seconds for its turn.
    """
    uri = path.as_uri() + "?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")  # a table that is made anew keeps what refers to it
        with transaction(connection):
            yield load_database()(connection, execute_plugins=False)


@contextmanager
def _explained(into: Path, wait: float) -> Iterator[None]:
    """SQLite's errors in words."""
    try:
        yield
    except sqlite3.Error as error:
        if is_locked(error):
            raise LtvError(
                f"{into.name} is in use by another program (waited {wait:g} s); nothing was changed.",
                "Try again later, or wait longer: --wait 60.",
            ) from error
        name = error_name(error)
        if name.startswith(("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_READONLY")):
            raise LtvError(
                f"{into.name} could not be written: {error}; nothing was changed.",
                "Check the permissions of it and its folder, and the free space on its disk.",
            ) from error
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise explain(error, into, wait) from error
        raise LtvError(
            f"{into.name} rejected the rows: {error}; nothing was changed.",
            "Check its table, or choose another with --table.",
        ) from error
