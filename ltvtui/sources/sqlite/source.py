"""A database file of SQLite as a source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from ltvtui.sources.base import R, StateVersion, Stop, TableChange
from ltvtui.sources.sqlite.database import NOTICES, SqliteDatabase
from ltvtui.sources.sqlite.file_version import Version, is_current, version_of
from ltvtui.sources.sqlite.one_state import in_one_state
from ltvtui.sources.sqlite.page_diff import touched
from ltvtui.sources.sqlite.page_prints import PagePrints, fingerprint, restore_prints
from ltvtui.sources.sqlite.watch import SqliteWatch


class SqliteSource:
    """The database at a path."""

    opening_notices = NOTICES
    fresh = False

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def open(self, stopped: Stop | None = None) -> SqliteDatabase:
        """LtvError and Cancelled as of SqliteDatabase.open."""
        return SqliteDatabase.open(self.path, stopped=stopped or (lambda: False))

    def in_one_state(self, work: Callable[[SqliteDatabase], R], stopped: Stop | None = None) -> R:
        """What `work` gives of one committed state."""
        return in_one_state(self.path, lambda: self.open(stopped), work)

    def version(self) -> Version:
        """By the times, the counters and the log of the file; waits 0.06 s where it was written just now."""
        return version_of(self.path)

    def is_current(self, version: StateVersion) -> bool:
        """By the files, without opening them."""
        return isinstance(version, Version) and is_current(version)

    def changes(self) -> PageChanges:
        """Told from the pages of the file."""
        return PageChanges(self.path)

    def watch(self) -> SqliteWatch | None:
        """By `PRAGMA data_version`."""
        return SqliteWatch(self.path)


class PageChanges:
    """Digests of the file at a path, compared with those of an earlier state."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._prints: PagePrints | None = None

    def since(self, version: Mapping[str, Any], prints: Mapping[str, pl.DataFrame], table: int) -> TableChange | None:
        """What changed in the table under a root page; it closes the file, so no connection may be open."""
        before = restore_prints(version, prints)
        self._prints = fingerprint(self._path, before)
        return touched(self._path, before, self._prints, table)

    def prints(self, version: StateVersion, stopped: Stop | None) -> dict[str, pl.DataFrame] | None:
        """Digests of the file in the state of `version`, else None."""
        found = fingerprint(self._path, self._prints, stopped)
        return found.frames() if found.sound and found.version == version else None
