"""Tells that somebody else has committed to a database, and keeps it open for reading on.

SQLite itself is asked, by `PRAGMA data_version` on one connection: it knows commits in rollback and in WAL mode, and
files say neither. Only that the connection still looks at the right files is told by them: a database may be replaced
under it; and a writer that leaves takes the `-wal` away, to which an old connection would go on listening for ever.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from ltvtui.sources.sqlite import Database

WAIT = 1.0
"""Seconds to wait for a writer that holds a lock, before it is asked again later."""

Files = tuple[tuple[int, int] | None, ...]


class Watch:
    """Looks at the database at `path`, again and again. Close it, or use it in a `with`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: Files = ()
        self._database: Database | None = None
        self._commits = -1

    @property
    def database(self) -> Database:
        """Open for reading since the last look; another one where files were exchanged."""
        assert self._database is not None
        return self._database

    def look(self) -> bool:
        """Whether something was committed since the last look; True the first time.

        Raises LtvError (exit code 1 or 2) while the database is locked, gone or no database any more.
        """
        files = _files(self._path)
        if self._database is None or files != self._files or self._database.changed_under_us():
            self.close()
            self._database = Database.open(self._path, timeout=WAIT)
            self._files, self._commits = _files(self._path), -1
        commits = self._database.commits()
        changed, self._commits = commits != self._commits, commits
        return changed

    def close(self) -> None:
        """Give back the connection; a further look opens another one."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _files(path: Path) -> Files:
    """Device and inode of the database and of what lies beside it; None for what is not there."""
    resolved = path.resolve()
    return tuple(_file(resolved.with_name(resolved.name + suffix)) for suffix in ("", "-wal", "-shm"))


def _file(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
