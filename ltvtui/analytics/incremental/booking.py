"""Further refunds of orders that are known: each is booked on the day of its order (metrics.md §1)."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders


def booked(cleaned: CleanOrders, rows: pl.DataFrame) -> pl.DataFrame:
    """Further `rows` (schema.ROW_*), in which refunds of orders of `cleaned` are of the days of those.

    They refer to no order any more. Other refunds stay as they are, and clean() looks for theirs among `rows`.
    """
    ids = rows["refund_of"].cast(pl.String)
    referred = cleaned.orders.select("order_id", "customer", "day", "second", "kind")
    referred = referred.filter(_is_in(referred["order_id"], rows["refund_of"]) & (pl.col("kind") == "order"))
    if referred.is_empty():
        return rows
    found = pl.DataFrame(
        [
            cleaned.customer_ids.gather(referred["customer"]).alias("customer_id"),
            referred["order_id"].cast(pl.String).alias("refund_of"),
            referred["day"].alias("_day"),
            referred["second"].alias("_second"),
        ]
    )
    first = found.sort("_day", "_second").unique(["customer_id", "refund_of"], keep="first", maintain_order=True)
    asked = rows.select(pl.col("customer_id").cast(pl.String), ids, (pl.col("amount") < 0).alias("back"))
    there = asked.join(first, on=["customer_id", "refund_of"], how="left", maintain_order="left")
    moves = there["back"] & there["_day"].is_not_null()
    return rows.with_columns(
        pl.when(moves).then(there["_day"]).otherwise(pl.col("day")).alias("day"),
        pl.when(moves).then(there["_second"]).otherwise(pl.col("second")).alias("second"),
        pl.when(~moves).then(pl.col("refund_of")).alias("refund_of"),
    )


def awaited(existing: pl.DataFrame, rows: pl.DataFrame) -> bool:
    """Whether one of the `existing` rows is a refund of an order that only `rows` have: it is to be booked anew."""
    return bool(_is_in(existing["refund_of"], rows["order_id"]).any())


def left_out(existing: pl.DataFrame, rows: pl.DataFrame) -> bool:
    """Whether one of the further `rows`, once `booked`, is a refund of a `existing` row that is no order of the shop:
    only both together decide whether it is left out with it."""
    back = rows.filter(pl.col("amount") < 0)["refund_of"].drop_nulls()
    return back.len() > 0 and bool(_is_in(existing["order_id"], back).any())


def _is_in(ids: pl.Series, others: pl.Series) -> pl.Series:
    if ids.dtype.is_integer() != others.dtype.is_integer():
        ids, others = ids.cast(pl.String), others.cast(pl.String)
    return ids.is_in(others.drop_nulls().implode())
