"""Which customers changed segment since the segments were chosen (metrics.md §14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.lifecycle.migration import states
from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

NEW: Final = "no order yet"
"""What customers were on the first day who ordered later."""
ELSEWHERE: Final = "none of them"
"""Customers of no segment that was chosen."""
CROSS: Final = " × "
UNKNOWN_VALUE: Final = "unknown"


@dataclass(frozen=True, eq=False)
class SegmentChanges:
    """What became of customers between two days."""

    since: int
    """The day on which segments were chosen; since 1970-01-01."""
    until: int
    customers: pl.DataFrame
    """customer (UInt32), id, before, after (String), revenue (Float64, currency units, to date): a row for each who
    changed, most revenue first; before is NEW where they had no order yet."""
    pairs: pl.DataFrame
    """before, after, customers (Int64): every pair that changed, those of most customers first."""
    stayed: int
    """Customers who are what they were."""
    frozen: bool
    """Whether the thresholds of the second day hold on the first too, as those of tiers do."""

    @property
    def moved(self) -> int:
        """Customers who were in a segment and are in another."""
        return int(self.pairs.filter(pl.col("before") != NEW)["customers"].sum())

    @property
    def joined(self) -> int:
        """Customers who had no order on the first day."""
        return int(self.pairs.filter(pl.col("before") == NEW)["customers"].sum())


def labels(snapshot: Snapshot, by: Sequence[str]) -> pl.Series:
    """The segment (String) of the snapshot's customers, row for row: values of `by`, crossed."""
    labelled = snapshot.by(*by).select(pl.col(name).cast(pl.String).fill_null(UNKNOWN_VALUE) for name in by)
    return labelled.select(pl.concat_str(pl.all(), separator=CROSS).alias("label")).to_series()


def tier_changes_since(snapshot: Snapshot, since: int) -> SegmentChanges:
    """Changes of tiers, with the thresholds of the snapshot's day on both, and of who lapsed (migration.states)."""
    before, after = (found.cast(pl.String) for found in states(snapshot, "tier", since))
    before = before.replace("new", NEW)
    return _changes(snapshot, since, before, after, frozen=True)


def changes_since(snapshot: Snapshot, earlier: Snapshot, now: pl.Series, then: pl.Series) -> SegmentChanges:
    """Changes from the segments `then` of the customers of `earlier` to those `now` of the snapshot's, row for row.

    Each day has its own thresholds: some moved because the border did.
    """
    past = pl.DataFrame([earlier.customers["customer"], then.alias("before")])
    own = snapshot.customers.select("customer").join(past, on="customer", how="left", maintain_order="left")
    there = pl.DataFrame({"customer": earlier.totals.customers["customer"], "there": True})
    placed = own.join(there, on="customer", how="left", maintain_order="left")
    before = placed.select(
        pl.when(pl.col("before").is_not_null())
        .then("before")
        .when(pl.col("there"))
        .then(pl.lit(ELSEWHERE))
        .otherwise(pl.lit(NEW))
        .alias("before")
    ).to_series()
    return _changes(snapshot, earlier.terms.as_of, before, now, frozen=False)


def _changes(snapshot: Snapshot, since: int, before: pl.Series, after: pl.Series, frozen: bool) -> SegmentChanges:
    frame = snapshot.customers.select("customer", units(pl.col("revenue")).alias("revenue")).with_columns(
        before.alias("before"), after.alias("after")
    )
    changed = frame.filter(pl.col("before") != pl.col("after"))
    ids = snapshot.people.frame["id"].gather(changed["customer"]).alias("id")
    listed = changed.with_columns(ids).sort("revenue", "customer", descending=[True, False])
    pairs = (
        changed.group_by("before", "after")
        .agg(pl.len().cast(pl.Int64).alias("customers"))
        .sort("customers", "before", "after", descending=[True, False, False])
    )
    columns = ("customer", "id", "before", "after", "revenue")
    until = snapshot.terms.as_of
    return SegmentChanges(since, until, listed.select(columns), pairs, frame.height - changed.height, frozen)
