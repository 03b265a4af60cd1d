"""Work that reads an SQLite file in one committed state, and reads it again where that could not be had."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Locked, R, Torn
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.sqlite.files import Files, quiet_files, written_while_read

ATTEMPTS: Final = 6
"""Times that a database is read before it is said that it is written to all the time."""


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
