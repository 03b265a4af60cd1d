"""Digests of all pages of an SQLite file, and of its trees what says which pages belong to a table.

Files are opened and closed here: see page_diff for when that must not be.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl

from ltvtui.errors import Cancelled
from ltvtui.sources.base import Stop
from ltvtui.sources.sqlite.file_version import HEADER, Version, no_other, number_at, version_of

BLOCK: Final = 65_536
"""Bytes of a block: what is unchanged as a whole is told by one digest. Any page size divides it. What changed
within a block is told page by page: an index on the customer changes one here and there, and must not drag its
neighbours along."""
PIECE: Final = 16 * BLOCK
"""Bytes read at a time."""
INNER: Final = 0x05
"""First byte of an inner page of a table."""


@dataclass(frozen=True, eq=False)
class PagePrints:
    """Digests of a file, and as much of its trees as says which pages belong to a table."""

    version: Version
    """The file that was read; in doubt where it changed meanwhile."""
    blocks: pl.Series
    """UInt64: digest of each BLOCK, without the header."""
    pages: pl.Series
    """UInt64: digest of each page, without the header; page 1 at place 0."""
    kinds: pl.Series
    """UInt8: first byte of each page."""
    cells: pl.Series
    """UInt16: what a tree page's header gives as its number of cells."""
    inner: Mapping[int, bytes]
    """Inner table pages, by page number; free pages that look like one among them."""
    free: frozenset[int] | None
    """Pages on the freelist; None: the file is not sound."""

    @property
    def sound(self) -> bool:
        """Whether anything may be concluded from it."""
        return self.free is not None and self.version.is_quiet

    def frames(self) -> dict[str, pl.DataFrame]:
        """Everything but the version, to be kept."""
        return {
            "blocks": self.blocks.to_frame("digest"),
            "pages": pl.DataFrame({"digest": self.pages, "kind": self.kinds, "cells": self.cells}),
            "inner": pl.DataFrame(
                {"page": list(self.inner), "content": list(self.inner.values())},
                schema={"page": pl.UInt32, "content": pl.Binary},
            ),
            "free": pl.DataFrame({"page": [] if self.free is None else sorted(self.free)}, {"page": pl.UInt32}),
        }


