"""What customers of each life-cycle stage brought lately: what goes with those who fade (metrics.md §8)."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

YEAR: Final = 365
"""Days up to the as-of day that count as lately."""


def brought_lately(snapshot: Snapshot) -> pl.DataFrame:
    """stage (Enum of STAGES), lately (currency units): net revenue of the snapshot's customers within the last YEAR
    days, by the stage they are in now."""
    stages, now = snapshot.scorer.score("stage"), snapshot.totals.customers
    if snapshot.selected:
        places = now["customer"].search_sorted(snapshot.customers["customer"])
        stages, now = stages.gather(places), now[places]
    then = snapshot.activity.customers(snapshot.terms.as_of - YEAR)
    customers = now.select("customer", "revenue").with_columns(stages.alias("stage"))
    both = customers.join(then.select("customer", pl.col("revenue").alias("before")), on="customer", how="left")
    lately = units(pl.col("revenue") - pl.col("before").fill_null(0)).sum().alias("lately")
    return both.group_by("stage").agg(lately).sort("stage")
