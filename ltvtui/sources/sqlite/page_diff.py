"""What changed in an SQLite file, found from its pages, without reading its rows again.

A `Version` says whether anything was committed at all. `Prints` are digests of the whole file, and with two of
them `touched` names the row ids of one table whose rows can be new or different.

**Why that is sound.** Take two committed states of a file, before and after, and a table that is stored by row
id under root page R. A table is a tree: R, inner pages that list their children, leaves that hold the rows.

1. The schema (the tree under page 1) is byte for byte the same, so R is the root of the same table in both.
2. A row of the after state lies in one leaf. If that leaf was a leaf of R's tree before, with the same bytes,
   the row was there before, with the same row id and the same cell. Every other leaf is named as touched.
3. A cell too long for its page goes on in overflow pages, one linked to the next. If leaf and links are as
   before, only the bytes of such a page can differ, and then it was in use before. `touched` therefore gives
   up when a page that is neither a tree's nor free now has changed, unless it was free or not there before:
   then the link to it is new, and that link lies in a page of which 2 or 3 speaks.

So rows outside the touched ranges are rows of the before state: nothing there is new or different, though
something may be gone. That is left to counting. Cut the row ids up to the highest one of the before state into
chunks that leave no gap (`suspects`), and keep with each a digest of its rows that also fixes their number. If

- every chunk that a touched range meets gives its old digest when it is read again, and
- the table has as many rows as before and those above the old highest row id (`Touched.rows`),

then the other chunks hold only rows that they held before, and as many in all: the same ones. A row that is
deleted leaves the count short, even if its page is given back without being overwritten; one that is put in
elsewhere to make up for it lies in a touched leaf, so its chunk is read and differs.

What this rests on: digests of 64 bits do not collide; nobody edits the schema by hand without a trace
(`PRAGMA writable_schema`); and what is read from a row depends on that row alone. An SQL expression that looks
into another table, or at the clock, is the caller's to rule out.

**Locks.** Everything here opens and closes the file itself. POSIX then drops every lock that this process holds
on it, so it must not be called while a connection of this process reads the same file: open the connection
afterwards, and compare Versions again when it is closed.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl

from ltvtui.errors import Cancelled
from ltvtui.sources.base import Stop, TableChange
from ltvtui.sources.sqlite.files import MAGIC, Files, FileState, beside

BLOCK: Final = 65_536
"""Bytes of a block: what is unchanged as a whole is told by one digest. Any page size divides it. What changed
within a block is told page by page: an index on the customer changes one here and there, and must not drag its
neighbours along."""
PIECE: Final = 16 * BLOCK
"""Bytes read at a time."""
MOST_PAGES: Final = 2**25
"""From here on the first byte of an overflow page, the high byte of a page number, could be a tree page's."""
HEADER: Final = 100
"""Bytes of the file's header. It moves with every commit, and no digest covers it."""

LEAF: Final = 0x0D
INNER: Final = 0x05
TREE_PAGES: Final = frozenset({LEAF, INNER, 0x0A, 0x02})
"""First bytes of pages of tables and, the latter two, of indexes."""

DEEPEST: Final = 20
"""Levels of a tree that SQLite allows."""

_NUMBER: Final = struct.Struct(">I")
_YOUNG_NS: Final = 60_000_000
"""File times move in ticks of up to 10 ms; a file younger than this may change without them moving."""
_COARSE_NS: Final = 2_500_000_000
"""The same where times are kept in whole seconds."""


@dataclass(frozen=True)
class Version:
    """The state of a database file. Two that are equal: nothing was committed between them.

    Times, size and inode tell a file that was replaced or restored; the change counter a commit in rollback
    mode; size, times and bytes of the `-wal` one in WAL mode. `touch` alone makes a difference too: then prints
    show that nothing changed.
    """

    path: str
    """Resolved."""
    device: int
    inode: int
    size: int
    """Bytes."""
    modified: int
    """Nanoseconds since 1970."""
    changed: int
    """The inode's own time, nanoseconds; no program sets it, so a restored `modified` does not deceive."""
    page_size: int
    """Bytes; 0: not an SQLite file."""
    counter: int
    """Change counter."""
    cookie: int
    """Schema cookie."""
    wal: str
    """Size, time and digest of a filled `-wal`; empty: there is none, all is in the file itself."""
    doubt: str
    """Empty, or different in every Version, so that it equals no other: a journal lies beside the file, or it
    was written to so shortly before that its times may not tell the next commit."""

    @property
    def is_quiet(self) -> bool:
        """Everything committed is in the file itself, and no program is in the middle of writing."""
        return not self.wal and not self.doubt and self.page_size > 0

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def version_of(path: Path) -> Version:
    """The version that lies at `path` now; waits 0.06 s where it was written just now.

    OSError where it cannot be read.
    """
    path = path.resolve()
    found = _version(path)
    if found.doubt:
        time.sleep(_YOUNG_NS / 1e9)
        found = _version(path)
    return found


