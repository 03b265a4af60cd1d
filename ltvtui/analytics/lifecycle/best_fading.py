"""Customers of the best tier who are about to be lost: whom to win back first (metrics.md §5, §8)."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.lifecycle.worth import revenue_lately
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.tiers import TIERS

FADING = "fading"


def best_tier(snapshot: Snapshot) -> str | None:
    """The best tier that somebody is in; None where there is nobody."""
    there = set(snapshot.customers["tier"].unique().cast(str))
    return next((tier for tier in TIERS if tier in there), None)


def best_fading(snapshot: Snapshot) -> pl.DataFrame:
    """Customers of the best tier that somebody is in whose stage is fading: the columns of Snapshot.measured, then
    lately (currency units, net revenue within the last 365 days), by which they stand, the highest first."""
    stages = snapshot.by("stage")["stage"].cast(pl.String)
    best = pl.lit(best_tier(snapshot), dtype=pl.String)
    some = snapshot.where(pl.col("tier").cast(pl.String) == best, pl.lit(stages) == FADING)
    rows = some.measured.with_columns(revenue_lately(some))
    return rows.sort("lately", "customer", descending=[True, False])
