"""Files and folders that live no longer than what is done with them, whatever becomes of its process.

Each is held by a lock that dies with its process: what is there and free to be locked was left by one that was
killed, and is swept away by the next run. Two kinds there are:

- a folder in the temporary directory, named `ltvtui-scratch-` and eight letters or digits;
- a part beside a file that is being written, `.NAME.`, eight of them and `.ltvtui-part`, with whatever is called
  like it with "-" and more behind. A note in the temporary directory, `ltvtui-part-` and eight of them, says in
  which folder it lies, so that it is found from anywhere.

Nothing is removed that is not called so, is not the user's own, or is a link.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

_FOLDER: Final = "ltvtui-scratch-"
_NOTE: Final = "ltvtui-part-"
_PART: Final = ".ltvtui-part"
_NAMES: Final = {
    kind: re.compile(rf"{head}[a-z0-9_]{{8}}{tail}", re.DOTALL)
    for kind, head, tail in (("folder", _FOLDER, ""), ("note", _NOTE, ""), ("part", r"\..*\.", re.escape(_PART)))
}
_SHORT: Final = 40
"""Characters of a file's name that its part is called by: whole, it might be longer than a name can be."""
_LONGEST: Final = 2**14
"""Bytes of a note: more is no path."""


class Scratch:
    """Something of ours, until it is closed. Use it in a `with`, or close it."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock: int | None = lock

    def close(self) -> None:
        """Remove it, with what is called like it and "-" behind; a second call does nothing. Never raises."""
        held, self._lock = self._lock, None
        if held is None:
            return
        with suppress(OSError):
            _remove(self.path)
        with suppress(OSError):
            os.close(held)  # not before: who sweeps would take it for left behind

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def folder() -> Scratch:
    """A new folder in the temporary directory, of mode 0700. Raises OSError."""
    return _made(lambda: _new(tempfile.gettempdir(), _FOLDER, _make_folder))


@contextmanager
def beside(target: Path) -> Iterator[Scratch]:
    """A new, empty file of mode 0600 beside `target`, hidden and gone at the end of the block. Raises OSError.

    What killed processes left of such files in that folder is swept away before.
    """
    place = target.absolute().parent
    _sweep_parts(place)
    with ExitStack() as held:
        with suppress(OSError):  # without a note it is found by who writes to the same folder alone
            note = held.enter_context(_made(lambda: _new(tempfile.gettempdir(), _NOTE, _make_file)))
            note.path.write_bytes(os.fsencode(place))
        yield held.enter_context(_made(lambda: _new_part(place, target.name[:_SHORT])))


def sweep() -> None:
    """Remove what killed processes have left, in the temporary directory and where its notes lead. Never raises."""
    with suppress(OSError, ValueError):
        with os.scandir(tempfile.gettempdir()) as found:
            names = [entry.path for entry in found if entry.name.startswith((_FOLDER, _NOTE))]
        for path in map(Path, names):
            _sweep(path, "folder" if path.name.startswith(_FOLDER) else "note")


def lock(descriptor: int, *, wait: bool = False) -> bool:
    """Lock a file or folder for as long as it is open; False where another process holds it, or where no lock can
    be had."""
    try:
        import fcntl
    except ImportError:  # Windows has none: there nothing is swept
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _made(make: Callable[[], Path]) -> Scratch:
    """What `make` made, locked. Who sweeps may come between making and locking: then another is made."""
    while True:
        path = make()
        with suppress(FileNotFoundError):
            descriptor = _opened(path, path.is_dir())
            lock(descriptor, wait=True)
            if _is_same(path, descriptor):
                return Scratch(path, descriptor)
            os.close(descriptor)


def _new(place: str, head: str, make: Callable[[Path], None]) -> Path:
    while True:
        path = Path(place) / f"{head}{secrets.token_hex(4)}"
        with suppress(FileExistsError):
            make(path)
            return path


def _make_folder(path: Path) -> None:
    path.mkdir(mode=0o700)


def _make_file(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _new_part(place: Path, name: str) -> Path:
    descriptor, path = tempfile.mkstemp(dir=place, prefix=f".{name}.", suffix=_PART)  # made with mode 0600
    os.close(descriptor)
    return Path(path)


def _opened(path: Path, folder: bool) -> int:
    """A handle to lock; some file systems lock nothing that is not open for writing."""
    return os.open(path, (os.O_RDONLY | os.O_DIRECTORY if folder else os.O_RDWR) | os.O_NOFOLLOW)


def _sweep(path: Path, kind: str) -> None:
    """Remove what was left at `path`; of a note, first what it leads to."""
    with suppress(OSError):
        wanted = stat.S_ISDIR if kind == "folder" else stat.S_ISREG
        state = path.lstat()
        if not _NAMES[kind].fullmatch(path.name) or not wanted(state.st_mode) or not _is_own(state):
            return
        descriptor = _opened(path, kind == "folder")
        try:
            if not lock(descriptor) or not _is_same(path, descriptor):
                return
            if kind == "note":
                _sweep_parts(Path(os.fsdecode(os.read(descriptor, _LONGEST))))
            _remove(path)
        finally:
            os.close(descriptor)


def _sweep_parts(place: Path) -> None:
    """Remove the parts in a folder whose writers are gone."""
    with suppress(OSError, ValueError):  # it may be gone, or no path at all
        if not place.is_absolute():
            return
        with os.scandir(place) as found:
            parts = [place / entry.name for entry in found if entry.name.endswith(_PART)]
        for part in parts:
            _sweep(part, "part")


def _remove(path: Path) -> None:
    """Remove one of ours, and first what is called like it and "-" behind: it leads to that."""
    if path.name.endswith(_PART):
        for more in path.parent.iterdir():
            if more.name.startswith(f"{path.name}-") and _is_own(more.lstat()):
                _discard(more)
    _discard(path)


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_own(state: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or state.st_uid == os.geteuid()


def _is_same(path: Path, descriptor: int) -> bool:
    """Whether what was opened is what lies at `path` still."""
    try:
        there = path.lstat()
    except OSError:
        return False
    here = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
