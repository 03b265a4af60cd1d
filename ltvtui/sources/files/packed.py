"""Text compressed with gzip: unpacked into a folder of our own that goes with whoever reads it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ltvtui.errors import Cancelled, LtvError
from ltvtui.storage import scratch
from ltvtui.storage.private import create_private
from ltvtui.storage.scratch import Scratch

PACKED: Final = ".gz"
PACKABLE: Final = frozenset({".csv", ".tsv", ".txt", ".jsonl", ".ndjson"})
"""Endings of what is read though it is compressed."""
_PIECE: Final = 2**20
_LEAST: Final = 64 * 2**20
_RATIO: Final = 200
"""Times as much as it holds packed is the most that is believed, from _LEAST bytes on: tables come to ten."""
_MOST: Final = 8 * 2**30
"""Bytes at most, however large it is packed."""


class Unpacked:
    """A file that was unpacked; it is gone when nobody holds this any more."""

    def __init__(self, folder: Scratch, path: Path) -> None:
        self._folder = folder
        self.path = path

    def __del__(self) -> None:
        self._folder.close()


def inner(path: Path) -> Path:
    """The name of a file without the ending of a compressed one."""
    return path.with_suffix("") if path.suffix.lower() == PACKED else path


def unpacked(path: Path, stopped: Callable[[], bool]) -> Unpacked:
    """What is packed in the file. LtvError (exit code 1) where it is damaged, too large, or finds no room.

    Cancelled when `stopped`.
    """
    most = min(_MOST, max(_LEAST, path.stat().st_size * _RATIO))
    try:
        folder = scratch.folder()
    except OSError as error:
        raise _no_room(path, error) from error
    found = Unpacked(folder, folder.path / inner(path).name)
    written = 0
    try:
        create_private(found.path)
        with gzip.open(path, "rb") as packed, found.path.open("wb") as file:
            while piece := packed.read(_PIECE):
                if stopped():
                    raise Cancelled
                written += len(piece)
                if written > most:
                    raise LtvError(
                        f"{path.name} cannot be read: it unpacks to more than {most // 2**20} MB.",
                        "If it is a table, unpack it with gunzip, and open that file.",
                    )
                try:
                    file.write(piece)
                except OSError as error:
                    raise _no_room(path, error) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        why = "it ends in the middle" if isinstance(error, EOFError) else "it is not a gzip file, or it is damaged"
        raise LtvError(f"{path.name} cannot be read: {why}.", "Download or compress it again.") from error
    return found


def _no_room(path: Path, error: OSError) -> LtvError:
    return LtvError(
        f"There is no space to unpack {path.name}: {error.strerror or error}.",
        "Free some space on the disk, or set TMPDIR to a folder with free space.",
    )
