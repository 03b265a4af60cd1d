"""LTV = average check × frequency × retention, age month by age month (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import polars as pl

from ltvtui.analytics.retention import capped, survival
from ltvtui.analytics.schema import MONEY_SCALE, age_month
from ltvtui.analytics.timeline import Timeline

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

_LONGEST_MONTH: Final = 31
"""Days of an age month at most."""
LATE: Final = "late"
"""In place of an age month: what is to be added to a customer's last one."""


def counted_ages(
    timeline: Timeline, customers: pl.DataFrame, as_of: int, churn_gap: int, horizon: int
) -> pl.DataFrame:
    """What each customer code bought in the age months that count for it; `customers` are censored.

    Gives the columns of Timeline.ages; months from a customer's `months` on do not count, whatever stands
    there. Where there is something to be mended, "orders late", "revenue late" and so on follow: what the last
    month of a lapsed customer has more (a refund counts there at the latest) or less (where the churn gap is
    shorter than a month, they may be back in that very month, after the as-of day).
    """
    ages = timeline.ages(horizon)
    late = timeline.refunds.filter(pl.col("day") <= as_of)
    moved = _of_lapsed(late, customers, ages.height).filter(pl.col("age_month") >= pl.col("months"))
    if churn_gap < _LONGEST_MONTH:
        back = timeline.activity.filter(pl.col("day").is_between(as_of, as_of + _LONGEST_MONTH, closed="right"))
        unknown = _of_lapsed(back, customers, ages.height).filter(pl.col("age_month") < pl.col("months"))
        less = unknown.with_columns(-pl.col(timeline.sums).cast(pl.Int64))
        moved = pl.concat([moved, less], how="vertical_relaxed")
    if moved.is_empty():
        return ages
    sums = moved.group_by("customer").agg(pl.col(timeline.sums).cast(pl.Int64).sum())
    return ages.with_columns(
        pl.zeros(ages.height, dtype=pl.Int64, eager=True)
        .scatter(sums["customer"], sums[name])
        .alias(f"{name} {LATE}")
        for name in timeline.sums
    )


def _of_lapsed(activity: pl.DataFrame, customers: pl.DataFrame, codes: int) -> pl.DataFrame:
    """Rows of lapsed customers, with age_month and their first day and months."""
    lapsed = customers.select("customer", "first", "months").filter(customers["lapsed"].fill_null(False))
    rows = pl.int_range(lapsed.height, dtype=pl.UInt32, eager=True)
    places = pl.repeat(None, codes, dtype=pl.UInt32, eager=True).scatter(lapsed["customer"], rows)
    found = activity.with_columns(places.gather(activity["customer"]).alias("place")).drop_nulls("place")
    theirs = lapsed.select("first", "months")[found["place"]]
    lived = (pl.col("day") - pl.col("first")).clip(lower_bound=0)
    return pl.concat([found, theirs], how="horizontal").with_columns(age_month(lived).alias("age_month"))


