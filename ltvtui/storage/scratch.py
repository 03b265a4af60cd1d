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

from ltvtui.storage.lock import LOCK_FILE, Lock, remove_leftover
from ltvtui.storage.private import create_private, is_own

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

    def __init__(self, path: Path, lock: Lock | None) -> None:
        self.path = path
        self._lock = lock
        self._there = True

    def close(self) -> None:
        """Remove it, with what is called like it and "-" behind; a second call does nothing. Never raises."""
        if not self._there:
            return
        self._there = False
        with suppress(OSError):
            _remove(self.path)
        if self._lock is not None:
            self._lock.release()  # not before: who sweeps would take it for left behind

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
    with ExitStack() as stack:
        with suppress(OSError):  # without a note it is found by who writes to the same folder alone
            note = stack.enter_context(_made(lambda: _new(tempfile.gettempdir(), _NOTE, create_private)))
            note.path.write_bytes(os.fsencode(place))
        yield stack.enter_context(_made(lambda: _new_part(place, target.name[:_SHORT])))


def sweep() -> None:
    """Remove what killed processes have left, in the temporary directory and where its notes lead. Never raises."""
    with suppress(OSError, ValueError):
        with os.scandir(tempfile.gettempdir()) as found:
            names = [entry.path for entry in found if entry.name.startswith((_FOLDER, _NOTE))]
        for path in map(Path, names):
            _sweep(path, "folder" if path.name.startswith(_FOLDER) else "note")


def _made(make: Callable[[], Path]) -> Scratch:
    """What `make` made, locked. Who sweeps may come between making and locking: then another is made."""
    while True:
        path = make()
        try:
            return Scratch(path, Lock(path, wait=True))
        except FileNotFoundError:
            continue
        except OSError:  # a file system without locks: nobody else can lock it either, and it is not swept
            return Scratch(path, None)


def _new(place: str, head: str, make: Callable[[Path], None]) -> Path:
    while True:
        path = Path(place) / f"{head}{secrets.token_hex(4)}"
        with suppress(FileExistsError):
            make(path)
            return path


def _make_folder(path: Path) -> None:
    path.mkdir(mode=0o700)


def _new_part(place: Path, name: str) -> Path:
    descriptor, path = tempfile.mkstemp(dir=place, prefix=f".{name}.", suffix=_PART)  # made with mode 0600
    os.close(descriptor)
    return Path(path)


def _sweep(path: Path, kind: str) -> None:
    """Remove what was left at `path`; of a note, first what it leads to."""
    with suppress(OSError):
        wanted = stat.S_ISDIR if kind == "folder" else stat.S_ISREG
        state = path.lstat()
        if not _NAMES[kind].fullmatch(path.name) or not wanted(state.st_mode) or not is_own(state):
            remove_leftover(path, _NAMES[kind])
            return
        with Lock(path):
            if kind == "note":
                with path.open("rb") as note:
                    _sweep_parts(Path(os.fsdecode(note.read(_LONGEST))))
            _remove(path)


def _sweep_parts(place: Path) -> None:
    """Remove the parts in a folder whose writers are gone."""
    with suppress(OSError, ValueError):  # it may be gone, or no path at all
        if not place.is_absolute():
            return
        with os.scandir(place) as found:
            parts = [place / entry.name for entry in found if entry.name.endswith((_PART, _PART + LOCK_FILE))]
        for part in parts:
            _sweep(part, "part")


def _remove(path: Path) -> None:
    """Remove one of ours, and first what is called like it and "-" behind: it leads to that."""
    if path.name.endswith(_PART):
        for more in path.parent.iterdir():
            if more.name.startswith(f"{path.name}-") and is_own(more.lstat()):
                _discard(more)
    _discard(path)


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
