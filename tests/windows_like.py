"""A process that lacks what Windows lacks, and refuses what Windows refuses.

To be called before anything of ltvtui is imported. Libraries choose their way by the platform, which stays what it
is: those that do so when they are imported are imported before.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import types
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = ("fcntl", "pwd", "grp", "termios", "tty", "pty", "resource", "syslog", "readline", "curses")
OS = (
    *("O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_CLOEXEC", "O_SYNC", "O_NOCTTY"),
    *("getuid", "geteuid", "getgid", "getegid", "getgroups", "fork", "forkpty", "register_at_fork", "setsid"),
    *("killpg", "getpgid", "mkfifo", "mknod", "chown", "lchown", "fchown", "fchmod", "chroot", "uname", "statvfs"),
    *("pread", "pwrite", "posix_fadvise", "posix_spawn", "sysconf", "nice", "openpty", "ttyname", "set_blocking"),
    *("sched_yield", "sched_getaffinity", "sched_setaffinity", "wait3", "wait4", "WNOHANG", "getpriority", "sync"),
)
SIGNALS = (
    *("SIGHUP", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGPIPE", "SIGTSTP", "SIGCONT", "SIGCHLD"),
    *("SIGWINCH", "SIGTTIN", "SIGTTOU", "SIGXFSZ", "SIGXCPU", "pthread_sigmask", "setitimer", "alarm", "pause"),
)


READING = ("polars", "platformdirs", "adbc_driver_sqlite.dbapi", "fastexcel", "scipy.stats")
SCREEN = ("textual.app", "textual.drivers.linux_driver", "textual.pilot")


def become(*libraries: str) -> None:
    """From here on this process knows no more than one on Windows, but for `libraries`, which are imported before."""
    import fcntl
    import multiprocessing.context  # noqa: F401
    import subprocess  # noqa: F401

    for name in libraries:
        import_module(name)
    sys.modules["msvcrt"] = _msvcrt(fcntl)
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]  # ImportError
    for module, names in ((os, OS), (signal, SIGNALS)):
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    _refuse_what_windows_refuses(fcntl)


def _msvcrt(fcntl: Any) -> types.ModuleType:
    """Locks of ranges as Windows has them: of a handle, not of a process."""
    import struct

    def locking(descriptor: int, mode: int, count: int) -> None:
        start = os.lseek(descriptor, 0, os.SEEK_CUR)
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, struct.pack("hhqqhxxxxxx", fcntl.F_WRLCK, 0, start, count, 0))

    made: Any = types.ModuleType("msvcrt")
    made.locking, made.LK_NBLCK, made.LK_LOCK, made.LK_UNLCK = locking, 2, 1, 0
    return made  # type: ignore[no-any-return]


def _refuse_what_windows_refuses(fcntl: Any) -> None:
    plain_open, plain_fsync = os.open, os.fsync

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if isinstance(path, str | os.PathLike) and Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return plain_open(path, flags, *rest, **more)

    def fsync(descriptor: int) -> None:
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        plain_fsync(descriptor)

    os.open, os.fsync = opened, fsync  # type: ignore[assignment]
    for name in ("rename", "replace", "unlink", "remove", "rmdir"):
        setattr(os, name, _unless_open(getattr(os, name)))
    import shutil

    shutil._use_fd_functions = False  # type: ignore[attr-defined]


def _unless_open(act: Callable[..., None]) -> Callable[..., None]:
    def acted(path: Any, *rest: Any, **more: Any) -> None:
        for each in (path, *rest):
            place = os.path.realpath(each)
            held = [kept for kept in _open_files() if kept == place or kept.startswith(place + os.sep)]
            if held:
                raise PermissionError(errno.EACCES, "The process cannot access the file", str(held[0]))
        act(path, *rest, **more)

    return acted


def _open_files() -> list[str]:
    found = []
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):  # of any process
        with suppress(OSError):
            found.append(str(descriptor.readlink()))
    return found
