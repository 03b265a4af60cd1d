"""What Customers says: who the listed ones are together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.words import money, name, share, silence
from ltvtui.present.numbers import count, counted

NOTABLE = 0.05
"""Share of the revenue from which on one customer is named."""


def together(rows: pl.DataFrame, gap: int) -> dict[str, Any]:
    """Sums of listed customers (id, revenue, orders, silent): customers, revenue (Int64 money), orders, lapsed, and
    best and most: the id of the first of those with most revenue, and that."""
    if rows.is_empty():
        return {"customers": 0}
    best = rows["revenue"].arg_max() or 0
    sums = rows.select(
        pl.len().alias("customers"),
        pl.col("revenue").sum(),
        pl.col("orders").cast(pl.Int64).sum(),
        (pl.col("silent") >= gap).sum().alias("lapsed"),
        (pl.col("revenue") == rows["revenue"][best]).sum().alias("ties"),
    ).row(0, named=True)
    return {**sums, "best": rows["id"][best], "most": rows["revenue"][best]}


def customer_clauses(sums: Mapping[str, Any], gap: int, sign: str, search: str = "") -> Clauses:
    """The clauses of `together`; `search` is the text that narrows the list."""
    customers = sums["customers"]
    if not customers:
        return (f"no customer matches “{name(search)}”",) if search else NOBODY
    found = f" matching “{name(search)}”" if search else ""
    brought = f"{money(sums['revenue'] / MONEY_SCALE, sign)} in {counted(sums['orders'], 'order')}"
    return (
        f"{counted(customers, 'customer')}{found} brought {brought}",
        _lapsed(customers, sums["lapsed"], gap),
        *_best(sums, sign),
    )


def _lapsed(customers: int, lapsed: int, gap: int) -> str:
    silent = silence(gap)
    if customers == 1:
        return f"this customer has{'' if lapsed else ' not'} lapsed ({silent})"
    if not lapsed:
        return f"none of them has lapsed ({silent})"
    if lapsed == customers:
        return f"all of them have lapsed ({silent})"
    return (
        f"{count(lapsed)} of them ({share(lapsed / customers)}) {'has' if lapsed == 1 else 'have'} lapsed ({silent})"
    )


def _best(sums: Mapping[str, Any], sign: str) -> Clauses:
    """The one who brought most, where that is much of all."""
    if sums["customers"] == 1 or sums["ties"] > 1 or sums["revenue"] <= 0:
        return ()
    part = sums["most"] / sums["revenue"]
    if part < NOTABLE:
        return ()
    return (f"{name(sums['best'])} alone brought {money(sums['most'] / MONEY_SCALE, sign)} ({share(part)})",)
