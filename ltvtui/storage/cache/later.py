"""Frames of an entry that are read when they are asked for: most questions need none of the single orders.

The file is open from the beginning: an entry may be removed meanwhile, and its file is read all the same.
"""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Final

import polars as pl

from ltvtui.errors import LtvError

PART: Final = 16 * 2**20
"""Bytes under one checksum."""


class Later:
    """A frame: one that is there, or one that is read, and held against its checksums, at the first question."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame: pl.DataFrame | None = frame
        self._file: IO[bytes] | None = None
        self._sums: Sequence[int] = ()
        self._height = frame.height
        self._alone = Lock()

    @classmethod
    def of_file(cls, path: Path, sums: Sequence[int], height: int) -> Later:
        """The frame in an Arrow file with these checksums of its parts. OSError where it cannot be opened."""
        later = cls(pl.DataFrame())
        file = path.open("rb", buffering=0)
        weakref.finalize(later, file.close)
        later._frame, later._file, later._sums, later._height = None, file, sums, height
        return later

    def read(self) -> pl.DataFrame:
        """The frame. LtvError where the file is not what it was."""
        with self._alone:
            if self._frame is None:
                assert self._file is not None, "there is a frame or a file"
                self._frame = _read(self._file, self._sums, self._height)
                self._file.close()
            return self._frame


def _read(file: IO[bytes], sums: Sequence[int], height: int) -> pl.DataFrame:
    try:
        file.seek(0)
        content = b"".join(iter(lambda: file.read(PART), b""))
        parts = memoryview(content)
        found = [zlib.crc32(parts[start : start + PART]) for start in range(0, len(content), PART)]
        frame = pl.read_ipc(content) if found == list(sums) else None
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        frame = None
    if frame is None or frame.height != height:
        raise LtvError(
            "The orders that the cache keeps of this shop are damaged.",
            "Remove what it keeps with `ltvtui cache --clear`, and ask again.",
        )
    return frame
