"""What the activity of a shop tells whatever is asked of it, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals
from ltvtui.analytics.kernel.calendar_sums import Periods
from ltvtui.analytics.kernel.first_days import first_days
from ltvtui.analytics.kernel.memo import Memo


@dataclass(frozen=True, eq=False)
class CachedActivity:
    """An activity index whose answers are stored by `memo`."""

    index: ActivityIndex
    memo: Memo

    def totals(self, as_of: int) -> CustomerTotals:
        """Customers and gaps as of a day."""
        return self.memo.recall(("customer totals", as_of), lambda: self.index.totals(as_of))

    def customers(self, as_of: int) -> pl.DataFrame:
        """CustomerTotals.customers as of a day that is needed once: they are not stored."""
        stored: CustomerTotals | None = self.memo.find(("customer totals", as_of))
        return self.index.customers(as_of) if stored is None else stored.customers

    def stored_revenue(self, as_of: int) -> pl.DataFrame:
        """customer and revenue of `customers` as of a day, which are stored."""
        return self.memo.recall(
            ("stored revenue", as_of), lambda: self.customers(as_of).select("customer", "revenue")
        )

    def first_days(self, count: int) -> pl.DataFrame:
        """first_days of all customers."""
        index = self.index
        return self.memo.recall(("first days", count), lambda: first_days(index.activity, index.firsts.len(), count))

    def ages(self, horizon: int) -> pl.DataFrame:
        """ActivityIndex.ages; the months of the longest horizon serve shorter ones too."""
        precomputed = self.index.precomputed
        if precomputed is not None and precomputed.horizon >= horizon:
            return self.index.ages(horizon)
        longest: tuple[int, pl.DataFrame] | None = self.memo.find("ages")
        if longest is None or longest[0] < horizon:
            longest = horizon, self.index.ages(horizon)
            self.memo.pin("ages", longest)
        return self.index.first_months(longest[1], horizon)

    def periods(self, bucket: str, week_start: int = 0) -> Periods:
        """The activity in calendar periods of one kind."""
        return Periods(self.index, bucket, week_start, self.memo)
