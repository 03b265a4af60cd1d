"""The factors of LTV once more without each group of customers: how far they lie apart is their standard error.

The jackknife of metrics.md §4, of check, frequency and retention as well as of LTV: months and supported months are
those of the whole, so that leaving somebody out changes figures and not their definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.aggregate import Aggregate
from ltvtui.analytics.comparison.sums import GROUP
from ltvtui.analytics.retention import extended
from ltvtui.analytics.schema import MONEY_SCALE

Floats = npt.NDArray[np.float64]

FACTORS: Final = ("check", "frequency", "retention_months", "margin")
"""Their product is ltv."""
MEASURES: Final = ("ltv", *FACTORS)


@dataclass(frozen=True)
class CommonAge:
    """On what the figures of both sides depend."""

    months: int
    """The common τ."""
    margin: float
    discount: float
    """Annual rate."""

    @property
    def worth(self) -> Floats:
        """What a ten-thousandth of money in each age month is worth, in currency units."""
        middle = (np.arange(self.months) + 0.5) / 12
        return np.asarray(self.margin / (1 + self.discount) ** middle / MONEY_SCALE, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Errors:
    """How sure the figures of a side are."""

    errors: dict[str, float | None]
    """Standard error by MEASURES; None where it cannot be calculated."""
    groups: int
    """Groups that were left out in turn."""


def errors_of(sums: Aggregate, supported: npt.NDArray[np.bool_], terms: CommonAge) -> Errors:
    """Standard errors of one side: `sums` are its customers by group (sums.side_sums).

    `supported` says which of its months of retention are supported, a value for each of the common months.
    SE² = (g - 1) ÷ g · Σ (θ₋ⱼ - mean)² over g groups.
    """
    bought = sums.bought.filter(pl.col(GROUP).is_not_null()).sort(GROUP)
    numbers = bought[GROUP].unique().sort()
    size = numbers.len()
    if size < 2 or terms.months == 0:
        return Errors(dict.fromkeys(MEASURES), size)
    replicates = _replicates(_Counts.of(bought, sums.ended, numbers, terms.months), supported, terms)
    with np.errstate(invalid="ignore"):
        spread = {name: np.sqrt((size - 1) / size * ((v - v.mean()) ** 2).sum()) for name, v in replicates.items()}
    return Errors({name: float(se) if np.isfinite(se) else None for name, se in spread.items()}, size)


@dataclass(frozen=True, eq=False)
class _Counts:
    """Sums without each group: a row a group, a column an age month."""

    seen: Floats
    orders: Floats
    revenue: Floats
    value: Floats
    at_risk: Floats
    lapsed: Floats

    @classmethod
    def of(cls, bought: pl.DataFrame, ended: pl.DataFrame, numbers: pl.Series, months: int) -> _Counts:
        month, size = np.arange(months), numbers.len()
        row = numbers.search_sorted(bought[GROUP]).to_numpy()
        there = bought["seen"].to_numpy()[:, None] > month

        def without(rows: npt.NDArray[np.intp], parts: npt.NDArray[np.generic]) -> Floats:
            of_groups = np.zeros((size, months))
            np.add.at(of_groups, rows, parts)
            return np.asarray(of_groups.sum(axis=0) - of_groups)

        def money(name: str) -> Floats:
            column = name if f"{name} 0" in bought.columns else "revenue"
            done = bought.select(f"{column} {k}" for k in range(months)).to_numpy()
            return without(row, np.where(there, done, 0))

        followed = ended.filter(pl.col(GROUP).is_not_null())
        group = numbers.search_sorted(followed[GROUP]).to_numpy()
        until, people, left = (followed[name].to_numpy()[:, None] for name in ("months", "ended", "lapsed"))
        return cls(
            without(row, np.where(there, bought["customers"].to_numpy()[:, None], 0)),
            money("orders"),
            money("revenue"),
            money("value"),
            without(group, np.where(until > month, people, 0)),
            without(group, np.where(until == month + 1, left, 0)),
        )


def _replicates(counts: _Counts, supported: npt.NDArray[np.bool_], terms: CommonAge) -> dict[str, Floats]:
    """MEASURES without each group; NaN where nobody else was seen for a month."""
    with np.errstate(divide="ignore", invalid="ignore"):
        stayed = np.where(counts.at_risk > 0, 1 - counts.lapsed / counts.at_risk, 1.0)
        alive = np.cumprod(np.hstack([np.ones((len(stayed), 1)), stayed[:, :-1]]), axis=1)
        retention = extended(alive, np.broadcast_to(supported, alive.shape)).sum(axis=1)
        orders, revenue = ((done / counts.seen).sum(axis=1) for done in (counts.orders, counts.revenue))
        ltv = (counts.value / counts.seen * terms.worth).sum(axis=1)
        check = revenue / MONEY_SCALE / orders
        return {
            "ltv": ltv,
            "check": check,
            "frequency": orders / retention,
            "retention_months": retention,
            "margin": ltv / (revenue / MONEY_SCALE),
        }
