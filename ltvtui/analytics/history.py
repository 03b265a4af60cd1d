"""What happened when: revenue by calendar month, and one customer's orders."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.kernel.engine import engine_for
from ltvtui.analytics.snapshot import Snapshot


def by_month(snapshot: Snapshot) -> pl.DataFrame:
    """month (Date, its first day), orders (Int64), revenue (Int64 money, net), partial (Boolean).

    Every month from the first to that of the as-of day, quiet ones as zero: they were observed.
    The last is partial unless the as-of day ends it.
    """
    return snapshot.recall("by month", (), lambda: _by_month(snapshot), of_gap=False)


def _by_month(snapshot: Snapshot) -> pl.DataFrame:
    days = days_of(snapshot).filter(pl.col("day") <= snapshot.terms.as_of)
    month = pl.col("day").cast(pl.Date).dt.truncate("1mo").alias("month")
    sums = days.group_by(month).agg(pl.col("orders").cast(pl.Int64).sum(), pl.col("revenue").sum())
    if sums.height == 0:
        return sums.with_columns(pl.lit(False).alias("partial"))
    as_of = pl.lit(snapshot.terms.as_of, dtype=pl.Int32).cast(pl.Date)
    months = sums.select(pl.date_range(pl.col("month").min(), as_of.dt.truncate("1mo"), "1mo").alias("month"))
    return (
        months.join(sums, on="month", how="left")
        .with_columns(
            pl.col("orders", "revenue").fill_null(0),
            ((pl.col("month") == as_of.dt.truncate("1mo")) & (as_of != as_of.dt.month_end())).alias("partial"),
        )
        .sort("month")
    )


def days_of(snapshot: Snapshot) -> pl.DataFrame:
    """day, orders, revenue of the snapshot's customers, by day; past the as-of day too. A refund that names no order
    is of its own day (metrics.md §1), one before its customer's first order, too."""
    activity_index, members = snapshot.activity_index, snapshot.customers["customer"]
    codes = int(activity_index.activity["customer"][-1]) + 1 if activity_index.activity.height else 0
    member = pl.repeat(False, codes, dtype=pl.Boolean, eager=True).scatter(members, True)
    if not snapshot.selected:
        # Everybody who did anything by then is a customer, but for those who only got money back.
        lone = activity_index.refunds.filter(~member.gather(activity_index.refunds["customer"]))
        if lone.is_empty():
            return activity_index.by_day
        less = lone.select("day", pl.lit(0, dtype=pl.UInt32).alias("orders"), -pl.col("revenue"))
        days = pl.concat([activity_index.by_day, less]).group_by("day").agg(pl.col("orders", "revenue").sum())
        return days.filter((pl.col("orders") > 0) | (pl.col("revenue") != 0)).sort("day")
    theirs = activity_index.activity.filter(member.gather(activity_index.activity["customer"]))
    by_day = theirs.lazy().group_by("day").agg(pl.col("orders", "revenue").sum())
    return by_day.collect(engine=engine_for(theirs.height))
