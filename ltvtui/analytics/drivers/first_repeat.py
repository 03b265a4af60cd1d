"""Who places a second order, and how soon: Kaplan-Meier by days since the first order (metrics.md §12)."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.retention import enough_of
from ltvtui.analytics.snapshot import Snapshot

DAYS: Final = 90
"""Days within which customers come back, or not, unless others are asked for."""


def first_waits(snapshot: Snapshot, days: int = DAYS) -> pl.DataFrame:
    """How long the snapshot's customers took from their first order day to the second, up to `days`.

    wait (Int32), again (Boolean), row for row of snapshot.customers: ordered again after `wait` days; or had not
    after `wait` days, those to the as-of day but at most `days`. complete (Boolean): the as-of day is `days` or more
    after their first order. Null for who does not count towards LTV.
    """
    customers, as_of = snapshot.customers, snapshot.terms.as_of
    second = snapshot.memo.recall("second order days", lambda: _second_days(snapshot)).gather(customers["customer"])
    counts = pl.col("seen").is_not_null()
    age = as_of - pl.col("first")
    gap, most = pl.lit(second) - pl.col("first"), pl.min_horizontal(age, pl.lit(days))
    again = (gap <= most).fill_null(False)
    return customers.select(
        pl.when(counts).then(pl.when(again).then(gap).otherwise(most)).cast(pl.Int32).alias("wait"),
        pl.when(counts).then(again).alias("again"),
        pl.when(counts).then(age >= days).alias("complete"),
    )


def _second_days(snapshot: Snapshot) -> pl.Series:
    """The second order day of each customer code (Int32), whatever the as-of day; null where there is none."""
    activity = snapshot.activity_index.activity.select("customer", "day", "orders")
    if snapshot.activity_index.refunds.height:
        activity = activity.filter(pl.col("orders") > 0)
    whose = pl.col("customer")
    is_second = (whose == whose.shift(1)) & (whose != whose.shift(2)).fill_null(True)
    second = activity.filter(is_second)
    nobody = pl.repeat(None, snapshot.counted.height, dtype=pl.Int32, eager=True)
    return nobody.scatter(second["customer"], second["day"])


def repeat_shares(waits: pl.DataFrame, by: str) -> pl.DataFrame:
    """Share of customers of each segment who order again: by, customers (Int64), figure, se (Float64).

    `waits` are first_waits of some days, with the column `by`. figure = 1 - S(days) of Kaplan-Meier, se after
    Greenwood (1926). Both are null where of fewer than min(30, a tenth) of a segment all of the days are over.
    """
    sizes = waits.filter(pl.col("wait").is_not_null())
    ends = sizes.group_by(by, "wait").agg(
        pl.len().cast(pl.Int64).alias("ended"),
        pl.col("again", "complete").sum().cast(pl.Int64),
    )
    ends = ends.sort(by, "wait", nulls_last=True).with_columns(
        pl.col("ended").cum_sum(reverse=True).over(by).cast(pl.Float64).alias("at_risk")
    )
    stayed = pl.col("at_risk") - pl.col("again")
    spread = pl.when(stayed > 0).then(pl.col("again") / (pl.col("at_risk") * stayed)).otherwise(0.0).sum()
    people = pl.col("ended").sum()
    enough = pl.col("complete").sum() >= enough_of(people)
    alive = (1 - pl.col("again") / pl.col("at_risk")).product()
    return ends.group_by(by, maintain_order=True).agg(
        people.alias("customers"),
        pl.when(enough).then(1 - alive).alias("figure"),
        pl.when(enough).then(alive * spread.sqrt()).alias("se"),
    )
