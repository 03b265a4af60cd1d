"""Only regular files are read: what a pipe or a device gives may never come, never end, or be gone after once."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError

_KINDS: Final[tuple[tuple[Callable[[int], bool], str], ...]] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def refuse_irregular(path: Path) -> None:
    """LtvError (exit code 2) where something lies at `path` that is no regular file; nothing is opened.

    Nothing is said where there is nothing, or where it may not be looked at: whoever opens it does.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LtvError(f"{path} is a link to itself.", "Name the file itself.", 2) from error
        return
    except ValueError:  # no path at all
        return
    for fits, kind in _KINDS:
        if fits(mode):
            mend = "Name a file in it." if kind == "a folder" else "Save its content to a file, and name that file."
            raise LtvError(f"{path} is {kind}, not a file.", mend, 2)


def read_text(path: Path) -> str:
    """The text of a small file in UTF-8, of one state of it.

    LtvError (exit code 2) where it is no regular file, (1) where it is written to meanwhile; OSError and
    UnicodeDecodeError as they come.
    """
    refuse_irregular(path)
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        raw = file.read()
        after = os.fstat(file.fileno())
    if len(raw) != before.st_size or _state(before) != _state(after):
        raise LtvError(f"{path} was changed while it was being read.", "Try again when it is complete.")
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def _state(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns
