"""Days between consecutive order days of the same customer, as of any day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ltvtui.analytics.kernel.activity_slice import ActivitySlice
from ltvtui.analytics.kernel.chunks import each, joined


@dataclass(frozen=True, eq=False)
class OrderGaps:
    """The gaps of a shop."""

    slices: tuple[ActivitySlice, ...]
    """Its activity, some customers after the others."""
    first_day: int
    last_day: int

    @cached_property
    def by_day(self) -> pl.DataFrame:
        """day (of the return), gap (Int32, days since the order day before), len (how many); sorted by gap."""
        first, days = self.first_day, self.last_day - self.first_day + 1
        # Both in one number, which is sorted in less than half the time in which they are grouped.
        packed = each(lambda part: part.gaps(first, days), self.slices)
        found = joined(packed).sort().rle().struct.unnest()
        return found.select(
            (pl.col("value") % days + first).cast(pl.Int32).alias("day"),
            (pl.col("value") // days).cast(pl.Int32).alias("gap"),
            "len",
        )

    def until(self, as_of: int) -> pl.DataFrame:
        """CustomerTotals.gaps as of a day."""
        seen = self.by_day.filter(pl.col("day") <= as_of)
        return seen.group_by("gap", maintain_order=True).agg(pl.col("len").sum())
