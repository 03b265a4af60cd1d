"""Churn gap, censoring and retention of customers who never say goodbye (metrics.md §3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.kernel.groups import beside, grouped
from ltvtui.analytics.kernel.quantiles import type7
from ltvtui.analytics.schema import age_month

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Counts = TypeVar("Counts", pl.Expr, Ints)

SHORTEST_GAP: Final = 30
LONGEST_GAP: Final = 365
CHURN_QUANTILE: Final = Fraction(9, 10)
FEW: Final = 30
"""Below this many customers a figure is shown, but not leaned upon."""
_TREND: Final = 3
"""Months before one that is not supported of which the mean hazard goes on, at most."""


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
    cumulative = gaps["len"].cum_sum()
    return type7(lambda rank: int(gaps["gap"][int((cumulative <= rank).sum())]), int(cumulative[-1]), quantile)


def censor(customers: pl.DataFrame, as_of: int, churn_gap: int, since: int | None = None) -> pl.DataFrame:
    """Add `months` (Int32) and `lapsed` (Boolean) to customers with first and last: what retention knows of them.

    At the cut C = as_of - churn_gap the state of Q complete months is known. Who lapsed in one of them is an event
    of the month of the last order; everybody else is censored after Q months, for who lapsed in a month that is not
    over at C says no more than who did not. Both columns are null outside the retention sample: first order after
    the cut, not one complete month, or a first order before the day `since` (analytics.entry).
    """
    cut = as_of - churn_gap
    complete = age_month(cut - pl.col("first"))
    lived = age_month(pl.col("last") - pl.col("first")) + 1
    lapsed = (pl.col("last") <= cut) & (lived <= complete)
    inside = (pl.col("first") <= cut) & (complete >= 1)
    if since is not None:
        inside &= pl.col("first") >= since
    months = pl.when(lapsed).then(lived).otherwise(complete).cast(pl.Int32)
    return customers.with_columns(
        pl.when(inside).then(column).alias(name) for name, column in (("months", months), ("lapsed", lapsed))
    )


def life_table(sample: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """Discrete Kaplan-Meier over `sample` (`months`, `lapsed` not null) for each segment of `by`.

    Gives by…, age_month 0…horizon-1 (Int32), at_risk, lapsed (Int64), sample (Int64), survival S(k) (Float64) and
    supported (Boolean): enough customers were at risk in the month before to tell S(k). Behind the supported months
    S goes on at the mean hazard of the months before each (metrics.md §3). Sorted by segment and age month.
    """
    ended = pl.len().cast(pl.Int64).alias("ended")
    ends = sample.group_by(*by, capped(horizon)).agg(ended, pl.col("lapsed").cast(pl.Int64).sum())
    return survival(ends, by, horizon)


def capped(horizon: int) -> pl.Expr:
    """`months` (Int32), those beyond the horizon as one: they are at risk in every month of it."""
    return pl.col("months").clip(upper_bound=horizon + 1)


def survival(ends: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """life_table from its counts: by…, months (capped), ended (Int64, customers), lapsed (of them)."""
    lives = lives_of(ends, by, horizon)
    count = lives.at_risk.shape[0]
    columns = {
        "sample": np.repeat(lives.sample, horizon),
        "age_month": np.tile(np.arange(horizon, dtype=np.int32), count),
        **{name: getattr(lives, name).reshape(-1) for name in ("lapsed", "at_risk", "survival", "supported")},
    }
    return beside(lives.names, np.repeat(np.arange(count), horizon), columns)


@dataclass(frozen=True, eq=False)
class Lives:
    """Life tables, a row a segment and a column an age month from 0 on: the columns of life_table."""

    names: pl.DataFrame
    """by…, sorted."""
    sample: Ints
    """A number a segment."""
    at_risk: Ints
    lapsed: Ints
    survival: Floats
    supported: Booleans


def lives_of(ends: pl.DataFrame, by: Sequence[str], horizon: int) -> Lives:
    """`survival` as grids; without `by` one row, though there is nobody."""
    groups = grouped(ends, by)
    count = len(groups.starts) if by else 1
    months, ended, lapsed = (groups.column(name) for name in ("months", "ended", "lapsed"))
    numbers = groups.numbers
    sample: Ints = np.zeros(count, dtype=np.int64)
    np.add.at(sample, numbers, ended)
    # An end in month k (months = k + 1) is still at risk in k and no more in k + 1.
    inside = months <= horizon
    cells = numbers[inside], months[inside] - 1
    endings: Ints = np.zeros((count, horizon), dtype=np.int64)
    left = endings.copy()
    np.add.at(endings, cells, ended[inside])
    np.add.at(left, cells, lapsed[inside])
    before: Ints = endings.cumsum(axis=1) - endings
    at_risk = sample[:, None] - before
    stayed: Floats = 1 - np.divide(left, at_risk, out=np.zeros(left.shape), where=at_risk > 0)
    alive: Floats = np.ones(left.shape)
    supported: Booleans = np.ones(left.shape, dtype=np.bool_)
    alive[:, 1:] = stayed.cumprod(axis=1)[:, :-1]
    supported[:, 1:] = (at_risk >= enough_of(sample)[:, None])[:, :-1]
    if not supported.all():
        alive = extended(alive, supported)
    return Lives(groups.names, sample, at_risk, left, alive, supported)


def enough_of(sample: Counts) -> Counts:
    """How many customers tell something of an age month: min(30, a tenth of the `sample`), one at least."""
    return ((sample + 9) // 10).clip(1, FEW)


def extended(survival: Floats, supported: Booleans) -> Floats:
    """`survival` (a row a segment, a column a month from 0 on) that goes on behind its supported months.

    S(k) = S(k-1) · (S(k-1) ÷ S(k-1-b))^(1/b), b = min(3, k - 1): at the mean hazard of the months before it.
    """
    alive = survival.copy()
    for month in range(1, alive.shape[1]):
        trend = min(_TREND, month - 1)
        before, begun = alive[:, month - 1], alive[:, month - 1 - trend]
        slope = np.divide(before, begun, out=np.ones_like(before), where=begun > 0) ** (1 / max(trend, 1))
        alive[:, month] = np.where(supported[:, month], alive[:, month], before * slope)
    return alive
