"""Small tables as arrays: rows that stand together by their keys, and grids of a row a group and a column a month.

A question of Polars takes a tenth of a millisecond however few rows it has, and a screen asks some hundred of them.
Of tables with a row a segment and month the same sums are made by numpy in a few microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[Any]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Groups:
    """A table by its keys: groups of rows with the same, each of at least one row."""

    rows: pl.DataFrame
    """The same keys stand together; sorted by them, nulls last, unless they stood in another order before."""
    keys: list[str]
    """None: all rows are one group."""
    starts: Places
    """The row with which each group begins."""

    @property
    def names(self) -> pl.DataFrame:
        """The keys of each group; without keys no column."""
        return self.rows[self.keys][self.starts] if self.keys else pl.DataFrame()

    @property
    def numbers(self) -> Places:
        """The number of the group of each row, from 0 on."""
        sizes = np.diff(self.starts, append=self.rows.height)
        return np.repeat(np.arange(len(self.starts)), sizes)

    def column(self, name: str) -> Array:
        """A column of the rows, which has no nulls."""
        return self.rows[name].to_numpy()

    def columns(self, names: Sequence[str]) -> Array:
        """Columns of one dtype without nulls: a row each, as the rows stand."""
        return self.rows[list(names)].to_numpy()

    def sums(self, values: Array) -> Array:
        """`values`, an entry or a row for each of the rows, added up by group."""
        return np.add.reduceat(values, self.starts) if len(self.starts) else values[:0]


def grouped(rows: pl.DataFrame, keys: Sequence[str], *, is_sorted: bool = False) -> Groups:
    """`rows` by `keys`; an empty table has no group. Rows that are sorted already, in whatever order of the keys,
    stay where they are."""
    names = list(keys)
    if not names or rows.height < 2:
        return Groups(rows, names, np.arange(min(rows.height, 1)))
    return _groups(rows if is_sorted else rows.sort(names, nulls_last=True), names)


def _groups(rows: pl.DataFrame, keys: list[str]) -> Groups:
    begins = rows.select(pl.any_horizontal(pl.col(k).ne_missing(pl.col(k).shift(1)) for k in keys)).to_series()
    starts = np.flatnonzero(begins.to_numpy())
    if len(starts) == 0 or starts[0] != 0:  # the first key is null
        starts = np.concatenate([[0], starts])
    return Groups(rows, keys, starts)


def places_among(names: pl.DataFrame, others: pl.DataFrame) -> Places:
    """Where each row of `names`, groups' keys, stands among the rows of `others`; -1 where it does not."""
    if names.equals(others):
        return np.arange(names.height)
    numbered = others.with_row_index("_place")
    found = names.join(numbered, on=names.columns, how="left", nulls_equal=True, maintain_order="left")["_place"]
    return found.cast(pl.Int64).fill_null(-1).to_numpy().astype(np.intp)


def beside(names: pl.DataFrame, groups: Places, columns: dict[str, Array]) -> pl.DataFrame:
    """The keys of the rows' `groups`, and `columns` beside them."""
    values = pl.DataFrame(columns)
    return names[groups].hstack(values) if names.width else values
