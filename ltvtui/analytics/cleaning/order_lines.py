"""Lines of orders, added up to orders (metrics.md §1)."""

from __future__ import annotations

import polars as pl


def distinct_orders(rows: pl.DataFrame) -> int:
    """How many (customer, order id) there are; cheap where the ids rise or are all different."""
    ids = rows["order_id"]
    if ids.dtype.is_integer() and bool((ids.diff().drop_nulls() > 0).all()):
        return rows.height
    if ids.n_unique() == rows.height:
        return rows.height
    return int(rows.select(pl.struct("customer_id", "order_id").n_unique()).item())


def sum_lines(lines: pl.DataFrame, attributes: tuple[str, ...]) -> pl.DataFrame:
    """One row per (customer, order id): amounts added, the earliest time, the attributes of the line with the
    largest amount, of several such lines those of the first row."""
    keys = ["customer_id", "order_id"]
    moment = pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second")
    sums = [c for c in ("amount", "margin") if c in lines.columns]
    firsts = [c for c in ("refund_of",) if c in lines.columns]  # status and currency have done their work
    orders = lines.group_by(keys).agg(
        *(pl.col(c).sum() for c in sums), moment.min().alias("_moment"), *(pl.col(c).min() for c in firsts)
    )
    if attributes:
        ranked = lines.select(*keys, "amount", *attributes).sort("amount", descending=True, maintain_order=True)
        dearest = ranked.unique(keys, keep="first", maintain_order=True).drop("amount")
        orders = orders.join(dearest, on=keys, how="left")
    return orders.with_columns(
        (pl.col("_moment") // 86_400).cast(pl.Int32).alias("day"),
        (pl.col("_moment") % 86_400).cast(pl.Int32).alias("second"),
    ).drop("_moment")
