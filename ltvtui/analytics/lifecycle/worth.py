"""What customers brought lately: what goes with those who leave (metrics.md §8)."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

YEAR: Final = 365
"""Days up to the as-of day that count as lately."""


def revenue_lately(snapshot: Snapshot) -> pl.Series:
    """lately (currency units): net revenue within the last YEAR days of the snapshot's customers, row for row."""
    now = snapshot.customers.select("customer", "revenue")
    then = snapshot.activity.stored_revenue(snapshot.terms.as_of - YEAR).rename({"revenue": "then"})
    both = now.join(then, on="customer", how="left", maintain_order="left")
    return both.select(units(pl.col("revenue") - pl.col("then").fill_null(0)).alias("lately")).to_series()


def brought_lately(snapshot: Snapshot) -> pl.DataFrame:
    """stage (Enum of STAGES), lately: revenue_lately by the stage in which customers are now."""
    stages = snapshot.by("stage").select("stage").with_columns(revenue_lately(snapshot))
    return stages.group_by("stage").agg(pl.col("lately").sum()).sort("stage")
