"""Segment rows: what a group of customers is worth, for any dimension (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.ltv import curve, factors
from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

FEW: Final = 30
"""Below this many customers a segment's figures are shown, but not leaned upon."""

MEASURES: Final = (
    "customers",
    "customer_share",
    "orders",
    "revenue",
    "revenue_share",
    "average_check",
    "orders_per_customer",
    "check",
    "frequency",
    "retention_months",
    "within_months",
    "ltv",
    "margin",
    "few",
)
"""Columns of a segment row behind its dimensions; money in currency units."""


def profile(snapshot: Snapshot, by: Sequence[str] = ()) -> pl.DataFrame:
    """One row for each value (or pair of values) of `by`; without `by` one row for all.

    Gives the columns of `by`, then MEASURES. Shares are of the snapshot's customers and revenue.
    `customers … orders_per_customer` are all-time, `check … ltv` within the horizon; `margin` is the
    factor that makes ltv of check × frequency × retention_months. Dearest segment first, tiers in
    their own order; a null value is customers of whom the dimension is not known.
    """
    keys = list(by)
    totals = _all_time(snapshot.tally(*keys), keys)
    worth = factors(snapshot.age_table(*keys), keys, snapshot.margin, snapshot.terms.discount)
    if not keys:
        joined = totals if worth.height == 0 else pl.concat([totals, worth], how="horizontal")
    else:
        joined = totals.join(worth, on=keys, how="left", nulls_equal=True)
    for column in set(worth.columns) - set(joined.columns):
        joined = joined.with_columns(pl.lit(None, dtype=worth.schema[column]).alias(column))
    rows = joined.rename({"ltv_margin": "margin"}).with_columns(
        pl.col("within_months").fill_null(0), (pl.col("customers") < FEW).alias("few")
    )
    return ranked(rows.select(*keys, *MEASURES), keys)


def value_curves(snapshot: Snapshot, by: Sequence[str]) -> pl.DataFrame:
    """Cumulative LTV of each segment: the columns of `by`, then those of ltv.curve."""
    return curve(snapshot.age_table(*by), by, snapshot.margin, snapshot.terms.discount)


def _all_time(tally: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    sums = pl.col("customers", "orders", "revenue").sum()
    rows = tally.group_by(keys).agg(sums) if keys else tally.select(sums)
    money = units(pl.col("revenue"))
    some = pl.col("customers") > 0
    return rows.select(
        *keys,
        "customers",
        _share("customers"),
        "orders",
        money.alias("revenue"),
        _share("revenue"),
        pl.when(some).then(money / pl.col("orders")).alias("average_check"),
        pl.when(some).then(pl.col("orders") / pl.col("customers")).alias("orders_per_customer"),
    )


def _share(column: str) -> pl.Expr:
    """Share of the column's sum (Float64); null where the sum is not positive."""
    # Repeated for every row: by a single number polars multiplies with its inverse, and 3 of 10 is not 0.3.
    total = pl.col(column).sum().over(pl.lit(0))
    name = f"{column.removesuffix('s')}_share"
    return pl.when(total > 0).then(pl.col(column) / total).alias(name)


def ranked(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Rows with keys… and revenue in a total order that only the values decide.

    Bands and periods stand in their own order, others by revenue, the highest first.
    """
    if not keys:
        return rows
    natural = [k for k in keys if isinstance(rows.schema[k], pl.Enum) or k in PERIODS]
    lexical = [pl.col(k) if isinstance(rows.schema[k], pl.Enum) else pl.col(k).cast(pl.String) for k in natural]
    rest = [pl.col(k).cast(pl.String) for k in keys if k not in natural]
    order = [*lexical, pl.col("revenue"), *rest]
    falling = [*(False for _ in lexical), True, *(False for _ in rest)]
    return rows.sort(order, descending=falling, nulls_last=True)
