"""Retention as a curve: Kaplan-Meier by age month with its band and its median (metrics.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import polars as pl

from ltvtui.analytics.retention import of_each, survival
from ltvtui.analytics.segments import ranked
from ltvtui.analytics.snapshot import Snapshot

_DEVIATIONS: Final = NormalDist().inv_cdf(0.975)
"""1.96 standard errors to either side hold 95 %."""
_HALF: Final = 0.5 + 1e-12
"""A product of shares that is one half may come out a digit above it."""

_MEDIAN: Final = pl.col("age_month").filter(pl.col("known") & (pl.col("survival") <= _HALF)).min().alias("median")

SUMMARY: Final = ("sample", "lapsed", "median", "retention_months", "within_months")
"""Columns of retention_summary behind its dimensions."""
POINTS: Final = (
    *("age_month", "survival", "error", "lower", "upper"),
    *("at_risk", "lapsed", "sample", "observed", "known"),
)
"""Columns of survival_points behind its dimensions."""


def with_band(life: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """`life` with how sure its survival is: `error`, `lower` and `upper` (Float64).

    `life` is a life table (retention.life_table): by…, at_risk, lapsed, survival, sorted by age month. `error`
    is the standard error of S(k) after Greenwood (1926), S(k) · √Σ_{j<k} D_j ÷ (Y_j · (Y_j − D_j)). `lower` and
    `upper` bound S(k) with 95 % by the transform log(−log S), which stays within 0…1 (Kalbfleisch & Prentice,
    The Statistical Analysis of Failure Time Data, 1980); both are 1 while nobody has lapsed. All three are
    null where S(k) is null or 0.
    """
    stayed = pl.col("at_risk") - pl.col("lapsed")
    spread = pl.when(stayed > 0).then(pl.col("lapsed") / (pl.col("at_risk") * stayed)).otherwise(0.0)
    relative = of_each(spread.cum_sum().shift(1, fill_value=0.0), by).sqrt()
    alive = pl.col("survival")
    gone = -alive.log()
    factor = (_DEVIATIONS * relative / gone).exp()
    return life.with_columns(
        pl.when(alive > 0).then(column).alias(name)
        for name, column in (
            ("error", alive * relative),
            ("lower", pl.when(alive == 1).then(1.0).otherwise((-gone * factor).exp())),
            ("upper", pl.when(alive == 1).then(1.0).otherwise((-gone / factor).exp())),
        )
    )


def survival_points(ends: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """S(k) for k = 0 … horizon from the counts that retention.survival takes: by…, then POINTS.

    age_month (Int32) is k, survival (Float64) the share still there when age month k begins, null where nobody
    was at risk in the month before; error, lower and upper are those of with_band. at_risk, lapsed, sample
    (Int64) and observed are of the life table; at k = horizon, where only the curve goes on, lapsed is null and
    observed false.

    known (Boolean): S(k) is to be leaned upon. It is where enough are at risk in month k. Where they are no
    more, it is if as many of those at risk in month k - 1 lapsed as went out of sight. Were these more, the time
    of watching ended there: then active customers are at risk in month k - 1 only if it was complete, those who
    left always, and too many seem to have left. Sorted by segment and k.
    """
    keys = list(by)
    # All who end beyond the horizon stand in its last row, where they are at risk.
    life = survival(ends, keys, horizon + 1)
    at_risk, lapsed, enough = pl.col("at_risk"), pl.col("lapsed"), pl.col("observed")
    unseen = at_risk - lapsed - of_each(at_risk.shift(-1), keys)
    told = of_each((enough & (lapsed >= unseen)).shift(1, fill_value=False), keys)
    before = of_each((pl.col("survival") * (1 - lapsed / at_risk)).shift(1), keys)
    inside = pl.col("age_month") < horizon
    points = life.with_columns(
        pl.coalesce("survival", before).alias("survival"),
        pl.when(inside).then(lapsed).alias("lapsed"),
        (enough & inside).alias("observed"),
        (enough | told).alias("known"),
    )
    return with_band(points, keys).select(*keys, *POINTS)


def median(points: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """After how many months half of each segment of survival_points has left: by…, median (Int32).

    It is the first k with S(k) ≤ ½; null where S has not come down to that as far as it is known.
    """
    return points.group_by(by, maintain_order=True).agg(_MEDIAN) if by else points.select(_MEDIAN)


def retention_curves(snapshot: Snapshot, by: Sequence[str] = ()) -> pl.DataFrame:
    """survival_points of each segment of `by`, of those customers whose retention can be told."""
    inside = snapshot.tally(*by).filter(pl.col("months").is_not_null())
    ends = inside.select(*by, "months", pl.col("customers").alias("ended"), "lapsed")
    return survival_points(ends, by, snapshot.terms.horizon)


def retention_summary(snapshot: Snapshot, by: Sequence[str] = ()) -> pl.DataFrame:
    """How long each segment of `by` stays: the columns of `by`, then SUMMARY; without `by` one row for all.

    sample and lapsed (Int64) are the customers that retention is measured on and those of them who left;
    median (Int32, months) is that of `median`; retention_months (Float64) is Σ S(k) over the within_months
    (Int32, τ) observed. median and retention_months are null where there is nothing to tell them from. In the
    order of segments.profile.
    """
    keys = list(by)
    tally, points = snapshot.tally(*keys), retention_curves(snapshot, keys)
    sample = pl.col("customers").filter(pl.col("months").is_not_null()).sum().alias("sample")
    counts = [sample, pl.col("lapsed", "revenue").sum()]
    stay = [
        _MEDIAN,
        pl.col("survival").filter("observed").cum_sum().last().alias("retention_months"),
        pl.col("observed").sum().cast(pl.Int32).alias("within_months"),
    ]
    if not keys:
        return pl.concat([tally.select(counts), points.select(stay)], how="horizontal").select(SUMMARY)
    counted, stayed = tally.group_by(keys).agg(counts), points.group_by(keys).agg(stay)
    rows = counted.join(stayed, on=keys, how="left", nulls_equal=True)
    return ranked(rows.with_columns(pl.col("within_months").fill_null(0)), keys).select(*keys, *SUMMARY)
