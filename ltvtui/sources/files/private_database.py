"""What is no database, opened as one: its tables in an SQLite file of our own.

That file lies in the cache, private, bounded and listed as all that is kept there, and counts for the very state of
the user's files that it was made of. Where the cache is not wanted, refuses, or has no room, it lies in a temporary
folder until the program ends. The user's own files are only ever read.
"""

from __future__ import annotations

import atexit
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Progress, Stop
from ltvtui.sources.files.loads import written_meanwhile
from ltvtui.sources.files.original import Original
from ltvtui.storage import scratch
from ltvtui.storage.atomic_file import to_disk
from ltvtui.storage.cache.cache import Cache, key_of
from ltvtui.storage.cache.fingerprint import made_by
from ltvtui.storage.cache.folders import MANIFEST, in_use
from ltvtui.storage.cache.frame_files import TooLarge
from ltvtui.storage.cache.manifest import read_manifest, write_manifest
from ltvtui.storage.private import create_private
from ltvtui.storage.scratch import Scratch

_CODE: Final = ("sources",)
"""Packages that put files into the database: what other code has made is read anew."""
NAME: Final = "tables.sqlite"
_AT_ONCE: Final = threading.Lock()
"""Two threads that ask for the same file have it made once."""


@dataclass(frozen=True)
class PrivateDatabase:
    """Where the tables of an original lie as SQLite."""

    path: Path
    fresh: bool
    """Whether it was made just now."""
    notices: tuple[str, ...]
    """What the user should know about where it lies, and about what was left out of it."""


@contextmanager
def private_database(
    original: Original, cache: Cache | None, progress: Progress | None = None, stopped: Stop | None = None
) -> Iterator[PrivateDatabase]:
    """The tables of `original`, for as long as they are being read.

    `cache`: where the database is stored; None: it is not.
    LtvError where the original cannot be read as tables, or is written to meanwhile; Cancelled when `stopped`.
    """
    making = _Making(original, progress or (lambda done, total: None), stopped or (lambda: False))
    with ExitStack() as stack:
        made = making.made(cache, stack)
        try:
            yield made
        except LtvError as error:
            # what was left out may be the very reason, and there is no other place to tell it
            end = "" if error.mend.endswith((".", "?")) or not made.notices else "."
            error.mend = " ".join([error.mend + end, *made.notices])
            raise


def forget() -> None:
    """Remove what was to last until the program ends."""
    if _folder.cache_info().currsize:
        _folder().close()


@lru_cache(1)
def _folder() -> Scratch:
    """A folder that goes with the program. OSError where there is no room for one."""
    folder = scratch.folder()
    atexit.register(folder.close)
    return folder


def _until_exit() -> Cache:
    """A cache that goes with the program. OSError as of _folder."""
    return Cache(_folder().path, sys.maxsize)


@dataclass(frozen=True)
class _Making:
    """A database made of `original`."""

    original: Original
    progress: Progress
    stopped: Stop

    def made(self, cache: Cache | None, stack: ExitStack) -> PrivateDatabase:
        """The database in the cache, made if need be; else in a temporary folder. It is in use until `stack` ends."""
        path = self.original.path
        key = key_of("tables", str(path.resolve()), *self.original.key)
        notice, why = "", "it was removed at once"
        for store in (cache, None):
            try:
                found = self._in(store or _until_exit(), key)
            except OSError as error:
                found = f"{error.filename or path}: {error.strerror or error}"
            if isinstance(found, str):
                why = found
                notice = f"{path.name} is read again next time: {why}."
                continue
            folder, fresh = found
            try:
                stack.enter_context(in_use(folder))
            except OSError:  # removed between finding and locking it
                continue
            notices = (notice,) if cache and notice else ()
            return PrivateDatabase(folder / NAME, fresh, (*notices, *_notices(folder)))
        raise LtvError(
            f"There is no space to read {path.name}: {why}.",
            "Free some space on the disk, or set TMPDIR to a folder with free space.",
        )

    def _in(self, cache: Cache, key: str) -> tuple[Path, bool] | str:
        """The folder of the database, and whether it was made just now; or why there is none, as a sentence's end."""
        with _AT_ONCE:
            version = self.original.version()
            folder = cache.newest(key)
            if folder is not None and _counts(folder, version):
                return folder, False
            why = cache.put(key, lambda folder: self._make(folder, key, version, cache.limit))
            made = cache.newest(key)
            return (made, True) if why is None and made is not None else why or "it was removed at once"

    def _make(self, folder: Path, key: str, version: str, limit: int) -> None:
        """Put all tables of the original into a database in `folder`. OSError, TooLarge where it has no room."""
        file = folder / NAME
        create_private(file)
        notices = self.original.fill(file, self.progress, self.stopped)
        if self.original.version() != version:
            raise written_meanwhile(self.original.path.name)
        to_disk(file)
        state = file.stat()
        if state.st_size > limit:
            raise TooLarge
        body = {
            "code": made_by(*_CODE),
            "key": key,
            "source": str(self.original.path.resolve()),
            "made": time.time(),
            "version": version,
            "state": [state.st_size, state.st_mtime_ns],
            "notices": notices,
        }
        write_manifest(folder, body)


def _notices(folder: Path) -> tuple[str, ...]:
    """What was left out when the database was made."""
    return tuple(str(notice) for notice in read_manifest(folder)["notices"])


def _counts(folder: Path, version: str) -> bool:
    """Whether the database is as it was made, of the original as it is."""
    try:
        body = read_manifest(folder)
        state = (folder / NAME).lstat()
        stored = body["code"], body["version"], body["state"]
        if stored != (made_by(*_CODE), version, [state.st_size, state.st_mtime_ns]) or not stat.S_ISREG(
            state.st_mode
        ):
            return False
        os.utime(folder / MANIFEST)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True
