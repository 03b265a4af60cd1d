"""Files written whole or not at all, for their owner's eyes only."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError

_ENDING: Final = ".ltvtui-part"
"""Of what is not whole yet: nothing else is ever swept away."""
_SHORT: Final = 40
"""Characters of the name that a part is called by: whole, it might be longer than a name can be."""
_GRACE: Final = 60.0
"""Seconds within which a part is not looked at: its writer may not have locked it yet."""
_NO_ROOM: Final = "Check the rights on that folder and the room on its disk."


def write_private(path: Path, text: str) -> None:
    """Replace `path` by a file with `text`, mode 0600; its folder is made where it is missing.

    A crash leaves the old file or the new one, never half of either. Raises LtvError (exit code 1)
    where it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritten(path, error) from error
    with whole(path, replace=True) as part:
        part.write_text(text, "utf-8")


@contextmanager
def whole(path: Path, *, replace: bool) -> Iterator[Path]:
    """An empty file of mode 0600 beside `path`; when the block ends well it takes the place of `path`.

    It has a hidden name and is gone where the block fails. What a killed process left of it, and of folders called
    like it with "-" and more behind, is swept away by the next one. Where `replace` is False, a file that stands at
    `path` by the end is left as it is. Raises LtvError (exit code 1) where it cannot be written, or must not be.
    """
    part: Path | None = None
    lock: int | None = None
    try:
        _sweep(path)
        lock, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:_SHORT]}.", suffix=_ENDING)
        part = Path(name)
        _locked(lock)
        yield part
        to_disk(part)
        os.close(lock)  # some platforms rename no open file
        lock = None
        _put(part, path, replace)
        with suppress(OSError):  # some platforms open no folder
            to_disk(path.parent)
    except OSError as error:
        raise unwritten(path, error) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
        if lock is not None:
            os.close(lock)


def unwritten(path: Path, error: OSError) -> LtvError:
    """What is said where `path` could not be written."""
    return LtvError(f"{path} could not be written: {error.strerror or error}.", _NO_ROOM)


def to_disk(path: Path) -> None:
    """Have what was written to a file, or to the list of a folder, on disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(part: Path, path: Path, replace: bool) -> None:
    if not replace:
        try:
            os.link(part, path)  # unlike a renaming, it never takes the place of another file
        except FileExistsError as error:
            raise LtvError(f"{path} was made meanwhile.", "It was left as it is: choose another name.") from error
        except OSError:  # a file system without links
            if path.exists():
                raise
        else:
            return
    part.replace(path)


def _sweep(path: Path) -> None:
    """Remove the parts of `path` whose writers are gone."""
    now = time.time()
    for part in path.parent.glob(f".{_literal(path.name[:_SHORT])}.*{_ENDING}"):
        with suppress(OSError):
            if now - part.stat().st_mtime < _GRACE:
                continue
            descriptor = os.open(part, os.O_RDWR)
            try:
                if _locked(descriptor):
                    for room in part.parent.glob(f"{_literal(part.name)}-*"):
                        shutil.rmtree(room)
                    part.unlink()
            finally:
                os.close(descriptor)


def _literal(name: str) -> str:
    """`name` as a pattern that means itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _locked(descriptor: int) -> bool:
    """Lock a file for as long as it is open; False where another process holds it, or where that is not told."""
    try:
        import fcntl
    except ImportError:  # Windows has none: there nothing is swept
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
