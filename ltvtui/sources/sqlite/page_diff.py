"""What changed in an SQLite file, found from its pages, without reading its rows again.

A `Version` (file_version) says whether anything was committed at all. `PagePrints` are digests of the whole file, and
with two of them `touched` names the row ids of one table whose rows can be new or different.

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

**Locks.** Everything here, in file_version and in page_prints opens and closes the file itself. POSIX then drops
every lock that this process holds on it, so it must not be called while a connection of this process reads the same
file: open the connection afterwards, and compare Versions again when it is closed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.sources.base import TableChange
from ltvtui.sources.sqlite.file_version import HEADER, number_at, version_of
from ltvtui.sources.sqlite.page_prints import INNER, PagePrints, read_at

MOST_PAGES: Final = 2**25
"""From here on the first byte of an overflow page, the high byte of a page number, could be a tree page's."""

LEAF: Final = 0x0D
TREE_PAGES: Final = frozenset({LEAF, INNER, 0x0A, 0x02})
"""First bytes of pages of tables and, the latter two, of indexes."""

DEEPEST: Final = 20
"""Levels of a tree that SQLite allows."""

_NUMBER: Final = struct.Struct(">I")


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
    maps = _map_pages(len(after.pages), page_size - header[20], lock) if number_at(header, 52) else set()
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
            content = read_at(file, (page - 1) * page_size, page_size)
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
