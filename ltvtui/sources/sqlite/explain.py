"""What errors of SQLite mean to the user."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Locked, TooSlow
from ltvtui.storage.sqlite_errors import error_name, is_locked

if TYPE_CHECKING:
    pass

QUERY_SECONDS: Final = 60.0
"""Longest time of a query that is given no other."""


def explain(error: Exception, path: Path, timeout: float) -> LtvError:
    """What an SQLite error means to the user, as the LtvError to raise."""
    if isinstance(error, TooSlow):
        return LtvError(
            f"{path.name} did not answer a query within {QUERY_SECONDS:g} s: a view or a value in it may be endless.",
            "Store its rows in a table: CREATE TABLE … AS SELECT …",
        )
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