def tally(customers: pl.DataFrame, ages: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """Customers counted by segment and by the months that they were seen: all that LTV needs of them.

    Gives by…, months (Int32; horizon + 1 for all beyond it, null outside the retention sample), customers,
    lapsed (Int64), orders (Int64) and revenue (Int64 money) of all time, and the sums of the columns of `ages`.
    `customers` are censored and hold the columns of `by`; `ages` are theirs, row for row. A row of nulls is
    nobody.
    """
    wide = ages.columns
    whole = [pl.col(c).cast(pl.Int64).sum() for c in ("orders", "revenue", "lapsed")]
    both = pl.concat(
        [customers.select("months", "lapsed", "orders", "revenue", *by), ages.select(wide)], how="horizontal"
    )
    people = pl.col("orders").count().cast(pl.Int64).alias("customers")
    counted = both.lazy().group_by(*by, capped(horizon)).agg(people, *whole, pl.col(wide).sum())
    # The streaming engine sums these thirty columns of a million customers three times faster.
    sums = counted.collect(engine="streaming").filter(pl.col("customers") > 0)
    return sums.with_columns(pl.col(wide).cast(pl.Int64))


def moved_on(known: pl.DataFrame, left: pl.DataFrame, came: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """`known`, a tally by `by`, after some customers moved to other segments: their tallies before and after."""
    sums = [name for name in known.columns if name not in (*by, "months")]
    parts = [known, left.select(*by, "months", -pl.col(sums)), came]
    added = pl.concat(part.select(known.columns) for part in parts).group_by(*by, "months").agg(pl.col(sums).sum())
    return added.filter(pl.col("customers") > 0)


def age_table(tally: pl.DataFrame, by: Sequence[str] = (), horizon: int = 12) -> pl.DataFrame:
    """Life table of each segment with what its customers bought: life_table's columns, then orders
    (Int64), revenue, value (Int64 money) of the customers at risk in that age month. From `tally`.
    """
    keys = list(by)
    sums = [name for name in ("orders", "revenue", "value") if f"{name} 0" in tally.columns]
    ends = tally.filter(pl.col("months").is_not_null())
    late = [f"{name} {LATE}" for name in sums if f"{name} {LATE}" in tally.columns]
    last = pl.col("age_month") == pl.col("months") - 1
    bought = (
        ends.select(
            *keys,
            "months",
            *late,
            pl.lit(list(range(horizon)), dtype=pl.List(pl.Int32)).alias("age_month"),
            *(pl.concat_list(f"{name} {month}" for month in range(horizon)).alias(name) for name in sums),
        )
        .explode("age_month", *sums)
        .filter(pl.col("age_month") < pl.col("months"))
        .with_columns(pl.col(c.removesuffix(f" {LATE}")) + pl.when(last).then(pl.col(c)).otherwise(0) for c in late)
        .group_by(*keys, "age_month")
        .agg(pl.col(sums).sum())
    )
    if "value" not in sums:
        bought = bought.with_columns(pl.col("revenue").alias("value"))
    return (
        survival(ends.select(*keys, "months", pl.col("customers").alias("ended"), "lapsed"), keys, horizon)
        .join(bought, on=[*keys, "age_month"], how="left", nulls_equal=True)
        .with_columns(pl.col("orders", "revenue", "value").fill_null(0))
        .sort(*keys, "age_month", nulls_last=True)
    )


def curve(ages: Frame, by: Sequence[str] = (), margin: float = 1.0, discount: float = 0.0) -> Frame:
    """Partial sums of §4 over the observed months: by…, age_month, and sums up to and with it.

    Gives retention (months), orders (per customer), revenue, ltv (currency units per customer; ltv
    on margin and discounted at `discount` a year, mid-month). Rows end where observation ends.
    """
    keys = list(by)
    seen = ages.filter("observed")
    each = pl.col("survival") / pl.col("at_risk")
    worth = margin / (1 + discount) ** ((pl.col("age_month") + 0.5) / 12) / MONEY_SCALE
    terms = {
        "retention": pl.col("survival"),
        "orders": each * pl.col("orders"),
        "revenue": each * pl.col("revenue") / MONEY_SCALE,
        "ltv": each * pl.col("value") * worth,
    }
    sums = [(t.cum_sum().over(keys) if keys else t.cum_sum()).alias(name) for name, t in terms.items()]
    return seen.select(*keys, "age_month", *sums)


def factors(ages: pl.DataFrame, by: Sequence[str] = (), margin: float = 1.0, discount: float = 0.0) -> pl.DataFrame:
    """The three factors and their product for each segment of `by`.

    Gives by…, check (currency units), frequency (orders per customer and month), retention_months,
    within_months (τ), ltv (currency units, on margin), ltv_margin (Float64: ltv ÷ check × frequency
    × retention). Null where nothing was observed.
    """
    keys = list(by)
    sums = curve(ages, keys, margin, discount)
    last = pl.col("retention", "orders", "revenue", "ltv").last()
    tau = pl.len().cast(pl.Int32).alias("within_months")
    if keys:
        ends = sums.group_by(keys, maintain_order=True).agg(last, tau)
    else:
        ends = sums.select(last, tau) if sums.height else sums.clear().with_columns(tau).drop("age_month")
    return ends.select(
        *keys,
        _ratio(pl.col("revenue"), pl.col("orders")).alias("check"),
        (pl.col("orders") / pl.col("retention")).alias("frequency"),
        pl.col("retention").alias("retention_months"),
        "within_months",
        "ltv",
        _ratio(pl.col("ltv"), pl.col("revenue")).alias("ltv_margin"),
    )


def _ratio(top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
    return pl.when(bottom != 0).then(top / bottom)
