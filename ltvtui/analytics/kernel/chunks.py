"""Long columns in short chunks, on all cores.

A pass over ten million rows as a whole leaves columns between its steps that no cache holds, and the system has to
find memory for each of them, which takes it longer than the arithmetic. Between the steps over a chunk little is
left, and the next chunk uses its memory again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import polars as pl

SHORT: Final = 1_000_000
"""Rows of a chunk, about."""
Chunk = tuple[int, int]
"""Where it begins, and how many rows it has."""
P = TypeVar("P")
R = TypeVar("R")


def chunks(height: int, end: Callable[[int], int] = lambda row: row + 1) -> list[Chunk]:
    """A table of `height` rows in chunks: a single one, though empty, where it is short.

    `end` tells behind which row a chunk may end that should end with the given one, for what belongs together.
    """
    ends = {min(end(row - 1), height) for row in range(SHORT, height, SHORT)} | {height}
    found = sorted(ends)
    return [(start, stop - start) for start, stop in zip([0, *found[:-1]], found, strict=True)]


def each(work: Callable[[P], R], parts: Iterable[P]) -> list[R]:
    """What `work` gives for each of `parts`, in their order; `work` runs in several threads."""
    parts = list(parts)
    if len(parts) <= 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(pl.thread_pool_size(), thread_name_prefix="ltvtui-chunks") as pool:
        return list(pool.map(work, parts))


def joined(parts: Iterable[pl.Series]) -> pl.Series:
    """One column of the parts of it; they are not moved, so that it is read from end to end, not looked up in."""
    return pl.concat(parts, rechunk=False)


def joined_frames(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The parts as one table in one chunk, to be looked up in; column by column, so that of one alone there are two
    at a time. `parts` is emptied."""
    columns = []
    for name in parts[0].columns:
        columns.append(pl.concat([part[name] for part in parts], rechunk=True))
        parts[:] = [part.drop(name) for part in parts]
    return pl.DataFrame(columns)


def sorted_chunks(keys: pl.Series) -> list[Chunk]:
    """A table in chunks, of which none ends between two rows of the same of its `keys`, which rise."""
    return chunks(keys.len(), lambda row: int(keys.search_sorted(keys[row], "right")))
