"""The newest orders of a shop, as it gives them."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.present.tables import Column, Table


def newest_orders(cleaned: CleanOrders, since: int, as_of: int, count: int) -> Table:
    """The last `count` orders up to the day `as_of`, the newest first: date, time where the shop has one, customer,
    amount and attributes. None is older than the day `since`."""
    rows = cleaned.store.newest(since, as_of, count)
    clock = pl.col("second").cast(pl.Int64).mul(1_000_000_000).cast(pl.Time).dt.to_string("%H:%M:%S")
    names = cleaned.customer_ids.gather(rows["customer"]).alias("customer")
    frame = rows.select("day", clock.alias("time"), names, "amount", *cleaned.attributes)
    timed = bool((rows["second"] != 0).any())
    columns = (
        Column("day", "newest", "day"),
        *((Column("time", "time"),) if timed else ()),
        Column("customer", "customer"),
        Column("amount", "amount", "money"),
        *(Column(name, name) for name in cleaned.attributes),
    )
    return Table(frame, columns)
