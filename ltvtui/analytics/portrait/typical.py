"""The most typical of some customers: nearest to the medians of all of them (metrics.md §12)."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

COUNT: Final = 3
FIGURES: Final = ("orders", "average_check", "lifetime", "silent")
"""What medians are of: orders, revenue ÷ orders (currency units), days from the first order to the last, and days
since the last."""


def typical(snapshot: Snapshot, count: int = COUNT) -> pl.DataFrame:
    """The `count` customers of the snapshot nearest to their medians, nearest first: customer, id, FIGURES, revenue.

    Distance = Σ |figure - median| ÷ the mean of that over all of them; of equal ones the smaller code stands first.
    customer (UInt32 code), id (String), orders (UInt32), average_check, revenue (Float64, currency units), lifetime,
    silent (Int32, days).
    """
    figures = snapshot.customers.select(
        "customer",
        "orders",
        (units(pl.col("revenue")) / pl.col("orders")).alias("average_check"),
        (pl.col("last") - pl.col("first")).alias("lifetime"),
        (snapshot.terms.as_of - pl.col("last")).alias("silent"),
        units(pl.col("revenue")).alias("revenue"),
    )
    away = [(pl.col(name) - pl.col(name).median()).abs() for name in FIGURES]
    distance = pl.sum_horizontal((part / part.mean()).fill_nan(0.0).fill_null(0.0) for part in away)
    near = figures.with_columns(distance.alias("distance")).bottom_k(count, by=["distance", "customer"])
    nearest = near.sort("distance", "customer")
    ids = snapshot.people.frame["id"].gather(nearest["customer"]).alias("id")
    return nearest.with_columns(ids).select("customer", "id", *FIGURES, "revenue")


def medians(snapshot: Snapshot) -> dict[str, float | None]:
    """The medians of FIGURES of the snapshot's customers."""
    row = snapshot.customers.select(
        pl.col("orders").median(),
        (units(pl.col("revenue")) / pl.col("orders")).median().alias("average_check"),
        (pl.col("last") - pl.col("first")).median().alias("lifetime"),
        (snapshot.terms.as_of - pl.col("last")).median().alias("silent"),
    )
    return row.row(0, named=True)
