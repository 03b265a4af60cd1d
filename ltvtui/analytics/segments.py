"""Segment rows: what a group of customers is worth, for any dimension (metrics.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.intervals import curve_errors
from ltvtui.analytics.ltv import at_ages, factors, last_months
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.schema import units
from ltvtui.analytics.segment_metrics import SEGMENT_METRICS
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.summaries import aggregate_of, curve_of, groups_of

MEASURES: Final = (*SEGMENT_METRICS, "few")
"""Columns of a segment row behind its dimensions; money in currency units, few (Boolean) marks a small sample."""
INTERVAL: Final = ("ltv_se", "ltv_lower", "ltv_upper")
"""Columns that follow where it is asked how sure LTV is; currency units, null where that cannot be told."""


def profile(snapshot: Snapshot, by: Sequence[str] = (), interval: bool = False) -> pl.DataFrame:
    """One row for each value (or pair of values) of `by`; without `by` one row for all.

    Gives the columns of `by`, then MEASURES, and with `interval` INTERVAL. Shares are of the snapshot's customers and
    revenue. `customers … orders_per_customer` are all-time, `check … ltv` within the horizon; `margin` is the factor
    that makes ltv of check × frequency × retention_months; ltv_1 … are the LTV at these ages, null where they were
    not seen. `counted` are the customers that LTV rests on: all but those who may be older than the history. Dearest
    segment first, tiers in their own order; a null value is customers of whom the dimension is not known.
    """
    followed, within = curve_of(snapshot, *by), value_curves(snapshot, by)
    return segment_rows(
        aggregate_of(snapshot, *by).bought, within, followed, by, value_bands(snapshot, by) if interval else None
    )


def segment_rows(
    bought: pl.DataFrame,
    within: pl.DataFrame,
    followed: pl.DataFrame,
    by: Sequence[str],
    bands: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The rows of `profile` from sums of their own: `bought` (Aggregate.bought), and the curves of ltv.curve.

    Factors and LTV are of the last month of each segment `within` and, in `bands`, of its interval; LTV at equal ages
    is of the curves as far as they are `followed`.
    """
    keys = list(by)
    totals = _all_time(bought, keys)
    parts = [factors(within, keys), at_ages(followed, keys)]
    if bands is not None:
        parts.append(last_months(bands).select(*keys, pl.col("se", "lower", "upper").name.prefix("ltv_")))
    for part in _as_one(parts, keys):
        totals = beside(totals, part, keys)
    few = (pl.col("customers") < FEW) | (pl.col("counted") < FEW)
    rows = totals.rename({"ltv_margin": "margin"}).with_columns(
        pl.col("within_months", "retention_supported_months").fill_null(0), few.alias("few")
    )
    return ranked(rows.select(*keys, *MEASURES, *(INTERVAL if bands is not None else ())), keys)


def _as_one(parts: list[pl.DataFrame], keys: list[str]) -> list[pl.DataFrame]:
    """`parts`, those that have a row for the same of `keys` in the same order as one."""
    first, *others = parts
    if not keys or not all(part[keys].equals(first[keys]) for part in others):
        return parts
    return [first.hstack([column for part in others for column in part.drop(keys)])]


def beside(rows: pl.DataFrame, part: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """`rows` with the columns of `part`, a row each of `keys`; null where it has none of that segment."""
    if keys:
        return rows.join(part, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return pl.concat([rows, part if part.height else part.clear(1)], how="horizontal")


def value_curves(snapshot: Snapshot, by: Sequence[str]) -> pl.DataFrame:
    """Cumulative LTV of each segment within the horizon: the columns of `by`, then those of ltv.curve."""
    followed, horizon = curve_of(snapshot, *by), snapshot.terms.horizon
    return followed if horizon == snapshot.followed else followed.filter(pl.col("age_month") < horizon)


def value_bands(snapshot: Snapshot, by: Sequence[str]) -> pl.DataFrame:
    """value_curves with se, lower and upper of ltv, as intervals.curve_errors gives them."""
    discount = snapshot.terms.discount

    def bands() -> pl.DataFrame:
        return curve_errors(groups_of(snapshot, *by), curve_of(snapshot, *by), by, snapshot.margin, discount)

    followed, horizon = snapshot.recall(("bands", discount), tuple(by), bands), snapshot.terms.horizon
    return followed if horizon == snapshot.followed else followed.filter(pl.col("age_month") < horizon)


def _all_time(bought: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    sums = [
        pl.col("customers", "orders", "revenue").sum(),
        pl.col("customers").filter(pl.col("seen").is_not_null()).sum().alias("counted"),
    ]
    rows = bought.group_by(keys).agg(sums) if keys else bought.select(sums)
    money = units(pl.col("revenue"))
    some = pl.col("customers") > 0
    return rows.select(
        *keys,
        "customers",
        "counted",
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
