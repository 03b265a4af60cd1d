"""LTV = average check × frequency × retention: what customers bring by age (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import polars as pl

from ltvtui.analytics.aggregate import Aggregate
from ltvtui.analytics.retention import enough_of, of_each, survival
from ltvtui.analytics.schema import MONEY_SCALE, age_month

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

AGES: Final = (1, 3, 6, 12)
"""Months after which segments are compared at an equal age."""
LONGEST_AGE: Final = AGES[-1]
"""Age months that are always summed up, however short the horizon is."""


def with_months_seen(customers: pl.DataFrame, as_of: int, since: int | None = None) -> pl.DataFrame:
    """Add `seen` (Int32) to customers with first: complete age months by the end of the day `as_of`.

    Null for those who do not count towards LTV: a first order before the day `since` (analytics.entry).
    """
    seen = age_month(as_of - pl.col("first") + 1).cast(pl.Int32)
    return customers.with_columns(
        (seen if since is None else pl.when(pl.col("first") >= since).then(seen)).alias("seen")
    )


def age_table(aggregate: Aggregate, by: Sequence[str] = (), horizon: int = 12) -> pl.DataFrame:
    """What customers of each segment did by age month, and how many of them are still customers.

    Gives by…, age_month 0…horizon-1 (Int32), seen (Int64: N, customers seen for that month as a whole), orders
    (Int64), revenue and value (Int64 money) of them in it, counted (Boolean: it is one of the leading months with
    enough customers, of which there are τ), then at_risk, lapsed, sample, survival and supported of
    retention.life_table. Sorted by segment and age month; a segment of which nobody was seen for a month has no rows.
    """
    keys = list(by)
    sums = aggregate.sums
    bought = (
        aggregate.bought.filter(pl.col("seen") > 0)
        .select(
            *keys,
            pl.col("seen").alias("months"),
            pl.col("customers").alias("seen"),
            pl.lit(list(range(horizon)), dtype=pl.List(pl.Int32)).alias("age_month"),
            *(pl.concat_list(f"{name} {month}" for month in range(horizon)).alias(name) for name in sums),
        )
        .explode("age_month", *sums)
        .filter(pl.col("age_month") < pl.col("months"))
        .group_by(*keys, "age_month")
        .agg(pl.col("seen", *sums).sum())
        .sort(*keys, "age_month", nulls_last=True)
    )
    if "value" not in sums:
        bought = bought.with_columns(pl.col("revenue").alias("value"))
    begun = of_each(pl.col("seen").first(), keys)
    life = survival(aggregate.ended, keys, horizon)
    return (
        bought.with_columns((pl.col("seen") >= enough_of(begun)).alias("counted"))
        .join(life, on=[*keys, "age_month"], how="left", nulls_equal=True, maintain_order="left")
        # Where the retention of nobody is known yet, nobody is known to have left.
        .with_columns(
            pl.col("at_risk", "lapsed", "sample").fill_null(0),
            pl.col("survival").fill_null(1.0),
            pl.col("supported").fill_null(pl.col("age_month") == 0),
        )
    )


def curve(ages: Frame, by: Sequence[str] = (), margin: float = 1.0, discount: float = 0.0) -> Frame:
    """Partial sums of metrics.md §4 over the counted months: by…, age_month, and sums up to and with it.

    Gives retention (months, Σ S), supported (Int32: how many of these are), orders (per customer), revenue, ltv
    (currency units per customer: Nelson's mean cumulative function, 1988; ltv on margin and discounted at `discount`
    a year, mid-month). Rows end behind month τ.
    """
    keys = list(by)
    counted = ages.filter("counted")
    seen = pl.col("seen")
    worth = margin / (1 + discount) ** ((pl.col("age_month") + 0.5) / 12) / MONEY_SCALE
    terms = {
        "retention": pl.col("survival"),
        "supported": pl.col("supported").cast(pl.Int32),
        "orders": pl.col("orders") / seen,
        "revenue": pl.col("revenue") / seen / MONEY_SCALE,
        "ltv": pl.col("value") / seen * worth,
    }
    sums = [(t.cum_sum().over(keys) if keys else t.cum_sum()).alias(name) for name, t in terms.items()]
    return counted.select(*keys, "age_month", *sums)


def factors(curve: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """The three factors and their product at the end of `curve`, for each segment of `by`.

    Gives by…, check (currency units), frequency (orders per customer and retained month), retention_months,
    retention_supported_months (Int32), within_months (τ), ltv (currency units, on margin), ltv_margin (Float64:
    ltv ÷ check × frequency × retention). No row where nobody was seen for a month.
    """
    keys = list(by)
    last = pl.col("retention", "supported", "orders", "revenue", "ltv").last()
    tau = pl.len().cast(pl.Int32).alias("within_months")
    if keys:
        ends = curve.group_by(keys, maintain_order=True).agg(last, tau)
    else:
        ends = curve.select(last, tau) if curve.height else curve.clear().with_columns(tau).drop("age_month")
    return ends.select(
        *keys,
        _ratio(pl.col("revenue"), pl.col("orders")).alias("check"),
        (pl.col("orders") / pl.col("retention")).alias("frequency"),
        pl.col("retention").alias("retention_months"),
        pl.col("supported").alias("retention_supported_months"),
        "within_months",
        "ltv",
        _ratio(pl.col("ltv"), pl.col("revenue")).alias("ltv_margin"),
    )


def at_ages(curve: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """LTV of each segment at the same ages: by…, ltv_1, ltv_3, ltv_6, ltv_12 (currency units); null beyond τ."""
    keys = list(by)
    columns = [pl.col("ltv").filter(pl.col("age_month") == age - 1).first().alias(f"ltv_{age}") for age in AGES]
    return curve.group_by(keys).agg(columns) if keys else curve.select(columns)


def _ratio(top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
    return pl.when(bottom != 0).then(top / bottom)
