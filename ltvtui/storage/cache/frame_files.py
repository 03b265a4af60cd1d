"""Frames as Arrow files with checksums.

One Arrow IPC file a frame, uncompressed so that it only has to be copied into memory. Every file is compared with
its checksums before Polars sees it: a damaged Arrow file does not always raise, it can also lie or crash. CRC-32 of
parts notices accidents at the speed of memory; it is no seal against a forger, who would need the user's own rights.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import polars as pl

from ltvtui.storage.atomic_file import to_disk
from ltvtui.storage.cache.later import PART, Later
from ltvtui.storage.private import create_private

REMOVED_WHILE_OPEN: Final = os.name == "posix"
"""Whether a file may be removed while it is open: else frames for later are read at once."""
THREADS: Final = 2
"""That sum and read."""
BUFFER: Final = 2**18
"""Bytes read at a time: small enough to stay in the processor's cache between reading and summing."""


class TooLarge(Exception):
    """The entry alone exceeds the limit."""


class Mismatch(ValueError):
    """An entry is not what its manifest says, or not what is asked for."""


def write_frames(folder: Path, frames: Mapping[str, pl.DataFrame | Later], limit: int) -> dict[str, Any]:
    """Write the frames into `folder`; gives what `read_frames` needs, as JSON. OSError, PolarsError, TooLarge."""
    described: dict[str, Any] = {}
    total = 0
    for place, (name, given) in enumerate(frames.items()):
        frame = given.read() if isinstance(given, Later) else given
        file = _file(folder, place)
        create_private(file)
        # What is in one piece is found in one piece again: nobody has to copy it together.
        batch = frame.height if max(frame.n_chunks("all"), default=1) == 1 else None
        frame.write_ipc(file, compression="uncompressed", record_batch_size=batch or None)
        to_disk(file)
        size = file.stat().st_size
        total += size
        if total > limit:
            raise TooLarge
        described[name] = {
            "file": file.name,
            "bytes": size,
            "sums": _sums(file, size),
            "height": frame.height,
            "schema": _schema(frame),
            "later": isinstance(given, Later),
        }
    return described


def read_frames(folder: Path, described: dict[str, Any]) -> dict[str, pl.DataFrame | Later]:
    """The frames that `described` tells of, in as many chunks as they were written in; what is for later is opened.

    Mismatch where a file is not what it was; also OSError, KeyError, TypeError and errors of Polars.
    """
    files = {name: _file(folder, place) for place, name in enumerate(described)}
    for name, file in files.items():
        state = file.lstat()
        if not stat.S_ISREG(state.st_mode) or state.st_size != described[name]["bytes"]:
            raise Mismatch
    later = {name for name in files if described[name]["later"]}
    now = files if not REMOVED_WHILE_OPEN else {name: file for name, file in files.items() if name not in later}
    frames = _read(now, described)
    for name, frame in frames.items():
        if frame.height != described[name]["height"] or _schema(frame) != described[name]["schema"]:
            raise Mismatch
    return {
        name: (Later(frames[name]) if name in frames else _opened(file, described[name]))
        if name in later
        else frames[name]
        for name, file in files.items()
    }


def _opened(file: Path, entry: dict[str, Any]) -> Later:
    return Later.of_file(file, entry["sums"], entry["height"])


def _file(folder: Path, place: int) -> Path:
    return folder / f"{place}.arrow"


def _schema(frame: pl.DataFrame) -> list[list[str]]:
    return [[name, repr(dtype)] for name, dtype in frame.schema.items()]


def _read(files: dict[str, Path], described: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """What the files hold, each of them read as soon as its checksums are found right."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="ltvtui-cache") as pool:

        def read(file: Path, sums: list[Future[int]], expected: list[int]) -> pl.DataFrame:
            if [found.result() for found in sums] != expected:
                raise Mismatch
            return pl.read_ipc(file)

        frames: dict[str, Future[pl.DataFrame]] = {}
        for name, file in files.items():
            entry = described[name]
            # Begun in this order: whoever waits for sums waits for others, who do not.
            sums = [pool.submit(_sum, file, start) for start in range(0, entry["bytes"], PART)]
            frames[name] = pool.submit(read, file, sums, entry["sums"])
        return {name: frame.result() for name, frame in frames.items()}


def _sums(file: Path, size: int) -> list[int]:
    """CRC-32 of each part of a file."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="ltvtui-cache") as pool:
        return list(pool.map(lambda start: _sum(file, start), range(0, size, PART)))


def _sum(file: Path, start: int) -> int:
    buffer = memoryview(bytearray(BUFFER))
    found, left = 0, PART
    with file.open("rb", buffering=0) as source:
        source.seek(start)
        while left > 0 and (count := source.readinto(buffer[: min(BUFFER, left)])):
            found = zlib.crc32(buffer[:count], found)
            left -= count
    return found
