"""What follows from activity for every as-of day: computed once, so that a new day or churn gap answers at once.

What a customer did up to some day is told by running totals (prefix_sums); what they did in an age month is the same
whatever the as-of day: only which months count for them is not (analytics.ltv).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

import polars as pl

from ltvtui.analytics.kernel.activity_merge import merge_in
from ltvtui.analytics.kernel.activity_slice import ActivitySlice
from ltvtui.analytics.kernel.chunks import each, sorted_chunks
from ltvtui.analytics.kernel.engine import engine_for
from ltvtui.analytics.kernel.order_gaps import OrderGaps
from ltvtui.analytics.kernel.prefix_sums import PrefixSums
from ltvtui.analytics.kernel.refund_days import early_refunds, lone_refunds


@dataclass(frozen=True, eq=False)
class CustomerTotals:
    """Customers as of one day, before anything is agreed on."""

    as_of: int
    customers: pl.DataFrame
    """customer, orders (UInt32), revenue, value (Int64), days (UInt32, order days), first, last (order days); sorted
    by customer (metrics.md §2)."""
    gaps: pl.DataFrame
    """gap (Int32, days between consecutive order days), len (how many); sorted by gap."""

    @cached_property
    def ranked(self) -> dict[str, pl.Series]:
        """`revenue` and `value` of the customers, highest first."""
        revenue, value = self.customers["revenue"], self.customers["value"]
        highest = revenue.sort(descending=True)
        return {"revenue": highest, "value": highest if value.equals(revenue) else value.sort(descending=True)}

    def values(self, margin: float | None) -> pl.Series:
        """Historic value that tiers are cut by, highest first; under an agreed `margin` that is revenue."""
        return self.ranked["value" if margin is None else "revenue"]


@dataclass(frozen=True, eq=False)
class Precomputed:
    """What of a ActivityIndex answers the first question, so that it can be kept and need not be computed again."""

    by_day: pl.DataFrame
    """ActivityIndex.by_day."""
    totals: CustomerTotals
    """As of one day."""
    ages: pl.DataFrame
    """ActivityIndex.ages of `horizon`."""
    horizon: int
    together: Mapping[tuple[str, int], pl.DataFrame] | None = None
    """Periods.together, by bucket and week start."""
    begins: Mapping[tuple[str, int], pl.Series] | None = None
    """Periods.begins, by bucket and week start."""
    refunds: pl.DataFrame | None = None
    """ActivityIndex.refunds, where it is known."""


@dataclass(frozen=True, eq=False)
class ActivityIndex:
    """The activity of a shop, and what follows from it."""

    visits: pl.DataFrame
    """schema.ACTIVITY, sorted by customer and day; every customer code up to the last has rows."""
    margin_mapped: bool = False
    """False where value is revenue once more."""
    precomputed: Precomputed | None = None
    """What is known of it already."""
    since: pl.DataFrame | None = None
    """Activity that came later and is not among `visits`: schema.ACTIVITY, sorted. `precomputed` knows of it."""

    @cached_property
    def activity(self) -> pl.DataFrame:
        """All of it, in one chunk: what is looked up by row number must not have to search for its chunk."""
        return self.base if self.since is None else merge_in(self.base, self.since)

    @cached_property
    def base(self) -> pl.DataFrame:
        """`visits` in one chunk."""
        return self.visits.rechunk()

    @property
    def preparations(self) -> tuple[Callable[[], object], ...]:
        """Each computes ahead something that a question about another day will need; done once, it costs nothing."""
        running = self.running
        steps = ((running, "rows"), (running, "before"), (self.gaps, "by_day"), (running, "squared_gaps"))
        return tuple(partial(getattr, part, name) for part, name in steps)

    @property
    def first_day(self) -> int:
        """Day of the first row."""
        return int(self.by_day["day"][0]) if self.by_day.height else 0

    @property
    def last_day(self) -> int:
        """Day of the last row."""
        return int(self.by_day["day"][-1]) if self.by_day.height else 0

    def latest(self, until: int) -> int | None:
        """The latest day up to the day `until` with an order or a refund; None without an order up to then.

        A refund counts on the day on which it is booked: one that refers to its order, on that of the order. One of
        somebody who had not ordered by then is left out on that day, and does not count.
        """
        seen = self.by_day.filter(pl.col("day") <= until)
        bought = seen.filter(pl.col("orders") > 0)["day"].max()
        if not isinstance(bought, int) or seen["day"][-1] == bought:
            return bought if isinstance(bought, int) else None
        back = self.refunds.filter(pl.col("day").is_between(bought, until, closed="right"))
        owners = back["customer"].unique().implode()
        # A grown shop need not be put into one chunk for this.
        parts = [self.base] if self.since is None else [self.base, self.since]
        theirs = [part.select("customer", "day", "orders").filter(part["customer"].is_in(owners)) for part in parts]
        had_ordered = pl.concat(theirs).filter(pl.col("orders") > 0, pl.col("day") <= bought)["customer"]
        last = back.filter(pl.col("customer").is_in(had_ordered.unique().implode()))["day"].max()
        return last if isinstance(last, int) else bought

    @cached_property
    def refunds(self) -> pl.DataFrame:
        """Rows of `activity` on which a customer ordered nothing and got money back."""
        if self.precomputed is not None and self.precomputed.refunds is not None:
            return self.precomputed.refunds
        return self.activity.filter(pl.col("orders") == 0)

    @cached_property
    def lone_refunds(self) -> pl.DataFrame:
        """refunds.lone_refunds of `activity`."""
        return lone_refunds(self.activity)

    @cached_property
    def early_refunds(self) -> pl.DataFrame:
        """refunds.early_refunds of `activity`."""
        return early_refunds(self.activity, self.lone_refunds)

    @cached_property
    def running(self) -> PrefixSums:
        """Running totals along `activity`."""
        return PrefixSums(self.activity, self.sums, self._slices)

    @cached_property
    def gaps(self) -> OrderGaps:
        """Days between consecutive order days."""
        return OrderGaps(self._slices, self.first_day, self.last_day)

    @property
    def firsts(self) -> pl.Series:
        """First order day of each customer code; null where there is none."""
        return self.running.rows["first"]

    @property
    def sums(self) -> tuple[str, ...]:
        """The columns of `activity` that add up, each once."""
        return ("orders", "revenue", "value") if self.margin_mapped else ("orders", "revenue")

    @cached_property
    def by_day(self) -> pl.DataFrame:
        """day, orders (UInt32), revenue (Int64 money) of all customers; sorted."""
        if self.precomputed is not None:
            return self.precomputed.by_day
        sums = self.activity.lazy().group_by("day").agg(pl.col("orders", "revenue").sum())
        return sums.sort("day").collect(engine=engine_for(self.activity.height))

    def totals(self, as_of: int) -> CustomerTotals:
        """Customers and gaps as of a day."""
        if self.precomputed is not None and as_of == self.precomputed.totals.as_of:
            return self.precomputed.totals
        with ThreadPoolExecutor(1, thread_name_prefix="ltvtui-gaps") as beside:
            gaps = beside.submit(self.gaps.until, as_of)
            return CustomerTotals(as_of, self.customers(as_of), gaps.result())

    def customers(self, as_of: int) -> pl.DataFrame:
        """CustomerTotals.customers as of a day."""
        if as_of < self.last_day:
            found = self.running.customers_until(as_of)
        else:  # no running totals are needed for all rows
            found = pl.concat(each(ActivitySlice.customers, self._slices), rechunk=True)
        if not self.margin_mapped:
            found = found.with_columns(pl.col("revenue").alias("value"))
        return found.select("customer", "orders", "revenue", "value", "days", "first", "last")

    def ages(self, horizon: int) -> pl.DataFrame:
        """What each customer did in each age month below `horizon`, whatever the as-of day.

        One row per customer code; columns "orders 0" (UInt32), "orders 1", … "revenue 0" (Int64), …, and
        "value 0", … where a margin is mapped. A refund before the first order counts in month 0.
        """
        if self.precomputed is not None and self.precomputed.horizon >= horizon:
            return self.first_months(self.precomputed.ages, horizon)
        return pl.concat(each(lambda part: part.ages(horizon), self._slices), rechunk=True)

    def first_months(self, ages: pl.DataFrame, horizon: int) -> pl.DataFrame:
        """`ages` over as many months or more, over `horizon` months."""
        return ages.select(f"{name} {month}" for name in self.sums for month in range(horizon))

    @cached_property
    def _slices(self) -> tuple[ActivitySlice, ...]:
        """All customers, some after the others."""
        return tuple(
            ActivitySlice(self.activity.slice(*chunk), self.sums)
            for chunk in sorted_chunks(self.activity["customer"])
        )
