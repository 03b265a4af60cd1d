"""Running totals along the activity: what each customer did up to any day is the difference of two of them.

Activity is sorted by customer and day. So what a customer did up to some day is a prefix of their rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ltvtui.analytics.kernel.activity_slice import ActivitySlice
from ltvtui.analytics.kernel.chunks import each
from ltvtui.analytics.kernel.run_lengths import ends_of


@dataclass(frozen=True, eq=False)
class PrefixSums:
    """The running totals of a shop's activity; each is made when it is first needed."""

    activity: pl.DataFrame
    """schema.ACTIVITY in one chunk, sorted by customer and day; every customer code up to the last has rows."""
    sums: tuple[str, ...]
    """Its columns that add up."""
    slices: tuple[ActivitySlice, ...]
    """The same activity, some customers after the others."""

    @cached_property
    def rows(self) -> pl.DataFrame:
        """One row per customer code: customer, start and rows (UInt32: where theirs are), first (order day)."""
        begun = pl.concat((part.begun for part in self.slices), rechunk=True)
        rows = begun["rows"]
        codes = pl.int_range(rows.len(), dtype=pl.UInt32, eager=True).alias("customer")
        return pl.DataFrame([codes, (rows.cum_sum() - rows).alias("start"), rows, begun["first"]])

    @cached_property
    def ends(self) -> pl.Series:
        """Boolean, along the activity: the last row of its customer."""
        return ends_of(self.activity["customer"])

    @cached_property
    def totals(self) -> pl.DataFrame:
        """Running totals of `sums` along the whole of the activity."""
        return self.activity.select(pl.col(self.sums).cum_sum())

    @cached_property
    def before(self) -> pl.DataFrame:
        """`sums`, and where there are refunds `days`, of all rows before each customer's; by customer code."""
        found = self.totals.filter(self.ends).select(pl.all().shift(1, fill_value=0))
        if not self._any_refunds:
            return found
        return found.with_columns(self._order_days["days"].filter(self.ends).shift(1, fill_value=0))

    @cached_property
    def squared_gaps(self) -> pl.Series:
        """Along the activity (Int64): what grows by the square of each gap between order days of one customer."""
        return pl.concat(each(ActivitySlice.squares, self.slices), rechunk=True)

    def squared_gaps_until(self, as_of: int) -> pl.Series:
        """Sum of the squared gaps between order days up to `as_of`, by customer code (Int64); 0 without any."""
        first = self.rows["start"]
        last = first + self._rows_until(as_of).clip(lower_bound=1) - 1
        # There is no gap at a customer's first row, so the total there is that of all before.
        return self.squared_gaps.gather(last) - self.squared_gaps.gather(first)

    def customers_until(self, as_of: int) -> pl.DataFrame:
        """CustomerTotals.customers as of a day, `value` only where it is among the sums: what stands at the last of
        their rows, less what stands before all."""
        begun = (self.rows["first"] <= as_of).fill_null(False)
        rows = self.rows.with_columns(rows=self._rows_until(as_of)).filter(begun)
        before = self.before.filter(begun)
        at = rows["start"] + rows["rows"] - 1
        sums = [self.totals[name].gather(at) - before[name] for name in self.sums]
        if self._any_refunds:
            days = self._order_days["days"].gather(at) - before["days"]
            last = self._order_days["last"].gather(at)
        else:
            days, last = rows["rows"], self.activity["day"].gather(at)
        return rows.select("customer", "first").with_columns(*sums, days.alias("days"), last.alias("last"))

    def _rows_until(self, as_of: int) -> pl.Series:
        """Rows of each customer code up to a day (UInt32)."""
        # Most days that are asked for are late ones: few rows come after them.
        later = self.activity["customer"].filter(self.activity["day"] > as_of).rle().struct.unnest()
        after = pl.zeros(self.rows.height, dtype=pl.UInt32, eager=True).scatter(later["value"], later["len"])
        return self.rows["rows"] - after

    @cached_property
    def _any_refunds(self) -> bool:
        """Whether there is a day on which a customer ordered nothing and got money back."""
        return bool((self.activity["orders"] == 0).any())

    @cached_property
    def _order_days(self) -> pl.DataFrame:
        """Where there are refunds: order days so far (running), and the latest of them, along the activity."""
        bought = pl.col("orders") > 0
        return self.activity.select(
            bought.cast(pl.UInt32).cum_sum().alias("days"),
            pl.when(bought).then(pl.col("day")).forward_fill().alias("last"),
        )
