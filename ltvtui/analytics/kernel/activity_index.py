"""What follows from activity for every as-of day: computed once, so that a new day or churn gap answers at once.

Activity is sorted by customer and day. So what a customer did up to some day is a prefix of their rows, and any
sum over it the difference of two running totals. And what they did in an age month is the same whatever the
as-of day: only which months count for them is not (analytics.ltv).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import polars as pl

from ltvtui.analytics.kernel.activity_merge import put_in
from ltvtui.analytics.kernel.activity_slice import ActivitySlice
from ltvtui.analytics.kernel.chunks import each, joined, sorted_chunks
from ltvtui.analytics.kernel.refund_days import early_refunds, lone_refunds
from ltvtui.analytics.kernel.run_lengths import ends_of


@dataclass(frozen=True, eq=False)
class CustomerTotals:
    """Customers as of one day, before anything is agreed on."""

    as_of: int
    customers: pl.DataFrame
    """customer, orders (UInt32), revenue, value (Int64), days (UInt32, order days), first, last (order days); sorted
    by customer (metrics.md §2)."""
    gaps: pl.DataFrame
    """gap (Int32, days between consecutive order days), len (how many); sorted by gap."""
    placed: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What analytics.scoring has told of `customers`."""

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
    standing: CustomerTotals
    """As of one day."""
    ages: pl.DataFrame
    """ActivityIndex.ages of `horizon`."""
    horizon: int
    together: dict[tuple[str, int], pl.DataFrame] = field(default_factory=dict)
    """Periods.together, by bucket and week start."""
    begins: dict[tuple[str, int], pl.Series] = field(default_factory=dict)
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
    _ages: dict[int, pl.DataFrame] = field(default_factory=dict, repr=False)
    by_periods: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What analytics.kernel.calendar_sums has told."""

    def digested(self, as_of: int, horizon: int) -> Precomputed:
        """What the first question about that day and `horizon` needs."""
        return Precomputed(self.by_day, self.standing(as_of), self.ages(horizon), horizon)

    @cached_property
    def activity(self) -> pl.DataFrame:
        """All of it, in one chunk: what is looked up by row number must not have to search for its chunk."""
        return self.base if self.since is None else put_in(self.base, self.since)

    @cached_property
    def base(self) -> pl.DataFrame:
        """`visits` in one chunk."""
        return self.visits.rechunk()

    @property
    def preparations(self) -> tuple[Callable[[], object], ...]:
        """Each computes ahead something that a question about another day will need; done once, it costs nothing."""
        names = ("_lives", "_before", "_returns", "_squares")
        return tuple(partial(getattr, self, name) for name in names)

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
        known = pl.concat(theirs).filter(pl.col("orders") > 0, pl.col("day") <= bought)["customer"]
        last = back.filter(pl.col("customer").is_in(known.unique().implode()))["day"].max()
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

    @property
    def firsts(self) -> pl.Series:
        """First order day of each customer code; null where there is none."""
        return self._lives["first"]

    @cached_property
    def ends(self) -> pl.Series:
        """Boolean, along `activity`: the last row of its customer."""
        return ends_of(self.activity["customer"])

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
        return sums.sort("day").collect(engine="streaming")

    def standing(self, as_of: int) -> CustomerTotals:
        """Customers and gaps as of a day."""
        if self.precomputed is not None and as_of == self.precomputed.standing.as_of:
            return self.precomputed.standing
        with ThreadPoolExecutor(1, thread_name_prefix="ltvtui-gaps") as beside:
            gaps = beside.submit(self._gaps, as_of)
            return CustomerTotals(as_of, self._customers(as_of), gaps.result())

    def ages(self, horizon: int) -> pl.DataFrame:
        """What each customer did in each age month below `horizon`, whatever the as-of day.

        One row per customer code; columns "orders 0" (UInt32), "orders 1", … "revenue 0" (Int64), …, and
        "value 0", … where a margin is mapped. A refund before the first order counts in month 0.
        """
        known = {} if self.precomputed is None else {self.precomputed.horizon: self.precomputed.ages}
        known |= self._ages  # several threads may ask: what is looked at here does not change meanwhile
        wide = next((ages for months, ages in known.items() if months >= horizon), None)
        if wide is None:
            wide = pl.concat(each(lambda part: part.ages(horizon), self._parts), rechunk=True)
            self._ages.clear()
            self._ages[horizon] = wide
        return wide.select(f"{name} {month}" for name in self.sums for month in range(horizon))

    def gap_squares(self, as_of: int) -> pl.Series:
        """Sum of the squared gaps between order days up to `as_of`, by customer code (Int64); 0 without any."""
        first = self._lives["start"]
        last = first + self._rows_until(as_of).clip(lower_bound=1) - 1
        # There is no gap at a customer's first row, so the total there is that of all before.
        return self._squares.gather(last) - self._squares.gather(first)

    @cached_property
    def _lives(self) -> pl.DataFrame:
        """One row per customer code: customer, start and rows (UInt32), first (order day)."""
        begun = pl.concat((part.begun for part in self._parts), rechunk=True)
        rows = begun["rows"]
        codes = pl.int_range(rows.len(), dtype=pl.UInt32, eager=True).alias("customer")
        return pl.DataFrame([codes, (rows.cum_sum() - rows).alias("start"), rows, begun["first"]])

    @cached_property
    def _before(self) -> pl.DataFrame:
        """`sums`, and where there are refunds `days`, of all rows before each customer's; by customer code."""
        found = self._totals.filter(self.ends).select(pl.all().shift(1, fill_value=0))
        if self.refunds.is_empty():
            return found
        return found.with_columns(self._visits["days"].filter(self.ends).shift(1, fill_value=0))

    @cached_property
    def _totals(self) -> pl.DataFrame:
        """Running totals of `sums` along the whole of `activity`."""
        return self.activity.select(pl.col(self.sums).cum_sum())

    @cached_property
    def _visits(self) -> pl.DataFrame:
        """Where there are refunds: order days so far (running), and the latest of them, along `activity`."""
        bought = pl.col("orders") > 0
        return self.activity.select(
            bought.cast(pl.UInt32).cum_sum().alias("days"),
            pl.when(bought).then(pl.col("day")).forward_fill().alias("last"),
        )

    @cached_property
    def _squares(self) -> pl.Series:
        """Along `activity` (Int64): what grows by the square of each gap between order days of the same customer."""
        return pl.concat(each(ActivitySlice.squares, self._parts), rechunk=True)

    def _rows_until(self, as_of: int) -> pl.Series:
        """Rows of each customer code up to a day (UInt32)."""
        # Most days that are asked for are late ones: few rows come after them.
        later = self.activity["customer"].filter(self.activity["day"] > as_of).rle().struct.unnest()
        after = pl.zeros(self._lives.height, dtype=pl.UInt32, eager=True).scatter(later["value"], later["len"])
        return self._lives["rows"] - after

    def _customers(self, as_of: int) -> pl.DataFrame:
        if as_of < self.last_day:
            return self._back_then(as_of)
        # No running totals are needed for all rows.
        return self._valued(pl.concat(each(ActivitySlice.customers, self._parts), rechunk=True))

    def _back_then(self, as_of: int) -> pl.DataFrame:
        """Customers by their rows up to a day: what stands at the last of them, less what stands before all."""
        begun = (self._lives["first"] <= as_of).fill_null(False)
        lives = self._lives.with_columns(rows=self._rows_until(as_of)).filter(begun)
        before = self._before.filter(begun)
        at = lives["start"] + lives["rows"] - 1
        sums = [self._totals[name].gather(at) - before[name] for name in self.sums]
        if self.refunds.is_empty():
            return self._standing(lives, sums, lives["rows"], self.activity["day"].gather(at))
        days = self._visits["days"].gather(at) - before["days"]
        return self._standing(lives, sums, days, self._visits["last"].gather(at))

    def _standing(self, lives: pl.DataFrame, sums: list[pl.Series], days: pl.Series, last: pl.Series) -> pl.DataFrame:
        known = lives.select("customer", "first").with_columns(*sums, days.alias("days"), last.alias("last"))
        return self._valued(known)

    def _valued(self, known: pl.DataFrame) -> pl.DataFrame:
        if not self.margin_mapped:
            known = known.with_columns(pl.col("revenue").alias("value"))
        return known.select("customer", "orders", "revenue", "value", "days", "first", "last")

    @cached_property
    def _returns(self) -> pl.DataFrame:
        """day (of the return), gap (Int32, days since the order day before), len (how many); sorted by gap."""
        first, days = self.first_day, self.last_day - self.first_day + 1
        # Both in one number, which is sorted in less than half the time in which they are grouped.
        packed = each(lambda part: part.gaps(first, days), self._parts)
        found = joined(packed).sort().rle().struct.unnest()
        return found.select(
            (pl.col("value") % days + first).cast(pl.Int32).alias("day"),
            (pl.col("value") // days).cast(pl.Int32).alias("gap"),
            "len",
        )

    def _gaps(self, as_of: int) -> pl.DataFrame:
        seen = self._returns.filter(pl.col("day") <= as_of)
        return seen.group_by("gap", maintain_order=True).agg(pl.col("len").sum())

    @cached_property
    def _parts(self) -> list[ActivitySlice]:
        """All customers, some after the others."""
        return [
            ActivitySlice(self.activity.slice(*chunk), self.sums)
            for chunk in sorted_chunks(self.activity["customer"])
        ]
