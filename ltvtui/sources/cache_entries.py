"""Folders of the cache as folders: which are entries, whose they are, and how they are removed.

Apart from what is in them, so that what a killed process left is swept away without what reads it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

FACTS: Final = "facts.json"
"""The file of an entry that says what the others must be; without it a folder is no entry."""
WRITING: Final = "writing."
"""Before the name of an entry that is not finished."""
ENTRY: Final = re.compile(r"([0-9a-f]{32})\.([0-9]{20})\.[0-9a-f]{8}")


def is_ours(path: Path) -> bool:
    """Whether this is a folder, not a link to one, and the user's own. OSError where that is not known."""
    state = path.lstat()
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid()


def remove(folder: Path) -> None:
    """Remove an entry, its facts first: without them it is no entry any more. What cannot be removed stays."""
    with suppress(OSError):
        if not is_ours(folder):
            return
        with suppress(OSError):
            (folder / FACTS).unlink(missing_ok=True)
        shutil.rmtree(folder, onerror=_opened_up)


def discard(folder: Path) -> None:
    """Remove an entry, unless somebody has it in use."""
    with suppress(OSError), locked(folder):
        remove(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder; OSError where another process does."""
    try:
        descriptor = _opened(folder)
    except PermissionError:
        if not is_ours(folder):
            raise
        folder.chmod(0o700)
        descriptor = _opened(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def sweep(directory: Path) -> None:
    """Remove what writers left in the user's own `directory` that are no more: the lock on a folder dies with its
    process. Never raises."""
    with suppress(OSError):
        if not is_ours(directory):
            return
        with os.scandir(directory) as found:
            names = [entry.name for entry in found if ENTRY.fullmatch(entry.name.removeprefix(WRITING))]
        for path in (directory / name for name in names):
            if path.name.startswith(WRITING):
                discard(path)
            elif _has_no_facts(path):  # somebody died while removing it
                remove(path)


def _has_no_facts(folder: Path) -> bool:
    try:
        (folder / FACTS).lstat()
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False


def _opened_up(act: Callable[[str], object], path: str, _: object) -> None:
    """A folder in an entry that may not be looked into, though it is the user's own, is opened and removed."""
    with suppress(OSError):
        folder = Path(path) if Path(path).is_dir() else Path(path).parent
        if is_ours(folder) and stat.S_IMODE(folder.lstat().st_mode) & 0o700 != 0o700:
            folder.chmod(0o700)
            if folder == Path(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                Path(path).unlink()
