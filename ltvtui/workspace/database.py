"""The file of the workspace: opened for one thing, brought up to date, and closed; its errors are told in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ltvtui.errors import LtvError
from ltvtui.workspace.changes import changes_of_tables

if TYPE_CHECKING:
    from sqlite_utils import Database

WAIT: Final = 2.0
"""Seconds to wait for another session that writes."""
MEND: Final = "What you typed holds until you leave. Check the rights on that folder and the room on its disk."


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """The database at `path`, made where there is none yet.

    Raises LtvError (exit code 1) where it cannot be used.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(path, timeout=WAIT)) as connection:
            from sqlite_utils import Database

            database = Database(connection)
            changes = changes_of_tables()
            if changes.pending(database):
                with writing(database):
                    changes.apply(database)  # those that are pending still
            yield database
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise LtvError(f"The workspace {path} cannot be used: {why}.", MEND) from error


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """One transaction that waits for its turn at the beginning: one that asks to write later on may be refused."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.rollback()
        raise
    database.commit()
