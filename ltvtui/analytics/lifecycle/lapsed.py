"""How many of a segment have lapsed: no order for the churn gap or longer (metrics.md §8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.snapshot import Snapshot

LAPSED_SHARE: Final = "lapsed_share"


def lapsed_shares(snapshot: Snapshot, by: Sequence[str] = ()) -> pl.DataFrame:
    """The columns of `by` and lapsed_share (Float64, 0…1): a row for each value, or pair of values, of `by`.

    It is the share of the customers with as-of day − last order day ≥ churn gap. Without `by` one row of all, null
    where there is nobody. All customers count, whatever months of retention they have.
    """
    share = (snapshot.terms.as_of - pl.col("last") >= snapshot.churn_gap.days).mean().alias(LAPSED_SHARE)
    if not by:
        return snapshot.customers.select(share)
    return snapshot.by(*by).group_by(by).agg(share)


def with_lapsed(rows: pl.DataFrame, shares: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """`rows` of segments.profile by `by`, in their order, with lapsed_share of `shares` as their last column."""
    if not by:
        return rows.with_columns(shares[LAPSED_SHARE])
    return rows.join(shares, on=list(by), how="left", nulls_equal=True, maintain_order="left")
