"""LTV = average check × frequency × retention, age month by age month (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.retention import age_month, life_table
from ltvtui.analytics.schema import MONEY_SCALE

_MONTHS: Final = 1 << 16
"""More than the age months of any customer."""


def ledger(activity: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """What each customer of the retention sample did in each age month that counts for them.

    Takes activity (schema.ACTIVITY up to the as-of day, sorted) and censored customers. Gives customer,
    age_month (Int32), orders (Int64), revenue, value (Int64 money). A refund counts in its own age
    month, never before month 0 and, of a lapsed customer, never after their last; of an active one
    only inside the complete months seen.
    """
    sample = customers.filter(pl.col("months").is_not_null()).select("customer", "first", "months", "lapsed")
    age = age_month(pl.max_horizontal(pl.col("day") - pl.col("first"), pl.lit(0)))
    clamped = pl.when("lapsed").then(pl.min_horizontal(age, pl.col("months") - 1)).otherwise(age)
    codes = activity["customer"]
    known = pl.DataFrame(
        {"customer": range(int(codes[-1]) + 1 if codes.len() else 0)}, schema={"customer": codes.dtype}
    )
    # Codes are row numbers here, so that looking up by position replaces a join over the whole activity.
    looked_up = known.join(sample, on="customer", how="left", maintain_order="left").drop("customer")
    counted = (
        pl.concat([activity, looked_up.select(pl.all().gather(codes))], how="horizontal")
        .with_columns(clamped.cast(pl.Int32).alias("age_month"))
        .filter(pl.col("age_month") < pl.col("months"))
    )
    # Activity is sorted by customer and day, so that this number rises: sums over runs need no hash table.
    key = (pl.col("customer").cast(pl.Int64) * _MONTHS + pl.col("age_month")).set_sorted().alias("key")
    return (
        counted.group_by(key, maintain_order=True)
        .agg(
            pl.col("customer", "age_month").first(),
            pl.col("orders").sum().cast(pl.Int64),
            pl.col("revenue", "value").sum(),
        )
        .drop("key")
    )


def age_table(
    customers: pl.DataFrame, ledger: pl.DataFrame, by: Sequence[str] = (), horizon: int = 12
) -> pl.DataFrame:
    """Life table of each segment with what its customers bought: life_table's columns, then orders
    (Int64), revenue, value (Int64 money) of the customers at risk in that age month.

    `customers` are censored and hold the columns of `by`; only they count, whatever `ledger` holds.
    """
    keys = list(by)
    sample = customers.filter(pl.col("months").is_not_null()).select("customer", "months", "lapsed", *keys)
    bought = (
        ledger.filter(pl.col("age_month") < horizon)
        .join(sample.select("customer", *keys), on="customer")
        .group_by(*keys, "age_month")
        .agg(pl.col("orders", "revenue", "value").sum())
    )
    return (
        life_table(sample, keys, horizon)
        .join(bought, on=[*keys, "age_month"], how="left", nulls_equal=True)
        .with_columns(pl.col("orders", "revenue", "value").fill_null(0))
        .sort(*keys, "age_month", nulls_last=True)
    )


def curve(ages: pl.DataFrame, by: Sequence[str] = (), margin: float = 1.0, discount: float = 0.0) -> pl.DataFrame:
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
