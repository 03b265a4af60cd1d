"""What one more customer costs: the average CAC hides that more spend brings ever fewer (metrics.md §11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.intervals import student

FEWEST_MONTHS: Final = 12
"""Months with spend and new customers from which on a response to spend can be told."""
LEAST_VARIATION: Final = 0.15
"""Coefficient of variation of monthly spend below which it tells nothing."""
RECENT: Final = 3
"""Months whose average CAC stands for today's."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Marginal:
    """How the new customers of a channel followed its spend: new = c · spend^β by calendar month."""

    channel: str
    months: pl.DataFrame
    """month (Int32 period), new_customers, spend: those with both, in their order."""
    cac: float | None = None
    """What one more customer costs at the spend of the last months, currency units: average CAC ÷ β."""
    interval: tuple[float, float | None] | None = None
    """Its 95 % bounds; no upper one where more spend may bring nobody."""
    beta: float | None = None
    """β, within 0…1."""
    why_not: str = ""
    """Where there is no `cac`: why."""

    @property
    def recent(self) -> tuple[float, float]:
        """Spend and new customers a month, on average of the last months."""
        last = self.months.tail(RECENT)
        return float(last["spend"].mean() or 0), float(last["new_customers"].mean() or 0)  # type: ignore[arg-type]


def marginal(channel: str, monthly: pl.DataFrame) -> Marginal:
    """The marginal CAC of a channel from `monthly`: month, new_customers, spend (currency units) of whole months.

    Least squares of log new on log spend, β bounded to 0…1; its interval by leaving out each month in turn. None
    for fewer than FEWEST_MONTHS months with both, or spend that hardly varied.
    """
    both = monthly.filter((pl.col("spend") > 0) & (pl.col("new_customers") > 0)).sort("month")
    months = both.select("month", "new_customers", "spend")
    if months.height < FEWEST_MONTHS:
        why = f"{months.height} of {FEWEST_MONTHS} months with spend and new customers"
        return Marginal(channel, months, why_not=why)
    spend = months["spend"].to_numpy()
    variation = float(np.std(spend, ddof=1) / np.mean(spend))
    if variation < LEAST_VARIATION:
        why = f"spend varied by {variation * 100:.0f} %: too little to measure"
        return Marginal(channel, months, why_not=why)
    new = months["new_customers"].to_numpy().astype(np.float64)
    beta = slope(spend, new)
    replicates = np.array([slope(np.delete(spend, k), np.delete(new, k)) for k in range(len(spend))])
    half_width = _half_width(replicates)
    average = spend[-RECENT:].sum() / new[-RECENT:].sum()
    if beta <= 0:
        return Marginal(channel, months, beta=beta, why_not="more spend brought no more customers")
    low, high = min(beta + half_width, 1.0), max(beta - half_width, 0.0)
    bounds = float(average / low), float(average / high) if high > 0 else None
    return Marginal(channel, months, float(average / beta), bounds, beta)


def slope(spend: Floats, new: Floats) -> float:
    """β of new = c · spend^β by least squares on logarithms, held in 0…1; 0 where spend does not vary."""
    x, y = np.log(spend), np.log(new)
    spread = x - x.mean()
    total = float(spread @ spread)
    return float(np.clip(spread @ (y - y.mean()) / total, 0, 1)) if total > 0 else 0.0


def _half_width(replicates: Floats) -> float:
    """Half the width of the 95 % interval of a jackknife."""
    n = len(replicates)
    error = float(np.sqrt((n - 1) / n * ((replicates - replicates.mean()) ** 2).sum()))
    return float(student(np.array([n - 1.0]))[0]) * error
