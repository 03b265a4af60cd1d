"""What is compressed with gzip or zstd: unpacked into a file of our own."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ltvtui.errors import Cancelled, LtvError
from ltvtui.storage import scratch
from ltvtui.storage.private import create_private
from ltvtui.storage.scratch import Scratch

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_READERS: Final = {".gz": ("gzip", gzip.GzipFile), ".zst": ("zstd", zstd.ZstdFile)}
PACKED: Final = frozenset(_READERS)
TABLES: Final = frozenset({".csv", ".tsv", ".txt", ".jsonl", ".ndjson"})
"""Endings of tables that are read though they are compressed."""
DATABASES: Final = frozenset({".db", ".db3", ".sqlite", ".sqlite3"})
"""Endings of databases that are."""
PACKABLE: Final = TABLES | DATABASES
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
    return path.with_suffix("") if path.suffix.lower() in PACKED else path


def unpacked(path: Path, stopped: Callable[[], bool]) -> Unpacked:
    """What is packed in the file, in a folder that goes with whoever reads it. LtvError as of `unpack`, and where
    there is no room; Cancelled when `stopped`."""
    try:
        folder = scratch.folder()
    except OSError as error:
        raise _no_room(path, error) from error
    found = Unpacked(folder, folder.path / inner(path).name)
    try:
        create_private(found.path)
        unpack(path, found.path, stopped)
    except OSError as error:
        raise _no_room(path, error) from error
    return found


def unpack(path: Path, to: Path, stopped: Callable[[], bool]) -> None:
    """Write what is packed in the file at `path` to the file `to`.

    LtvError (exit code 1) where it is damaged or too large; OSError where `to` has no room; Cancelled when `stopped`.
    """
    most = min(_MOST, max(_LEAST, path.stat().st_size * _RATIO))
    written = 0
    kind, reader = _READERS[path.suffix.lower()]
    with to.open("wb") as file:
        try:
            with reader(path) as packed:
                while piece := packed.read(_PIECE):
                    if stopped():
                        raise Cancelled
                    written += len(piece)
                    if written > most:
                        raise LtvError(
                            f"{path.name} cannot be read: it unpacks to more than {most // 2**20} MB.",
                            "If it is a table or a database, unpack it yourself, and open that file.",
                        )
                    file.write(piece)
        except EOFError as error:
            raise _damaged(path, "it ends in the middle") from error
        except (gzip.BadGzipFile, zlib.error, zstd.ZstdError) as error:
            raise _damaged(path, f"it is not a {kind} file, or it is damaged") from error


def _damaged(path: Path, why: str) -> LtvError:
    return LtvError(f"{path.name} cannot be read: {why}.", "Download or compress it again.")


def _no_room(path: Path, error: OSError) -> LtvError:
    return LtvError(
        f"There is no space to unpack {path.name}: {error.strerror or error}.",
        "Free some space on the disk, or set TMPDIR to a folder with free space.",
    )
