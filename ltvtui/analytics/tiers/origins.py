"""Where customers of a tier came from: the channel of most of them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.snapshot import Snapshot


@dataclass(frozen=True)
class Origin:
    """The commonest value of a dimension among some customers."""

    dimension: str
    value: str
    customers: int
    """Who have it."""
    next: int
    """Customers of the value that comes second; 0 where there is no other."""
    with_value: int
    """Customers with a value."""
    of: int
    """All of them."""


def origin(snapshot: Snapshot, tier: str, dimension: str) -> Origin | None:
    """Where the snapshot's customers of `tier` came from by `dimension`; None where none has a value."""
    return snapshot.recall(
        ("origin", tier), ("tier", dimension), lambda: _origin(snapshot, tier, dimension), of_gap=False
    )


def _origin(snapshot: Snapshot, tier: str, dimension: str) -> Origin | None:
    found = snapshot.by("tier", dimension).filter(pl.col("tier") == tier)[dimension]
    counted = found.drop_nulls().value_counts(name="customers")
    if counted.is_empty():
        return None
    counts = counted.with_columns(pl.col(dimension).cast(pl.String))
    first = counts.sort("customers", dimension, descending=[True, False]).rows()
    second = first[1][1] if len(first) > 1 else 0
    return Origin(dimension, first[0][0], first[0][1], second, int(found.count()), found.len())
