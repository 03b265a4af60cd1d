"""The rows of a long table by one of its columns: the first of them at once, all of them where they are needed.

Who sorts a million customers looks at forty. The thousand that come first are found in a fifth of the time that it
takes to sort all; texts in a tenth.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import polars as pl

FIRST: Final = 1_000
"""Rows that are found without sorting the rest."""


class SortOrder:
    """Rows by their `keys`, of which the further ones decide where those before are equal; then as they stand.

    Nulls come last, whichever way the rest goes.
    """

    def __init__(self, keys: pl.DataFrame, descending: bool = False) -> None:
        """`keys` has the rows of the table, and at least one column."""
        self._keys = pl.DataFrame([_ranks(key) for key in keys])
        self._descending = descending

    def part(self, start: int, count: int) -> pl.Series:
        """Row numbers (UInt32) of `count` rows from the `start`-th on, or of as many as there are."""
        head = self._head
        inside = head is not None and start + count <= head.len()
        return head.slice(start, count) if inside and head is not None else self.whole.slice(start, count)

    def place_of(self, row: int) -> int:
        """As the how-manieth the row of that number comes, from 0."""
        return int((self.whole == row).arg_true()[0])

    @cached_property
    def whole(self) -> pl.Series:
        """Row numbers (UInt32) of all."""
        return self._sorted(self._keys)

    @cached_property
    def _head(self) -> pl.Series | None:
        """Row numbers of the first ones; None where all are sorted as fast."""
        key, *others = self._keys
        if key.len() - key.null_count() <= 2 * FIRST:
            return None
        edge = key.top_k(FIRST).min() if self._descending else key.bottom_k(FIRST).max()
        before = (key > edge if self._descending else key < edge).arg_true()
        before = before.gather(self._sorted(self._keys[before]))
        level = (key == edge).arg_true()
        if others:
            level = level.gather(self._sorted(pl.DataFrame(others)[level]))
        return pl.concat([before, level.head(FIRST - before.len())]).cast(pl.UInt32)

    def _sorted(self, keys: pl.DataFrame) -> pl.Series:
        """Row numbers of `keys` (UInt32) in their order."""
        # Rows are left where they are among equals: cheaper than to sort by their numbers too.
        order = pl.arg_sort_by(keys.columns, descending=self._descending, nulls_last=True, maintain_order=True)
        return keys.select(order).to_series()


def _ranks(values: pl.Series) -> pl.Series:
    """What has the order of `values` and is compared fast."""
    if isinstance(values.dtype, pl.Boolean):
        return values.cast(pl.UInt8)
    if isinstance(values.dtype, pl.Categorical):  # they are many, and their texts few
        values = values.cast(pl.Enum(values.unique().cast(pl.String).drop_nulls().sort()))
    return values.to_physical()
