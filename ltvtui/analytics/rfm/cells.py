"""Which name most customers of a cell of recency and frequency have; money decides among them (metrics.md §7)."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.scoring import SINGLE_SCORES, dimension_of_score
from ltvtui.analytics.snapshot import Snapshot


def names_by_cell(snapshot: Snapshot) -> pl.DataFrame:
    """R score, F score, RFM (String): the name that most of the snapshot's customers with these two scores have, of
    equals the first in the list of names. Cells of nobody have no row."""
    most = people_by_cell(snapshot).unique(SINGLE_SCORES[:2], keep="first", maintain_order=True)
    return most.drop("customers").sort(SINGLE_SCORES[:2])


def people_by_cell(snapshot: Snapshot) -> pl.DataFrame:
    """R score, F score, RFM (String), customers (UInt32): of each cell all names in it, that of most first."""
    scores = snapshot.scorer.score("RFM score")
    if snapshot.selected:
        codes = snapshot.customers["customer"]
        scores = scores.gather(snapshot.totals.customers["customer"].search_sorted(codes))
    counts = scores.alias("score").value_counts(name="customers")
    names = snapshot.terms.rules.rfm.names
    cells = counts.with_columns(
        dimension_of_score(name, counts["score"], names).alias(name) for name in ("RFM", *SINGLE_SCORES[:2])
    )
    sums = cells.group_by(*SINGLE_SCORES[:2], "RFM").agg(pl.col("customers").sum())
    found = sums.sort("customers", "RFM", descending=[True, False])
    return found.select(pl.col(*SINGLE_SCORES[:2], "RFM").cast(pl.String), "customers")