def is_current(version: Version) -> bool:
    """Whether a quiet version is the one that lies there now, by the files, without opening them."""
    files = Files.of(Path(version.path))
    main = FileState(version.device, version.inode, version.size, version.modified, version.changed)
    return version.is_quiet and files.main == main and not (files.wal and files.wal.size)


def _version(path: Path) -> Version:
    now = time.time_ns()  # before the state: what is committed after it gets a time of this, less a tick at most
    with path.open("rb", buffering=0) as file:
        state = os.fstat(file.fileno())
        header = file.read(HEADER)
    is_database = header.startswith(MAGIC) and len(header) == HEADER
    # A write sets both times to now; `modified` alone can be set by hand, and says nothing where it lies ahead
    last = max(state.st_ctime_ns, state.st_mtime_ns if state.st_mtime_ns <= now else 0)
    coarse = state.st_mtime_ns % 1_000_000_000 == 0 == state.st_ctime_ns % 1_000_000_000
    doubtful = now - last < (_COARSE_NS if coarse else _YOUNG_NS) or _journal(path)
    return Version(
        path=str(path),
        device=state.st_dev,
        inode=state.st_ino,
        size=state.st_size,
        modified=state.st_mtime_ns,
        changed=state.st_ctime_ns,
        page_size=_page_size(header) if is_database else 0,
        counter=_number(header, 24) if is_database else 0,
        cookie=_number(header, 40) if is_database else 0,
        wal=_wal(path),
        doubt=_never() if doubtful else "",
    )


def _never() -> str:
    return os.urandom(8).hex()


def _journal(path: Path) -> bool:
    """Whether a rollback journal is in use: left by a crash, or by somebody who is writing."""
    journal = beside(path, "-journal")
    if journal.exists() and not journal.is_file():
        return True  # a pipe: who opened it would wait
    try:
        with journal.open("rb") as file:
            return file.read(1) not in (b"", b"\0")
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _wal(path: Path) -> str:
    wal = beside(path, "-wal")
    if wal.exists() and not wal.is_file():
        return _never()
    try:
        with wal.open("rb") as file:
            state = os.fstat(file.fileno())
            digest = sha256()
            while piece := file.read(PIECE):
                digest.update(piece)
    except FileNotFoundError:
        return ""
    except OSError:
        return _never()
    return f"{state.st_size} {state.st_mtime_ns} {digest.hexdigest()}" if state.st_size else ""


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "big")


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18], "big")
    return 65_536 if size == 1 else size


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
        version = replace(version, doubt=_never())
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
        content = memoryview(_read(file, at, PIECE))
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


def _read(file: Any, at: int, size: int) -> bytes:
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
        if _number(header, 24) == _number(header, 92) and _number(header, 28) != pages:
            return None
        trunk, total = _number(header, 32), _number(header, 36)
        free: list[int] = []
        while trunk and len(free) < total:
            if trunk > pages:
                return None
            content = _read(file, (trunk - 1) * page_size, page_size)
            count = _number(content, 4)
            if count > page_size // 4 - 2:
                return None
            free.append(trunk)
            free += struct.unpack_from(f">{count}I", content, 8)
            trunk = _number(content, 0)
    found = frozenset(free)
    if trunk or len(free) != total or len(found) != total or not all(1 < page <= pages for page in found):
        return None
    return found


