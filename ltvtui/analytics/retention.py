"""Churn gap, censoring and retention of customers who never say goodbye (metrics.md §3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import polars as pl

from ltvtui.analytics.quantiles import type7
from ltvtui.analytics.schema import age_month

SHORTEST_GAP: Final = 30
LONGEST_GAP: Final = 365
CHURN_QUANTILE: Final = Fraction(9, 10)


@dataclass(frozen=True)
class ChurnGap:
    """After how many silent days a customer is held to have left."""

    days: int
    chosen: bool
    """True where the analyst set it, False where it was measured."""
    gaps: int
    """How many gaps between order days were seen."""
    returned: float | None
    """Share of silences longer than `days` that ended in a return anyway; null if there was none."""


def churn_gap(
    gaps: pl.DataFrame, silences: pl.Series, chosen: int | None = None, quantile: Fraction = CHURN_QUANTILE
) -> ChurnGap:
    """G from `gaps` (gap, len: how many; sorted); `silences` are the days since each customer's last order.

    The 90th percentile (type 7), rounded up, held within 30–365 days; 365 without any gap.
    A silence longer than G either ended (a gap) or has not ended yet (since the last order).
    """
    count = int(gaps["len"].sum())
    if chosen is not None:
        days = chosen
    elif count == 0:
        days = LONGEST_GAP
    else:
        days = min(max(math.ceil(gap_quantile(gaps, quantile)), SHORTEST_GAP), LONGEST_GAP)
    ended = int(gaps.filter(pl.col("gap") > days)["len"].sum())
    going_on = int((silences > days).sum())
    returned = ended / (ended + going_on) if ended + going_on else None
    return ChurnGap(days, chosen is not None, count, returned)


def gap_quantile(gaps: pl.DataFrame, quantile: Fraction) -> Fraction:
    """Type-7 quantile of `gaps` (gap, len: how many; sorted), of which there is at least one."""
    reached = gaps["len"].cum_sum()
    return type7(lambda rank: int(gaps["gap"][int((reached <= rank).sum())]), int(reached[-1]), quantile)


def censor(customers: pl.DataFrame, as_of: int, churn_gap: int) -> pl.DataFrame:
    """Add `lapsed` (Boolean) and `months` (Int32, Lᵢ) to customers with first and last.

    Both are null for those outside the retention sample: first order after the cut, or still active
    with not one complete month seen.
    """
    cut = as_of - churn_gap
    lapsed = pl.col("last") <= cut
    lived = age_month(pl.col("last") - pl.col("first")) + 1
    watched = age_month(cut - pl.col("first"))
    months = pl.when(pl.col("first") > cut).then(None).when(lapsed).then(lived).otherwise(watched)
    known = customers.with_columns(months.cast(pl.Int32).alias("months"), lapsed.alias("lapsed"))
    inside = pl.col("months") > 0
    return known.with_columns(pl.when(inside).then(pl.col(c)).alias(c) for c in ("months", "lapsed"))


def life_table(sample: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """Discrete Kaplan-Meier over `sample` (`months`, `lapsed` not null) for each segment of `by`.

    Gives by…, age_month 0…horizon-1 (Int32), at_risk, lapsed (Int64), survival S(k) (Float64, null
    where nobody is at risk), sample (Int64), observed (Boolean: enough customers at risk, so that
    the month counts towards retention). Sorted by segment and age month.
    """
    ends = sample.group_by(*by, capped(horizon)).agg(
        pl.len().cast(pl.Int64).alias("ended"), pl.col("lapsed").cast(pl.Int64).sum()
    )
    return survival(ends, by, horizon)


def capped(horizon: int) -> pl.Expr:
    """`months` (Int32), those beyond the horizon as one: they are at risk in every month of it."""
    return pl.col("months").clip(upper_bound=horizon + 1)


def survival(ends: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """life_table from its counts: by…, months (capped), ended (Int64, customers), lapsed (of them)."""
    keys = list(by)
    months = pl.DataFrame({"age_month": range(horizon)}, schema={"age_month": pl.Int32})
    whole = pl.col("ended").sum().alias("sample")
    segments = ends.group_by(keys).agg(whole) if keys else ends.select(whole)
    # An end in month k (L = k + 1) is still at risk in k and no more in k + 1.
    ended = ends.with_columns((pl.col("months") - 1).alias("age_month")).drop("months")
    grid = (
        segments.join(months, how="cross")
        .join(ended, on=[*keys, "age_month"], how="left", nulls_equal=True)
        .with_columns(pl.col("ended", "lapsed").fill_null(0))
        .sort(*keys, "age_month", nulls_last=True)
    )
    left_before = pl.col("ended").cum_sum() - pl.col("ended")
    kept = 1 - pl.col("lapsed") / pl.col("at_risk")
    at_risk = (pl.col("sample") - of_each(left_before, keys)).alias("at_risk")
    alive = of_each(kept.cum_prod().shift(1, fill_value=1.0), keys)
    enough = pl.min_horizontal(pl.lit(30), pl.max_horizontal(pl.lit(1), (pl.col("sample") + 9) // 10))
    return (
        grid.with_columns(at_risk)
        .with_columns(
            pl.when(pl.col("at_risk") > 0).then(alive).alias("survival"),
            (pl.col("at_risk") >= enough).alias("observed"),
        )
        .drop("ended")
    )


def of_each(expression: pl.Expr, keys: Sequence[str]) -> pl.Expr:
    """`expression` within each segment of `keys`, which may be none."""
    return expression.over(keys) if keys else expression
