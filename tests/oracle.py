"""Orders to activity to customers by hash tables alone: what the kernel's running totals are held against."""

from __future__ import annotations

import polars as pl


def activity(orders: pl.DataFrame) -> pl.DataFrame:
    """Customer × day from clean orders (schema.ORDERS, `margin` optional), sorted.

    Gives schema.ACTIVITY: orders (refunds are none), revenue net of refunds, and value: the mapped margin, or revenue
    again where none is mapped.
    """
    value = "margin" if "margin" in orders.columns else "amount"
    return (
        orders.group_by("customer", "day")
        .agg(
            (pl.col("kind") == "order").sum().cast(pl.UInt32).alias("orders"),
            pl.col("amount").sum().alias("revenue"),
            pl.col(value).sum().alias("value"),
        )
        .sort("customer", "day")
    )


def customers(activity: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """One row per customer with an order up to `as_of` (metrics.md §2), sorted.

    Gives customer, orders, revenue, value, days (order days), first, last (order days). Somebody who only ever got
    refunds is no customer.
    """
    ordered = pl.col("day").filter(pl.col("orders") > 0)
    return (
        activity.filter(pl.col("day") <= as_of)
        .group_by("customer")
        .agg(
            pl.col("orders").sum(),
            pl.col("revenue", "value").sum(),
            ordered.count().cast(pl.UInt32).alias("days"),
            ordered.min().alias("first"),
            ordered.max().alias("last"),
        )
        .filter(pl.col("orders") > 0)
        .sort("customer")
    )
