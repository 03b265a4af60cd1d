"""The same figures the slow way: hash tables and joins over whole frames, as any engine would run them.

What the app computes from running totals is held against this, on real shops and on random ones.
"""

from __future__ import annotations

import math
from typing import cast

import polars as pl
from polars.testing import assert_frame_equal

from ltvtui.analytics import history, reduce
from ltvtui.analytics.snapshot import Snapshot


def activity(orders: pl.DataFrame) -> pl.DataFrame:
    """schema.ACTIVITY of clean orders, sorted."""
    return reduce.activity(orders.lazy()).sort("customer", "day").collect()


def seen(snapshot: Snapshot) -> pl.DataFrame:
    """Activity up to the as-of day."""
    return snapshot.timeline.activity.filter(pl.col("day") <= snapshot.terms.as_of)


def customers(snapshot: Snapshot) -> pl.DataFrame:
    """reduce.customers, sorted."""
    return reduce.customers(snapshot.timeline.activity.lazy(), snapshot.terms.as_of).sort("customer").collect()


def gaps(activity: pl.DataFrame) -> pl.DataFrame:
    """Days between consecutive order days: customer, gap, one row each."""
    visits = activity.filter(pl.col("orders") > 0).sort("customer", "day")
    gap = pl.col("day").diff().over("customer").alias("gap")
    return visits.select("customer", gap).drop_nulls("gap")


def ledger(snapshot: Snapshot) -> pl.DataFrame:
    """customer, age_month, orders, revenue, value: what counts by metrics.md §4, customer by customer."""
    sample = snapshot.customers.select("customer", "first", "months", "lapsed").drop_nulls("months")
    known = seen(snapshot).join(sample, on="customer")
    lived = pl.max_horizontal(pl.col("day") - pl.col("first"), pl.lit(0)).cast(pl.Int64)
    age = (lived / 30.4375).floor().cast(pl.Int32)
    counted = pl.when("lapsed").then(pl.min_horizontal(age, pl.col("months") - 1)).otherwise(age)
    return (
        known.with_columns(counted.alias("age_month"))
        .filter(pl.col("age_month") < pl.col("months"), pl.col("age_month") < snapshot.terms.horizon)
        .group_by("customer", "age_month")
        .agg(pl.col("orders").cast(pl.Int64).sum(), pl.col("revenue", "value").sum())
        .sort("customer", "age_month")
    )


def long(snapshot: Snapshot) -> pl.DataFrame:
    """Snapshot.ages as rows like those of `ledger`, months that do not count left out."""
    wide = pl.concat([snapshot.customers.select("customer", "months"), snapshot.ages], how="horizontal")
    value = "value" if "value 0" in wide.columns else "revenue"
    last = pl.col("months") - 1

    def counted(name: str, source: str, month: int) -> pl.Expr:
        own = pl.col(f"{source} {month}").cast(pl.Int64)
        if f"{source} late" not in wide.columns:
            return own.alias(name)
        return (own + pl.when(last == month).then(f"{source} late").otherwise(0)).alias(name)

    months = [
        wide.select(
            "customer",
            "months",
            pl.lit(month, pl.Int32).alias("age_month"),
            counted("orders", "orders", month),
            counted("revenue", "revenue", month),
            counted("value", value, month),
        )
        for month in range(snapshot.terms.horizon)
    ]
    return (
        pl.concat(months).filter(pl.col("age_month") < pl.col("months")).drop("months").sort("customer", "age_month")
    )


def assert_same(snapshot: Snapshot) -> None:
    """Hold everything that a snapshot is made of against the slow way."""
    terms = snapshot.terms
    known = ["customer", "orders", "revenue", "value", "days", "first", "last"]
    slow = customers(snapshot)
    if terms.margin is not None:
        slow = slow.with_columns(pl.col("revenue").alias("value"))
    assert_frame_equal(snapshot.customers.select(known), slow.select(known))
    found = gaps(seen(snapshot))["gap"]
    counted = found.value_counts(name="len").sort("gap")
    assert_frame_equal(snapshot.timeline.standing(terms.as_of).gaps, counted)
    assert snapshot.churn_gap.gaps == found.len()
    if terms.churn_gap is None and found.len():
        measured = math.ceil(round(cast(float, found.quantile(0.9, "linear")), 9))
        assert snapshot.churn_gap.days == min(max(measured, 30), 365)
    some = pl.any_horizontal(pl.col("orders", "revenue", "value") != 0)
    slow = ledger(snapshot)
    if terms.margin is not None:
        slow = slow.with_columns(pl.col("revenue").alias("value"))
    assert_frame_equal(long(snapshot).filter(some), slow.filter(some))
    months = history.by_month(snapshot)
    theirs = seen(snapshot).join(snapshot.customers.select("customer"), on="customer", how="semi")
    assert months["revenue"].sum() == theirs["revenue"].sum()
    assert months["orders"].sum() == theirs["orders"].sum()
