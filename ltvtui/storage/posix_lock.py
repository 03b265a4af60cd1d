"""Locks of Linux and macOS: `flock` on the file or folder itself. The one module that imports fcntl."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path


def acquire(path: Path, *, shared: bool, wait: bool) -> Callable[[], None]:
    """Lock what lies at `path`; gives what unlocks it. OSError as of lock.lock."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        if not _is_at(path, descriptor):
            raise FileNotFoundError(f"{path} was replaced while it was being locked")
    except BaseException:
        os.close(descriptor)
        raise
    return partial(os.close, descriptor)


def _opened(path: Path) -> int:
    """A handle to lock; some file systems lock nothing that is not open for writing. Links are not followed."""
    is_folder = stat.S_ISDIR(path.lstat().st_mode)
    return os.open(path, (os.O_RDONLY | os.O_DIRECTORY if is_folder else os.O_RDWR) | os.O_NOFOLLOW)


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether what was opened still lies at `path`: between opening and locking it may have been removed."""
    try:
        there = path.lstat()
    except OSError:
        return False
    here = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
