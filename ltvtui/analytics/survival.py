"""Retention as a curve: Kaplan-Meier by age month with its band and its median (metrics.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import polars as pl

from ltvtui.analytics.ltv import factors
from ltvtui.analytics.retention import survival
from ltvtui.analytics.segments import beside, ranked, value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.summaries import aggregate_of

_DEVIATIONS: Final = NormalDist().inv_cdf(0.975)
"""1.96 standard errors to either side hold 95 %."""
_HALF: Final = 0.5 + 1e-12
"""A product of shares that is one half may come out a digit above it."""

_MEDIAN: Final = pl.col("age_month").filter(pl.col("supported") & (pl.col("survival") <= _HALF)).min().alias("median")

SUMMARY: Final = ("sample", "lapsed", "median", "retention_months", "retention_supported_months", "within_months")
"""Columns of retention_summary behind its dimensions."""
POINTS: Final = (
    *("age_month", "survival", "error", "lower", "upper"),
    *("at_risk", "lapsed", "sample", "supported"),
)
"""Columns of survival_points behind its dimensions."""


def with_band(life: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """`life` with how sure its survival is: `error`, `lower` and `upper` (Float64).

    `life` is a life table (retention.life_table): by…, at_risk, lapsed, survival, supported, sorted by age month.
    `error` is the standard error of S(k) after Greenwood (1926), S(k) · √Σ_{j<k} D_j ÷ (Y_j · (Y_j − D_j)). `lower`
    and `upper` bound S(k) with 95 % by the transform log(−log S), which stays within 0…1 (Kalbfleisch & Prentice,
    The Statistical Analysis of Failure Time Data, 1980); both are 1 while nobody has lapsed. All three are
    null where S(k) is 0 or not supported.
    """
    stayed = pl.col("at_risk") - pl.col("lapsed")
    spread = pl.when(stayed > 0).then(pl.col("lapsed") / (pl.col("at_risk") * stayed)).otherwise(0.0)
    relative = spread.cum_sum().shift(1, fill_value=0.0)
    relative = (relative.over(by) if by else relative).sqrt()
    alive = pl.col("survival")
    hazard = -alive.log()
    factor = (_DEVIATIONS * relative / hazard).exp()
    return life.with_columns(
        pl.when(pl.col("supported") & (alive > 0)).then(column).alias(name)
        for name, column in (
            ("error", alive * relative),
            ("lower", pl.when(alive == 1).then(1.0).otherwise((-hazard * factor).exp())),
            ("upper", pl.when(alive == 1).then(1.0).otherwise((-hazard / factor).exp())),
        )
    )


def survival_points(ends: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """S(k) for k = 0 … horizon from the counts that retention.survival takes: by…, then POINTS.

    age_month (Int32) is k, survival (Float64) the share still there when age month k begins; supported (Boolean):
    enough customers were at risk in the month before (metrics.md §3), else S goes on at the latest mean hazard, and
    error, lower and upper (with_band) are null. at_risk, lapsed, sample (Int64) are of the life table; at
    k = horizon, where only the curve goes on, lapsed is null. Sorted by segment and k.
    """
    keys = list(by)
    # All who end beyond the horizon stand in its last row, where they are at risk.
    life = survival(ends, by, horizon + 1)
    inside = pl.col("age_month") < horizon
    points = life.with_columns(pl.when(inside).then(pl.col("lapsed")).alias("lapsed"))
    return with_band(points, keys).select(*keys, *POINTS)


def median(points: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """After how many months half of each segment of survival_points has left: by…, median (Int32).

    It is the first k with S(k) ≤ ½; null where S has not come down to that as far as it is known.
    """
    return points.group_by(by, maintain_order=True).agg(_MEDIAN) if by else points.select(_MEDIAN)


def retention_curves(snapshot: Snapshot, by: Sequence[str] = ()) -> pl.DataFrame:
    """survival_points of each segment of `by`, of those customers whose retention can be told."""
    return survival_points(aggregate_of(snapshot, *by).ended, by, snapshot.terms.horizon)


def retention_summary(snapshot: Snapshot, by: Sequence[str] = ()) -> pl.DataFrame:
    """How long each segment of `by` stays: the columns of `by`, then SUMMARY; without `by` one row for all.

    sample and lapsed (Int64) are the customers that retention is measured on and those of them who left;
    median (Int32, months) is that of `median`; retention_months (Float64) is Σ S(k) over the within_months
    (Int32, τ) of LTV, of which retention_supported_months (Int32) are supported; null where LTV is. In the order of
    segments.profile.
    """
    keys = list(by)
    aggregate = aggregate_of(snapshot, *keys)
    counts = [pl.col("ended").sum().alias("sample"), pl.col("lapsed").sum()]
    parts = [
        aggregate.ended.group_by(keys).agg(counts) if keys else aggregate.ended.select(counts),
        median(retention_curves(snapshot, keys), keys),
        factors(value_curves(snapshot, keys), keys).select(*keys, *SUMMARY[3:]),
    ]
    revenue = pl.col("revenue").sum()
    rows = aggregate.bought.group_by(keys).agg(revenue) if keys else aggregate.bought.select(revenue)
    for part in parts:
        rows = beside(rows, part, keys)
    numbers = ("sample", "lapsed", "retention_supported_months", "within_months")
    return ranked(rows.with_columns(pl.col(numbers).fill_null(0)), keys).select(*keys, *SUMMARY)
