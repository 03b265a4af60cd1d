"""Tiers of all customers at one moment, and who is in another at a later one."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.tiers import TIER

STATE: Final[dict[str, Any]] = {"id": pl.String(), "tier": TIER}
"""A state: the shop's own id of each customer, once, in their order, and the tier."""


def tier_state(snapshot: Snapshot) -> pl.DataFrame:
    """The STATE of the snapshot's customers."""
    customers = snapshot.customers
    ids = snapshot.cleaned.customer_ids.gather(customers["customer"]).cast(pl.String)
    return pl.DataFrame([ids.alias("id"), customers["tier"].cast(TIER)]).sort("id")


def tier_changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """id, before, after (TIER; null: not there) of everybody of two STATEs who is not in both in the same tier."""
    both = before.rename({"tier": "before"}).join(
        after.rename({"tier": "after"}), on="id", how="full", coalesce=True, maintain_order="none"
    )
    return both.filter(pl.col("before").ne_missing(pl.col("after"))).select("id", "before", "after").sort("id")
