"""Folders of the cache as folders: which are entries, how they are written, used and removed.

Apart from what is in them, so that what a killed process left is swept away without what reads it.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ltvtui.storage.lock import LOCK_FILE, Lock, remove_leftover
from ltvtui.storage.private import is_own_folder

MANIFEST: Final = "facts.json"
"""The file of an entry that says what the others must be; without it a folder is no entry."""
WRITING: Final = "writing."
"""Before the name of an entry that is not finished."""
ENTRY: Final = re.compile(r"([0-9a-f]{32})\.([0-9]{20})\.[0-9a-f]{8}")
_LOCKED: Final = re.compile(rf"({re.escape(WRITING)})?{ENTRY.pattern}")


def stamp_of(folder: Path) -> int:
    """When an entry was written: nanoseconds since 1970, or later than the entry that it replaces."""
    return int(folder.name.removeprefix(WRITING).split(".")[1])


def bytes_of(folder: Path) -> int:
    """What an entry takes on disk; 0 where it is gone."""
    with suppress(OSError):
        return sum(file.lstat().st_size for file in folder.iterdir())
    return 0


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep an entry from being removed; OSError where it just is, or is gone."""
    with Lock(folder, shared=True):
        (folder / MANIFEST).stat()
        yield


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A new folder, locked; it is removed again where the body does not come to its end. Raises OSError."""
    with _made(folder):
        try:
            yield folder
        except BaseException:
            remove(folder)
            raise


def _made(folder: Path) -> Lock:
    while True:
        folder.mkdir(mode=0o700)
        with suppress(FileNotFoundError):  # who sweeps took it between the making and the locking
            return Lock(folder, wait=True)


def remove(folder: Path) -> None:
    """Remove an entry, its manifest first: without that it is no entry any more. What cannot be removed stays."""
    with suppress(OSError):
        if not is_own_folder(folder):
            return
        with suppress(OSError):
            (folder / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder, onerror=_opened_up)


def discard(folder: Path) -> None:
    """Remove an entry, unless somebody has it in use."""
    with suppress(OSError), _lock(folder):
        remove(folder)


def _lock(folder: Path) -> Lock:
    """The lock on a folder, also on one that may not be looked into; OSError where another process has it."""
    try:
        return Lock(folder)
    except PermissionError:
        if not is_own_folder(folder):
            raise
        folder.chmod(0o700)
        return Lock(folder)


def sweep(directory: Path) -> None:
    """Remove what writers left in the user's own `directory` that are no more: the lock on a folder dies with its
    process. Never raises."""
    with suppress(OSError):
        if not is_own_folder(directory):
            return
        with os.scandir(directory) as found:
            names = [entry.name for entry in found if _LOCKED.fullmatch(entry.name.removesuffix(LOCK_FILE))]
        for path in (directory / name for name in names):
            if path.name.endswith(LOCK_FILE):
                remove_leftover(path, _LOCKED)
            elif path.name.startswith(WRITING):
                discard(path)
            elif _has_no_manifest(path):  # somebody died while removing it
                remove(path)


def _has_no_manifest(folder: Path) -> bool:
    try:
        (folder / MANIFEST).lstat()
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False


def _opened_up(act: Callable[[str], object], path: str, _: object) -> None:
    """A folder in an entry that may not be looked into, though it is the user's own, is opened and removed."""
    with suppress(OSError):
        folder = Path(path) if Path(path).is_dir() else Path(path).parent
        if is_own_folder(folder) and stat.S_IMODE(folder.lstat().st_mode) & 0o700 != 0o700:
            folder.chmod(0o700)
            if folder == Path(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                Path(path).unlink()
