"""Customers counted by segment: all that LTV and retention need of them, in two small tables that add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.kernel.engine import engine_for
from ltvtui.analytics.retention import capped


@dataclass(frozen=True, eq=False)
class Aggregate:
    """Customers by the months that they were seen, and by those after which they lapsed or were lost sight of."""

    bought: pl.DataFrame
    """by…, seen (Int32; the horizon for all beyond it, null for who does not count towards LTV), customers, orders
    (Int64) and revenue (Int64 money) of all time, and the sums of the columns of ActivityIndex.ages."""
    ended: pl.DataFrame
    """by…, months (Int32, capped: retention.capped), ended (Int64, customers), lapsed (Int64, of them): of the
    retention sample."""

    @property
    def sums(self) -> tuple[str, ...]:
        """What is summed up by age month: orders, revenue, and value where it is not revenue once more."""
        return tuple(name for name in ("orders", "revenue", "value") if f"{name} 0" in self.bought.columns)

    def of_each(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Aggregate:
        """Both tables changed in the same way."""
        return Aggregate(change(self.bought), change(self.ended))

    def by(self, *names: str) -> Aggregate:
        """The same customers by fewer dimensions."""
        return Aggregate(_added(self.bought, names, "seen"), _added(self.ended, names, "months"))


def aggregate(customers: pl.DataFrame, ages: pl.DataFrame, by: Sequence[str], horizon: int) -> Aggregate:
    """Count `customers` (seen, months, lapsed, orders, revenue, and the columns of `by`) over `horizon` age months.

    `ages` (ActivityIndex.ages over as many months) are theirs, row for row. A row of nulls is nobody.
    """
    wide = ages.columns
    own = customers.select("seen", "months", "lapsed", "orders", "revenue", *by)
    people = pl.col("orders").count().cast(pl.Int64).alias("customers")
    whole = [pl.col(c).cast(pl.Int64).sum() for c in ("orders", "revenue")]
    counted = (
        pl.concat([own, ages], how="horizontal")
        .lazy()
        .group_by(*by, pl.col("seen").clip(upper_bound=horizon))
        .agg(people, *whole, pl.col(wide).sum())
    )
    sums, ends = pl.collect_all([counted, _ended(own, by, horizon)], engine=engine_for(customers.height))
    return Aggregate(sums.filter(pl.col("customers") > 0).with_columns(pl.col(wide).cast(pl.Int64)), ends)


def ended(customers: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """Aggregate.ended of `aggregate` alone."""
    own = customers.select("months", "lapsed", *by)
    return _ended(own, by, horizon).collect(engine=engine_for(customers.height))


def _ended(customers: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.LazyFrame:
    return (
        customers.lazy()
        .filter(pl.col("months").is_not_null())
        .group_by(*by, capped(horizon))
        .agg(pl.len().cast(pl.Int64).alias("ended"), pl.col("lapsed").cast(pl.Int64).sum())
    )


def moved_on(before: Aggregate, left: Aggregate, joined: Aggregate, by: Sequence[str]) -> Aggregate:
    """`before`, a tally by `by`, after some customers moved to other segments: their tallies before and after."""

    def moved(whole: pl.DataFrame, less: pl.DataFrame, more: pl.DataFrame, end: str, size: str) -> pl.DataFrame:
        sums = pl.exclude(*by, end)
        parts = [whole, less.select(*by, end, -sums), more]
        return _added(pl.concat(part.select(whole.columns) for part in parts), by, end).filter(pl.col(size) > 0)

    return Aggregate(
        moved(before.bought, left.bought, joined.bought, "seen", "customers"),
        moved(before.ended, left.ended, joined.ended, "months", "ended"),
    )


def _added(rows: pl.DataFrame, by: Sequence[str], end: str) -> pl.DataFrame:
    """`rows` of the same segment and `end` added up: by…, `end`, and the columns behind it."""
    return rows.group_by(*by, end).agg(pl.col(rows.columns[rows.columns.index(end) + 1 :]).sum())
