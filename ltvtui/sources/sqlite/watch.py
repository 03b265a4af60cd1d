"""Tells that somebody else has committed to a database, and keeps it open for reading on.

SQLite itself is asked, by `PRAGMA data_version` on one connection: it knows commits in rollback and in WAL mode, and
files say neither. Only that the connection still looks at the right files is told by them: a database may be
replaced under it, or written over; a writer that leaves takes the `-wal` away, to which an old connection would go on
listening for ever; and what is read from a private copy, or as it stands, changes only where the files do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from ltvtui.errors import LtvError
from ltvtui.sources.base import Seen
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.sqlite.files import Access, state_of

WAIT = 1.0
"""Seconds to wait for a writer that holds a lock, before it is asked again later."""


class SqliteWatch:
    """Looks at the database at `path`, again and again. Close it, or use it in a `with`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity: object = None
        self._database: SqliteDatabase | None = None
        self._commits = -1
        self._schema: int | None = None

    @property
    def database(self) -> SqliteDatabase:
        """Open for reading since the last poll; another one where files were exchanged."""
        assert self._database is not None
        return self._database

    @property
    def is_copy(self) -> bool:
        """Whether a private copy is read: what others write is seen when they have brought the original in order."""
        return self._database is not None and self._database.access is Access.COPY

    def poll(self) -> Seen:
        """What happened since the last poll; at the first one, a commit.

        Raises LtvError (exit code 1 or 2) while the database is locked, gone or no database any more.
        """
        polled = self._schema is not None
        replaced = self._let_go_of_what_is_over()
        if self._database is None:
            self._database = SqliteDatabase.open(self._path, timeout=WAIT)
            self._commits = -1
        commits = self._database.commits()
        if commits == self._commits:
            return Seen.NOTHING
        schema, identity = self._database.schema(), _identity(self._path)
        other = polled and (replaced or (self._schema, self._identity) != (schema, identity))
        self._commits, self._schema, self._identity = commits, schema, identity
        return Seen.ANOTHER if other else Seen.COMMIT

    def _let_go_of_what_is_over(self) -> bool:
        """Close a database whose files are others now; whether what was known of its rows is over, too."""
        if self._database is None:
            return False
        try:
            if not self._database.is_replaced():
                self._database.commits()
                return False
        except LtvError:  # locked for long, or left half-written: it is told by opening it
            self.close()
            return False
        replaced = self._database.access is Access.LOCKS  # else it may be that writers came or went
        self.close()
        return replaced

    @contextmanager
    def transaction(self) -> Iterator[SqliteDatabase]:
        """The database, in the state that is read on: what is committed later is found by the next poll."""
        with self.database.transaction():
            self._commits = self.database.state
            yield self.database

    def close(self) -> None:
        """Give back the connection; another poll opens a new one."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def __enter__(self) -> SqliteWatch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _identity(path: Path) -> object:
    found = state_of(path.resolve())
    return found and found.identity
