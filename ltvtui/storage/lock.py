"""The one lock protocol: a file or folder is locked for as long as somebody holds it, and by no dead process.

On POSIX the thing itself is locked, on Windows a file beside it; who calls sees no difference. Both are advisory:
they keep out who asks.
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ltvtui.storage.private import is_own

try:
    from ltvtui.storage.posix_lock import acquire
except ImportError:  # Windows has no fcntl
    from ltvtui.storage.windows_lock import acquire

LOCK_FILE: Final = ".lock"
"""Behind the name of what is locked: the file that Windows needs."""
PATIENCE: Final = 2.0
"""Seconds in which others come to an end who change a small file."""
_PAUSE: Final = 0.01


class Lock:
    """A lock that is held until it is released, or until the process ends. Use it in a `with`, or release it."""

    def __init__(self, path: Path, *, shared: bool = False, wait: bool = False) -> None:
        """Lock the file or folder at `path`: alone, or with others who hold a `shared` lock.

        Raises BlockingIOError where another has the lock and `wait` is False, FileNotFoundError where it is gone, or
        was replaced meanwhile, OSError for a link, and where the file system has no locks.
        """
        self._release = acquire(path, shared=shared, wait=wait)
        self._locked = True

    def release(self) -> None:
        """Give it back; a second call does nothing."""
        if self._locked:
            self._locked = False
            self._release()

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Lock a folder, or file, from reading its content to writing it again.

    Who waits longer than PATIENCE, or finds no lock to be had, goes on without: a change of another session that is
    lost is less than one's own, or than a program that hangs.
    """
    lock = None
    end = time.monotonic() + PATIENCE
    while lock is None and time.monotonic() < end:
        try:
            lock = Lock(path)
        except BlockingIOError:
            time.sleep(_PAUSE)
        except OSError:
            break
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def remove_leftover(file: Path, names: re.Pattern[str]) -> None:
    """Remove the lock file of something that is gone and whose name fits `names`: a crash left it. Never raises.

    On Windows, where alone there are any, one that is in use cannot be removed.
    """
    locked = file.with_name(file.name.removesuffix(LOCK_FILE))
    if locked == file or not names.fullmatch(locked.name):
        return
    with suppress(OSError):
        state = file.lstat()
        if stat.S_ISREG(state.st_mode) and is_own(state) and not locked.exists():
            file.unlink()
