"""The files of an SQLite database: whether they can be read where they lie, and whether they are still the same.

A reader of a WAL database makes its `-wal` and `-shm` files where they are missing. The folder is to stay as it is,
so what is opened depends on what lies there:

| journal | beside the database | access |
|---|---|---|
| rollback | – | LOCKS: while it is read, SQLite's lock keeps writers waiting |
| WAL | `-wal` and `-shm` (a writer is at work) | LOG: each reader sees the state in which it began |
| WAL | no `-wal`, or an empty one alone | IMMUTABLE (`immutable=1`): everything is in the file itself |
| WAL | a filled `-wal` without `-shm` | COPY: the newest rows are in the `-wal` |
| rollback, left half-written | a hot `-journal` | COPY, rolled back there |

Only what SQLite guards is safe from writers, and only from those that ask SQLite: `cp new.db shop.db` does not. So
files are looked at before and after they are read. Looking asks for their state alone and opens none: POSIX drops
every lock that a process holds on a file as soon as any handle of it is closed.
"""

from __future__ import annotations

import shutil
import sqlite3
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Stop, Torn
from ltvtui.storage import scratch

MAGIC: Final = b"SQLite format 3\x00"
_YOUNG: Final = 0.06
"""Seconds: file times move in ticks of up to 10 ms, so a file that is younger may change without them moving."""
_COPY_ATTEMPTS: Final = 5
_PIECE: Final = 2**24
"""Bytes copied at a time: a cancel is heard in between."""


def is_database(path: Path) -> bool:
    """Whether the file begins as a database of SQLite does. OSError where it cannot be read."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


class Access(Enum):
    """How a database is read."""

    LOCKS = "rollback journal"
    LOG = "write-ahead log"
    IMMUTABLE = "as it stands"
    COPY = "private copy"


@dataclass(frozen=True)
class FileState:
    """One file at one moment."""

    device: int
    inode: int
    size: int
    """Bytes."""
    modified: int
    """Nanoseconds since 1970."""
    changed: int
    """The inode's own time, nanoseconds: no program sets it."""

    @property
    def identity(self) -> tuple[int, int]:
        """What stays as long as it is the same file, whatever is written to it."""
        return self.device, self.inode


@dataclass(frozen=True)
class Files:
    """A database and what lies beside it at one moment; None for what is not there."""

    main: FileState | None
    wal: FileState | None
    shm: FileState | None
    journal: FileState | None

    @classmethod
    def of(cls, path: Path) -> Files:
        """What lies at `path`, a resolved one, now."""
        return cls(*(state_of(beside(path, suffix)) for suffix in ("", "-wal", "-shm", "-journal")))

    def as_read(self, access: Access) -> object:
        """What does not change as long as what was read through `access` is the content of the files."""
        if access is Access.LOCKS:
            return self.main
        if access is Access.LOG:  # a checkpoint writes to the file what readers see in the log already
            return tuple(file and file.identity for file in (self.main, self.wal, self.shm))
        return self.main, self.wal, self.journal

    @property
    def age(self) -> float:
        """Seconds since the last write, by the clock; less than nothing where that was set back."""
        written = (time for file in (self.main, self.wal) if file for time in (file.modified, file.changed))
        return (time.time_ns() - max(written, default=0)) / 1e9


def beside(path: Path, suffix: str) -> Path:
    """The file that SQLite keeps next to the database at `path`."""
    return path.with_name(path.name + suffix)


