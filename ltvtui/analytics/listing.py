"""The customers themselves: as a table to read, and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot


def customers_table(
    snapshot: Snapshot, sort: str = "revenue", descending: bool = True, search: str = ""
) -> pl.DataFrame:
    """Snapshot.described with average_check (currency units) and silent (days since the last order).

    Sorted by `sort`, ties by customer; `search` keeps those whose text columns hold it, whatever
    the case.
    """
    rows = snapshot.described.with_columns(
        (pl.col("revenue") / pl.col("orders") / MONEY_SCALE).alias("average_check"),
        (snapshot.terms.as_of - pl.col("last")).alias("silent"),
    )
    rows = narrow(rows, search)
    keys = [pl.col(sort)]
    if sort == "id":  # 43 stands before 1000 where ids are numbers
        keys.insert(0, pl.col("id").cast(pl.Int64, strict=False))
    # They stand by customer already: to keep that among equals is cheaper than to sort by it.
    return rows.sort(keys, descending=descending, nulls_last=True, maintain_order=True)


def narrow(rows: pl.DataFrame, search: str) -> pl.DataFrame:
    """Rows of which some text column holds `search`, whatever the case."""
    if not search:
        return rows
    texts = [c for c, t in rows.schema.items() if isinstance(t, pl.String | pl.Categorical | pl.Enum)]
    wanted = search.lower()
    holds = [
        pl.col(c).cast(pl.String).fill_null("unknown").str.to_lowercase().str.contains(wanted, literal=True)
        for c in texts
    ]
    return rows.filter(pl.any_horizontal(holds)) if holds else rows.clear()


@dataclass(frozen=True, eq=False)
class Card:
    """One customer as of the snapshot's day."""

    facts: dict[str, Any]
    """The customer's row of Snapshot.described, average_check and silent."""
    rank: int
    """Place by revenue among the snapshot's customers; equals share the better one."""
    of: int
    orders: pl.DataFrame
    """Orders up to the as-of day, oldest first: schema.ORDERS, margin and attributes where mapped,
    total (Int64 money, running), gap (days since the order before; null at the first)."""


def card(snapshot: Snapshot, orders: pl.DataFrame, customer: int) -> Card | None:
    """The card of `customer` (code) with their clean `orders`; None if they had not bought yet."""
    facts = customers_table(snapshot.where(pl.col("customer") == customer))
    if facts.height == 0:
        return None
    better = int((snapshot.customers["revenue"] > facts["revenue"][0]).sum())
    seen = orders.filter(pl.col("day") <= snapshot.terms.as_of)
    bought = pl.when(pl.col("kind") == "order").then(pl.col("day"))
    history = seen.with_columns(
        pl.col("amount").cum_sum().alias("total"),
        pl.when(pl.col("kind") == "order").then(bought - bought.forward_fill().shift(1)).alias("gap"),
    )
    return Card(facts.row(0, named=True), better + 1, snapshot.customers.height, history)
