"""The newest orders of a shop, as it gives them."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.clean import CleanOrders
from ltvtui.present.tables import Column, Table

_MIDNIGHT: Final = 86_400


def newest_orders(cleaned: CleanOrders, count: int) -> Table:
    """The last `count` rows of the shop's table, the newest first: date, time where there is one, customer, amount,
    and attributes."""
    rows = cleaned.orders.tail(count).reverse()
    clock = pl.col("second").cast(pl.Int64).mul(1_000_000_000).cast(pl.Time).dt.to_string("%H:%M:%S")
    names = cleaned.customer_ids.gather(rows["customer"]).alias("customer")
    frame = rows.select("day", clock.alias("time"), names, "amount", *cleaned.attributes)
    timed = bool((rows["second"] % _MIDNIGHT != 0).any())
    columns = (
        Column("day", "newest", "day"),
        *((Column("time", "time"),) if timed else ()),
        Column("customer", "customer"),
        Column("amount", "amount", "money"),
        *(Column(name, name) for name in cleaned.attributes),
    )
    return Table(frame, columns)
