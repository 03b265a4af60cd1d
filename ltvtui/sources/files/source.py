"""What is no database as a source: a private database made of it is read."""

from __future__ import annotations

from collections.abc import Callable

from ltvtui.sources.base import ChangeLog, R, StateVersion, Stop, Watch
from ltvtui.sources.files.original import Original
from ltvtui.sources.files.private_database import PrivateDatabase
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.sqlite.one_state import in_one_state
from ltvtui.sources.sqlite.source import SqliteSource


class FileSource:
    """An original, by its private database."""

    def __init__(self, original: Original, private: PrivateDatabase) -> None:
        self.path = original.path
        self._is_headed = original.is_headed
        self.fresh = private.fresh
        self.private = private
        """What is read."""
        self._database = SqliteSource(private.path)
        self.opening_notices = self._database.opening_notices

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def open(self, stopped: Stop | None = None) -> SqliteDatabase:
        """The private database, under the name of the user's file."""
        database = self._database.open(stopped)
        database.show_as(self.path, headed=self._is_headed)
        database.notices.extend(self.private.notices)
        return database

    def in_one_state(self, work: Callable[[SqliteDatabase], R], stopped: Stop | None = None) -> R:
        """What `work` gives of one committed state."""
        return in_one_state(self.private.path, lambda: self.open(stopped), work)

    def version(self) -> StateVersion | None:
        """That of the private database, which counts for one state of the file."""
        return self._database.version()

    def is_current(self, version: StateVersion) -> bool:
        """Whether the private database is as it was."""
        return self._database.is_current(version)

    def changes(self) -> ChangeLog | None:
        """Of the private database."""
        return self._database.changes()

    def watch(self) -> Watch | None:
        """None: who writes to a file writes it as a whole."""
        return None
