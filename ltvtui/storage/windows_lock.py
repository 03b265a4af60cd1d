"""Locks of Windows: byte ranges of a lock file, `NAME.lock`, beside what is locked.

A lock file and not the thing itself, because Windows renames nothing that is open, opens no folder, and keeps others
from reading the bytes that are locked. It has SLOTS bytes that may be locked: an exclusive lock takes all of them, a
shared one any single one, since msvcrt knows exclusive ranges only. All of them are free as soon as the process ends.
"""

from __future__ import annotations

import errno
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

SLOTS: Final = 64
"""Processes that can hold a shared lock at a time."""
_PAUSE: Final = 0.02
"""Seconds between two attempts of who waits."""

_msvcrt: Any = import_module("msvcrt")


def acquire(path: Path, *, shared: bool, wait: bool) -> Callable[[], None]:
    """Lock what lies at `path`; gives what unlocks it. OSError as of lock.lock."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    path.lstat()
    file = path.with_name(path.name + ".lock")
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _try_lock(descriptor, shared):
            if not wait:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
            time.sleep(_PAUSE)
        path.lstat()  # it may have been removed before it was locked
    except BaseException:
        _let_go(descriptor, file)
        raise
    return lambda: _let_go(descriptor, file)


def _try_lock(descriptor: int, shared: bool) -> bool:
    slots = random.sample(range(SLOTS), SLOTS) if shared else (0,)
    return any(_locked(descriptor, slot, 1 if shared else SLOTS) for slot in slots)


def _locked(descriptor: int, start: int, count: int) -> bool:
    os.lseek(descriptor, start, os.SEEK_SET)
    try:
        _msvcrt.locking(descriptor, _msvcrt.LK_NBLCK, count)
    except OSError:
        return False
    return True


def _let_go(descriptor: int, file: Path) -> None:
    os.close(descriptor)
    with suppress(OSError):  # Windows removes no file that somebody else has open: then it is needed still
        file.unlink()