def touched(path: Path, before: PagePrints, after: PagePrints, root: int) -> TableChange | None:
    """What changed in the table under page `root` (`rootpage` of sqlite_master) from `before` to `after`.

    `after` is `fingerprint(path)`. None: it cannot be told, all has to be read again. OSError where the file
    cannot be read.
    """
    old, new = before.version, after.version
    if not before.sound or not after.sound or (old.page_size, old.cookie) != (new.page_size, new.cookie):
        return None
    if not len(before.pages) <= len(after.pages) < MOST_PAGES:
        return None
    changed = _changed(before, after)
    if not _overflow_is_untouched(path, before, after, changed):
        return None
    try:
        schema, schema_before = _leaves(after, 1), _leaves(before, 1)
        leaves, leaves_before = _leaves(after, root), _leaves(before, root)
        if schema != schema_before or schema & changed:
            return None
        fresh = sorted((leaves - leaves_before) | (leaves & changed))
        ranges = _merged(_row_ids(path, fresh, new.page_size))
        rows_before, rows = _rows(before, leaves_before), _rows(after, leaves)
    except (_Odd, struct.error, IndexError):
        return None
    return TableChange(ranges, rows_before, rows) if version_of(path) == new else None


class _Odd(Exception):
    """The file is not what SQLite's format describes."""


def _changed(before: PagePrints, after: PagePrints) -> frozenset[int]:
    """Pages whose bytes may differ, those that are new included."""
    shared = len(before.pages)
    differ = (before.pages != after.pages[:shared]).arg_true() + 1
    return frozenset(differ.to_list()) | frozenset(range(shared + 1, len(after.pages) + 1))


def _overflow_is_untouched(path: Path, before: PagePrints, after: PagePrints, changed: frozenset[int]) -> bool:
    """Whether every changed page is a tree's, is free, or belonged to nothing before."""
    page_size = after.version.page_size
    kinds = after.kinds.to_list()
    odd = {page for page in changed if page <= len(before.pages) and kinds[page - 1] not in TREE_PAGES}
    odd -= (before.free or frozenset()) | (after.free or frozenset())
    if not odd:
        return True
    with path.open("rb") as file:
        header = file.read(HEADER)
    lock = 2**30 // page_size + 1  # never used, so that locks have bytes of their own
    maps = _map_pages(len(after.pages), page_size - header[20], lock) if _number(header, 52) else set()
    return odd <= {lock, *maps}


def _map_pages(pages: int, usable: int, lock: int) -> set[int]:
    """Pages of an auto-vacuum file that say who owns which page."""
    return {page + 1 if page == lock else page for page in range(2, pages + 1, usable // 5 + 1)}


def _leaves(prints: PagePrints, root: int) -> frozenset[int]:
    """The leaves of the tree under page `root`."""
    inner = prints.inner
    leaves: set[int] = set()
    level, depth = {root}, 0
    while level:
        below = level & inner.keys()
        leaves |= level - below
        level = {child for page in below for child in _children(inner[page], HEADER if page == 1 else 0)}
        depth += 1
        if depth > DEEPEST:
            raise _Odd
    listed = pl.Series(list(leaves), dtype=pl.UInt32)
    if not listed.is_between(1, len(prints.pages)).all() or (prints.kinds.gather(listed - 1) != LEAF).any():
        raise _Odd
    return frozenset(leaves)


def _children(content: bytes, at: int) -> list[int]:
    """Pages that an inner page lists; `at` is where its own header begins."""
    count = int.from_bytes(content[at + 3 : at + 5], "big")
    number = _NUMBER.unpack_from
    places = struct.unpack_from(f">{count}H", content, at + 12)
    return [number(content, place)[0] for place in (at + 8, *places)]


def _rows(prints: PagePrints, leaves: frozenset[int]) -> int:
    return int(prints.cells.gather([page - 1 for page in leaves]).cast(pl.UInt64).sum())


def _row_ids(path: Path, leaves: Iterable[int], page_size: int) -> Iterator[tuple[int, int]]:
    """First and last row id of each leaf that holds any."""
    with path.open("rb") as file:
        for page in leaves:
            content = _read(file, (page - 1) * page_size, page_size)
            at = HEADER if page == 1 else 0
            count = int.from_bytes(content[at + 3 : at + 5], "big")
            if content[at] != LEAF:
                raise _Odd
            if count:
                first, *_, last = struct.unpack_from(f">{count}H", content, at + 8) * 2
                yield _row_id(content, first), _row_id(content, last)


def _row_id(content: bytes, at: int) -> int:
    _, at = _varint(content, at)  # size of the row
    value, _ = _varint(content, at)
    return value - 2**64 if value >= 2**63 else value


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """SQLite's integer of 1 to 9 bytes, and the place after it."""
    value = 0
    for place in range(at, at + 8):
        byte = content[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    return value << 8 | content[at + 8], at + 9


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)