def restore_prints(version: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> PagePrints:
    """Prints from what `Version.as_json` and `Prints.frames` gave."""
    inner = frames["inner"]
    return PagePrints(
        Version(**version),
        frames["blocks"]["digest"],
        frames["pages"]["digest"],
        frames["pages"]["kind"],
        frames["pages"]["cells"],
        dict(zip(inner["page"].to_list(), inner["content"].to_list(), strict=True)),
        frozenset(frames["free"]["page"].to_list()),
    )


@dataclass(frozen=True)
class _Piece:
    """What one piece of a file gave."""

    blocks: bytes
    pages: bytes
    kinds: bytes
    high: bytes
    low: bytes
    inner: dict[int, bytes]


def fingerprint(path: Path, before: PagePrints | None = None, stopped: Stop | None = None) -> PagePrints:
    """Prints of the file at `path`; with prints of `before`, only blocks that changed are digested page by page.

    OSError where it cannot be read; Cancelled when `stopped`.
    """
    version = version_of(path)
    page_size, size = version.page_size, version.size
    if not version.is_quiet or page_size not in (1 << n for n in range(9, 17)) or size % page_size:
        return _nothing(version)
    if before is not None and (not before.sound or before.version.page_size != page_size):
        before = None
    coarse = _digests(before.blocks) if before is not None else b""
    fine = _digests(before.pages) if before is not None else b""
    pieces: list[_Piece] = []
    with ThreadPoolExecutor(2, thread_name_prefix="ltvtui-prints") as pool:
        for piece in pool.map(lambda at: _digest_piece(path, at, page_size, coarse, fine), range(0, size, PIECE)):
            pieces.append(piece)
            if stopped is not None and stopped():
                pool.shutdown(wait=True, cancel_futures=True)
                raise Cancelled
    kinds, high, low = (
        pl.Series("", list(b"".join(parts)), pl.UInt8)
        for parts in zip(*((p.kinds, p.high, p.low) for p in pieces), strict=True)
    )
    free = _freelist(path, page_size, len(kinds))
    if version_of(path) != version:
        version = replace(version, doubt=no_other())
    return PagePrints(
        version,
        _series(b"".join(p.blocks for p in pieces)),
        _series(b"".join(p.pages for p in pieces)),
        kinds,
        high.cast(pl.UInt16) * 256 + low,
        {number: content for p in pieces for number, content in p.inner.items()},
        free,
    )


def _nothing(version: Version) -> PagePrints:
    none = pl.Series(dtype=pl.UInt64)
    return PagePrints(version, none, none, none.cast(pl.UInt8), none.cast(pl.UInt16), {}, None)


def _digests(series: pl.Series) -> bytes:
    return struct.pack(f"<{len(series)}Q", *series.to_list())


def _series(digests: bytes) -> pl.Series:
    return pl.Series("", struct.unpack(f"<{len(digests) // 8}Q", digests), pl.UInt64)


def _digest_piece(path: Path, at: int, page_size: int, coarse: bytes, fine: bytes) -> _Piece:
    with path.open("rb", buffering=0) as file:
        content = memoryview(read_at(file, at, PIECE))
    blocks: list[bytes] = []
    pages: list[bytes] = []
    for start in range(0, len(content), BLOCK):
        block = content[start : start + BLOCK]
        skip = HEADER if at + start == 0 else 0
        blocks.append(sha256(block[skip:]).digest()[:8])
        place = (at + start) // BLOCK * 8
        if coarse[place : place + 8] == blocks[-1]:
            first = (at + start) // page_size * 8
            pages.append(fine[first : first + len(block) // page_size * 8])
        else:
            edges = range(0, len(block), page_size)
            pages += [sha256(block[max(e, skip) : e + page_size]).digest()[:8] for e in edges]
    kinds, high, low = (bytearray(content[offset::page_size]) for offset in (0, 3, 4))
    if at == 0:
        kinds[0], high[0], low[0] = content[HEADER], content[HEADER + 3], content[HEADER + 4]
    inner: dict[int, bytes] = {}
    place = kinds.find(INNER)
    while place >= 0:
        inner[at // page_size + place + 1] = bytes(content[place * page_size : (place + 1) * page_size])
        place = kinds.find(INNER, place + 1)
    return _Piece(b"".join(blocks), b"".join(pages), bytes(kinds), bytes(high), bytes(low), inner)


def read_at(file: Any, at: int, size: int) -> bytes:
    """`size` bytes from `at`, fewer only at the end of the file."""
    file.seek(at)
    parts: list[bytes] = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _freelist(path: Path, page_size: int, pages: int) -> frozenset[int] | None:
    """Pages that belong to nothing; None where the header or the list contradict the file."""
    with path.open("rb") as file:
        header = file.read(HEADER)
        # Writers before SQLite 3.7 do not keep the number of pages; whether it counts is said at 92
        if number_at(header, 24) == number_at(header, 92) and number_at(header, 28) != pages:
            return None
        trunk, total = number_at(header, 32), number_at(header, 36)
        free: list[int] = []
        while trunk and len(free) < total:
            if trunk > pages:
                return None
            content = read_at(file, (trunk - 1) * page_size, page_size)
            count = number_at(content, 4)
            if count > page_size // 4 - 2:
                return None
            free.append(trunk)
            free += struct.unpack_from(f">{count}I", content, 8)
            trunk = number_at(content, 0)
    found = frozenset(free)
    if trunk or len(free) != total or len(found) != total or not all(1 < page <= pages for page in found):
        return None
    return found