def state_of(path: Path) -> FileState | None:
    """The file's state; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileState(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def quiet_files(path: Path) -> Files:
    """The files, old enough for the next write to show in their times; waits 0.06 s where they are not."""
    found = Files.of(path)
    if 0 <= found.age < _YOUNG:
        time.sleep(_YOUNG)
        found = Files.of(path)
    return found


def access_to(path: Path) -> Access:
    """How the database at `path` can be read, by its files.

    LtvError: no such file, a folder or a device (exit code 2); no permission, empty, not a database (exit code 1).
    """
    if _header(path)[18:20] != b"\x02\x02":
        return Access.LOCKS
    files = Files.of(path.resolve())
    if not (files.wal and files.wal.size) and not (files.wal and files.shm):
        return Access.IMMUTABLE
    return Access.LOG if files.shm else Access.COPY


def is_unfinished(path: Path) -> bool:
    """Whether something lies beside the database that belongs to it."""
    files = Files.of(path.resolve())
    return any(file is not None and file.size for file in (files.wal, files.journal))


def _header(path: Path) -> bytes:
    """First bytes of the file, or the LtvError that says why this cannot be a database."""
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise LtvError(f"{path} is a folder, not a database.", "Name the SQLite file inside it.", 2)
        if not stat.S_ISREG(kind):
            raise LtvError(f"{path} is not a regular file.", "Name an SQLite file.", 2)
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError as error:
        raise LtvError(f"There is no file {path}.", "Check the path.", 2) from error
    except PermissionError as error:
        raise LtvError(
            f"You have no permission to read {path}.", f"Ask its owner for read permission: chmod +r {path.name}"
        ) from error
    except (OSError, ValueError) as error:
        why = " ".join(str(getattr(error, "strerror", None) or error).split()).rstrip(".")
        raise LtvError(f"{path} cannot be read: {why}.", "Check the path and the disk.") from error
    if not header:
        raise LtvError(f"{path.name} is empty (0 bytes).", "Name the database that holds the orders.")
    if not header.startswith(MAGIC):
        raise LtvError(
            f"{path.name} is not an SQLite database, or it is encrypted.",
            "Name an SQLite file (decrypted), or one that ends in csv, tsv, parquet, xlsx or jsonl.",
        )
    return header


@dataclass(frozen=True)
class PrivateCopy:
    """A copy of a database that cannot be read where it lies, recovered by SQLite itself."""

    place: scratch.Scratch
    database: Path
    origin: Files
    """The files that were copied."""

    @classmethod
    def of(cls, path: Path, timeout: float, stopped: Stop) -> PrivateCopy:
        """A copy of what lies at `path`. LtvError (exit code 1) where there is no room, or somebody writes to it
        all the time; Cancelled when `stopped`.
        """
        source = path.resolve()
        try:
            place = scratch.folder()
            try:
                origin = _copied(path, place.path, stopped)
                database = place.path / source.name
                with suppress(sqlite3.Error):  # what cannot be recovered is reported when it is opened
                    recovery = sqlite3.connect(database.as_uri() + "?mode=rw", uri=True, timeout=timeout)
                    try:
                        recovery.execute("SELECT count(*) FROM sqlite_master").fetchall()
                    finally:
                        recovery.close()
            except BaseException:
                place.close()
                raise
        except OSError as error:
            raise LtvError(
                f"{path.name} was not closed cleanly and could not be copied: {error.strerror}.",
                "Open it once with the program that writes it, then try again.",
            ) from error
        return cls(place, database, origin)

    def remove(self) -> None:
        """Remove it from the disk."""
        self.place.close()


def _copied(path: Path, folder: Path, stopped: Stop) -> Files:
    """Copy the database and its journals as they were at one moment; their state then."""
    source = path.resolve()
    for _ in range(_COPY_ATTEMPTS):
        before = quiet_files(source)
        parts = {"": before.main, "-wal": before.wal, "-journal": before.journal}
        need = sum(file.size for file in parts.values() if file)
        if shutil.disk_usage(folder).free < need * 1.1:
            raise LtvError(
                f"{path.name} was not closed cleanly, and {folder.parent} has no space for a copy of it.",
                "Open it once with the program that writes it, or set TMPDIR to a folder with free space.",
            )
        with suppress(FileNotFoundError):
            for suffix, file in parts.items():
                beside(folder / source.name, suffix).unlink(missing_ok=True)
                if file is not None:
                    _copy(beside(source, suffix), beside(folder / source.name, suffix), stopped)
        if Files.of(source).as_read(Access.COPY) == before.as_read(Access.COPY):
            return before
    raise written_while_read(path.name)


def _copy(source: Path, target: Path, stopped: Stop) -> None:
    with source.open("rb", buffering=0) as origin, target.open("xb", buffering=0) as copy:
        while piece := origin.read(_PIECE):
            copy.write(piece)
            if stopped():
                raise Cancelled


def written_while_read(name: str) -> Torn:
    """The error that says so."""
    return Torn(
        f"{name} cannot be read in one consistent state: the database changed while it was read.",
        "Try again when no program writes to it, or read a copy of the file.",
    )
