"""`ltvtui -`: orders that are piped in, put into a private file that goes with the program."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.storage import scratch
from ltvtui.storage.private import create_private

_ENDINGS: Final = {
    b"SQLite format 3\0": ".sqlite",
    b"PAR1": ".parquet",
    b"PK\x03\x04": ".xlsx",
    b"\x1f\x8b": ".csv.gz",
    b"\x28\xb5\x2f\xfd": ".csv.zst",
    b"{": ".jsonl",
}
"""Endings of files by how they begin; csv else."""


@lru_cache(1)
def piped_file() -> Path:
    """A file with everything that standard input gives. LtvError where it is the keyboard, empty, or has no room."""
    if sys.stdin.isatty():
        raise LtvError("Nothing is piped in.", "Write `… | ltvtui -`, or name a file.", 2)
    try:
        folder = scratch.folder()
        atexit.register(folder.close)
        path = folder.path / "stdin"
        create_private(path)
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        with path.open("rb") as file:
            head = file.read(16)
        if not head:
            raise LtvError("Standard input is empty.", "Pipe a table in, such as csv.", 2)
        ending = next((ending for magic, ending in _ENDINGS.items() if head.startswith(magic)), ".csv")
        return path.rename(path.with_name(f"stdin{ending}"))
    except OSError as error:
        mend = "Free some space on the disk, or set TMPDIR to a folder with free space."
        raise LtvError(f"What is piped in cannot be stored: {error.strerror or error}.", mend) from error


def read_keys_from_terminal() -> None:
    """Let standard input be the keyboard, where there is one, if all that was piped in has been read."""
    if not piped_file.cache_info().currsize:
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return
    os.dup2(terminal, sys.stdin.fileno())
    os.close(terminal)
