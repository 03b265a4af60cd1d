"""Clean orders that are in memory, and the answers about single ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ltvtui.analytics.cleaning.data_quality import RuleCount, excluded_at
from ltvtui.analytics.order_store import HOURS, MONTHS, WEEKDAYS, OrderMoments, OrderSums
from ltvtui.analytics.schema import ORDERS, ROW_REQUIRED

_THURSDAY = 3
"""The weekday of day 0, Monday being 0."""
_CELLS = WEEKDAYS * MONTHS * HOURS


@dataclass(frozen=True, eq=False)
class FrameOrders:
    """An OrderStore of a frame."""

    frame: pl.DataFrame
    """schema.ORDERS, then margin (if mapped) and order attributes (Categorical)."""

    @property
    def margin_mapped(self) -> bool:
        """By the column."""
        return "margin" in self.frame.columns

    def of(self, customer: int) -> pl.DataFrame:
        """By looking through all customers."""
        theirs = self.frame.filter(pl.col("customer") == customer)
        return theirs.sort("day", "second", "kind", *deciding(theirs), nulls_last=True)

    def newest(self, since: int, until: int, count: int) -> pl.DataFrame:
        """Of several at one moment the last one read stands first."""
        late = self.frame.filter(pl.col("day").is_between(since, until) & (pl.col("kind") == "order"))
        return late.reverse().sort("day", "second", descending=True, maintain_order=True).head(count)

    def values(self, attribute: str, until: int) -> pl.DataFrame:
        """Counted by category."""
        counted = self.frame[attribute].filter(self._bought(until)).alias("value").value_counts(name="count")
        return counted.select(pl.col("value").cast(pl.String), pl.col("count").cast(pl.Int64))

    def distinct(self, attribute: str) -> pl.Series:
        """Categories that orders have."""
        return self.frame[attribute].unique().drop_nulls().cast(pl.String)

    def buyers(self, attribute: str, values: Sequence[str | None], until: int, *, others: bool = False) -> pl.Series:
        """By number of the category: texts are looked at once."""
        column = self.frame[attribute]
        texts = pl.Series([value for value in values if value is not None], dtype=pl.String)
        numbers, wanted = column.to_physical(), texts.cast(column.dtype, strict=False).drop_nulls().to_physical()
        found = numbers == wanted[0] if wanted.len() == 1 else numbers.is_in(wanted.implode())
        if others:
            found = ~found & column.is_not_null()
        elif None in values:
            found = found.fill_null(False) | column.is_null()
        return self.frame["customer"].filter(found.fill_null(False) & self._bought(until))

    def counts(self, until: int) -> tuple[int, int]:
        """By kind."""
        kinds = self.frame.select("kind").filter(self.frame["day"] <= until)["kind"]
        bought = int((kinds == "order").sum())
        return bought, kinds.len() - bought

    def excluded(self, buyers: pl.Series, until: int) -> tuple[RuleCount, ...]:
        """data_quality.excluded_at."""
        return excluded_at(self.frame, buyers, until)

    def moments(self, asked: pl.Series, until: int) -> OrderMoments:
        """Each order is put into its cell by the number of the cell."""
        orders = self.frame.filter(self._bought(until)).select("customer", "day", "second")
        if orders.is_empty():
            return OrderMoments(np.zeros((2, WEEKDAYS, MONTHS, HOURS), dtype=np.int64), 0)
        first, last = orders.select(pl.col("day").min(), pl.col("day").max().alias("last")).row(0)
        days = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)
        month = days.cast(pl.Date).dt.month().cast(pl.Int32) - 1
        start = (((days + _THURSDAY) % WEEKDAYS * MONTHS + month) * HOURS).cast(pl.UInt16)
        cell = pl.lit(start).gather(pl.col("day") - first) + (pl.col("second") // 3600).cast(pl.UInt16)
        side = asked.cast(pl.UInt16) * _CELLS
        cells = orders.select(cell + pl.lit(side).gather("customer")).to_series()
        counts = np.bincount(cells.to_numpy(), minlength=2 * _CELLS).reshape(2, WEEKDAYS, MONTHS, HOURS)
        return OrderMoments(counts.astype(np.int64), int((orders["second"] == 0).sum()))

    def sums(self) -> OrderSums:
        """Added up from the columns; rows are not moved for it."""
        is_order, amounts, ids = self.frame["kind"] == "order", self.frame["amount"], self.frame["order_id"]
        highest = amounts.max()
        return OrderSums(
            rows=self.frame.height,
            orders=int(is_order.sum()),
            orders_without_id=int((ids.is_null() & is_order).sum()) if ids.null_count() else 0,
            negative=int((amounts < 0).sum()),
            total=int(amounts.sum()),
            highest=highest if isinstance(highest, int) else 0,
        )

    def same_moments(self) -> int:
        """By the number of different ones."""
        moments = self.frame.select("customer", "day", "second").filter(self.frame["kind"] == "order")
        return moments.height - moments.n_unique()

    def same_amounts(self) -> tuple[int, int]:
        """By what comes again."""
        same = self.frame.select("customer", "day", "second", "amount").filter(self.frame["kind"] == "order")
        if same.n_unique() == same.height:
            return 0, 0
        groups = same.group_by(same.columns).agg(pl.len().cast(pl.Int64) - 1)
        return int(groups["len"].sum()), int((groups["len"] * groups["amount"]).sum())

    def sample(self, column: str, most: int) -> pl.Series:
        """Every so many rows one."""
        values = self.frame[column]
        return values.gather_every(max(values.len() // most, 1))

    def _bought(self, until: int) -> pl.Series:
        """Boolean, row for row: no refunds, and nothing after the day `until`."""
        return self.frame.select((pl.col("kind") == "order") & (pl.col("day") <= until)).to_series()


def deciding(orders: pl.DataFrame) -> tuple[str, ...]:
    """The columns that decide which of two orders of the same customer and moment stands first."""
    return ("order_id", "amount", *(c for c in orders.columns if c not in ORDERS and c not in ROW_REQUIRED))
