"""What belongs to the user alone: whether it does, and how it is made so."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def create_private(path: Path) -> None:
    """A new, empty file of mode 0600. FileExistsError where anything is there, be it a link; OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def is_own(state: os.stat_result) -> bool:
    """Whether a file or folder is the user's own; on Windows, where files have no such owner, always."""
    return not hasattr(os, "geteuid") or state.st_uid == os.geteuid()


def is_own_folder(path: Path) -> bool:
    """Whether this is a folder, not a link to one, and the user's own. OSError where that is not known."""
    state = path.lstat()
    return stat.S_ISDIR(state.st_mode) and is_own(state)
