"""The most that a customer may cost, of all customers alike (metrics.md §11)."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.summaries import curve_of


def largest_cac(snapshot: Snapshot, target: float, payback_limit: int) -> float | None:
    """min(LTV ÷ `target`, what a customer brings until the payback limit), currency units: what Budget says of all
    customers where their spend is known of every day, or of none. None where less data than the horizon."""
    horizon = snapshot.terms.horizon
    curve = curve_of(snapshot)
    within = curve.filter(pl.col("age_month") < horizon)
    if within.height < horizon:
        return None
    until = curve.filter(pl.col("age_month") <= min(payback_limit, max(horizon, payback_limit) - 1))
    return min(float(within["ltv"][-1]) / target, float(until["ltv"][-1]))
