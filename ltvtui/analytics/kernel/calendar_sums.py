"""Activity in calendar periods, added up by cells in one pass of which no row is moved.

A cell is whatever a customer's number and a day's number add up to: two small tables tell the cell of every row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import polars as pl

from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.kernel.activity_index import ActivityIndex, Precomputed
from ltvtui.analytics.kernel.engine import engine_for
from ltvtui.analytics.kernel.memo import UNCACHED, Memo

Sums = TypeVar("Sums", pl.Series, pl.DataFrame)

DONE: Final = ("active", "orders", "revenue", "value")
"""What is added up: customers in the periods in which they ordered, orders, and money (Int64)."""


@dataclass(frozen=True, eq=False)
class Periods:
    """The activity of a shop in calendar periods of one kind."""

    activity_index: ActivityIndex
    bucket: str
    """One of calendar.BUCKETS."""
    week_start: int
    memo: Memo = UNCACHED

    def of(self, days: pl.Series) -> pl.Series:
        """The period of each of `days`."""
        return calendar.period(days, self.bucket, self.week_start)

    def of_each_day(self, first: int, last: int) -> pl.Series:
        """The period of every day from `first` to `last`."""
        return self.of(pl.int_range(first, last + 1, dtype=pl.Int32, eager=True))

    def first_day(self, period: int) -> int:
        """The day on which a period begins."""
        return calendar.first_day(period, self.bucket, self.week_start)

    def last_day(self, period: int) -> int:
        """The day on which a period ends."""
        return calendar.last_day(period, self.bucket, self.week_start)

    @property
    def begins(self) -> pl.Series:
        """Boolean, along the activity: the first order day of its customer in a period."""
        return self._once("begins", lambda precomputed: precomputed.begins, self._begins)

    def _begins(self) -> pl.Series:
        activity_index, activity = self.activity_index, self.activity_index.activity
        first = activity_index.first_day
        now = self.of_each_day(first, activity_index.last_day).cast(pl.Int16).gather(activity["day"] - first)
        begins = ((now != now.shift(1)) | activity_index.running.ends.shift(1)).fill_null(True)
        lone = activity_index.lone_refunds
        if lone.is_empty():
            return begins
        customer, around = activity["customer"], lone.drop_nulls("after").unique("after")
        before, after = around["before"], around["after"]
        again = (customer.gather(before) == customer.gather(after)) & (now.gather(before) == now.gather(after))
        return begins.scatter(lone["row"], False).scatter(after, ~again.fill_null(False))

    def add_up(self, starts: pl.Series, steps: pl.Series, since: int) -> pl.DataFrame:
        """add_up with `active` as of this kind of periods."""
        return add_up(self.activity_index, {"active": self.begins}, starts, steps, since)

    @property
    def together(self) -> pl.DataFrame:
        """What all customers did, whatever the as-of day: period (of the first order), offset (Int32), DONE.

        Sorted, without cells in which nothing was done.
        """
        return self._once("together", lambda precomputed: precomputed.together, self._together)

    def _together(self) -> pl.DataFrame:
        now = self.of_each_day(self.activity_index.first_day, self.activity_index.last_day)
        begun = self.of(self.activity_index.firsts)
        low, span = int(now[0] or 0) if now.len() else 0, now.n_unique()
        # The number of a cell is the first period's times the span, and its offset.
        added = self.add_up((begun - low) * (span - 1), now - low, self.activity_index.first_day).sort("cell")
        if not self.activity_index.margin_mapped:
            added = added.with_columns(pl.col("revenue").alias("value"))
        # Where early refunds were taken away from, there may be nothing left.
        added = added.filter(pl.any_horizontal(pl.col(DONE) != 0))
        period = pl.col("cell") // span
        return added.select((period + low).alias("period"), (pl.col("cell") % span).alias("offset"), *DONE)

    @property
    def _week_start(self) -> int:
        """Other periods than weeks are the same wherever weeks begin."""
        return self.week_start if self.bucket == "week" else 0

    def _once(
        self,
        what: str,
        stored: Callable[[Precomputed], Mapping[tuple[str, int], Sums] | None],
        make: Callable[[], Sums],
    ) -> Sums:
        key: tuple[str, int] = (self.bucket, self._week_start)
        precomputed = self.activity_index.precomputed
        ready = None if precomputed is None else stored(precomputed)
        if ready is not None and key in ready:
            return ready[key]
        # There are few kinds of periods: what all of them tell is small beside the activity.
        return self.memo.recall((what, *key), make, lasting=True)


def add_up(
    activity_index: ActivityIndex, begins: Mapping[str, pl.Series], starts: pl.Series, steps: pl.Series, since: int
) -> pl.DataFrame:
    """cell, how often each of `begins` (Boolean, along the activity) is true in it, and the rest of DONE, in any
    order; without `value` where no margin is mapped.

    `starts` has the number of each customer code, `steps` of each day from `since` on. The cell of a row is their
    sum; a row is left out where one is null, or the day is beyond. A refund before its customer's first order is
    booked on the day of that.
    """
    sums = list(activity_index.sums)
    until = since + steps.len() - 1
    seen = activity_index.activity.select("customer", "day", *sums).with_columns(**begins).lazy()
    if since > activity_index.first_day or until < activity_index.last_day:
        seen = seen.filter(pl.col("day").is_between(since, until))
    cell = pl.lit(starts).gather("customer") + pl.lit(steps).gather(pl.col("day") - since)
    numbered = seen.select(cell.alias("cell"), *begins, *sums)
    if starts.has_nulls() or steps.has_nulls():
        numbered = numbered.drop_nulls("cell")
    engine = engine_for(activity_index.activity.height)
    added = numbered.group_by("cell").agg(pl.col(*begins, *sums).sum()).collect(engine=engine)
    moved = _moved(activity_index, starts, steps, since)
    if moved.height:
        added = pl.concat([added, moved], how="diagonal_relaxed").group_by("cell").agg(pl.all().sum())
    return added.select("cell", pl.col(*begins, *sums).cast(pl.Int64))


def _moved(activity_index: ActivityIndex, starts: pl.Series, steps: pl.Series, since: int) -> pl.DataFrame:
    """What takes refunds before a customer's first order from their day to that of the order."""
    money = [name for name in activity_index.sums if name != "orders"]
    parts = []
    for day, sign in (("day", -1), ("first", 1)):
        early = activity_index.early_refunds.filter(pl.col(day).is_between(since, since + steps.len() - 1))
        cell = starts.gather(early["customer"]) + steps.gather(early[day] - since)
        parts.append(early.select(cell.alias("cell"), pl.col(money) * sign))
    return pl.concat(parts).drop_nulls("cell")
