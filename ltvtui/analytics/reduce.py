"""Orders to activity to customers: the one definition, in Narwhals, so that any engine can run it.

Only group_by, filter and integer arithmetic stand here: what every engine has and none approximates. Where all
orders are at hand and sorted, analytics.activity and analytics.kernel.activity_index give the same from running totals.
"""

from __future__ import annotations

import narwhals as nw
from narwhals.typing import IntoLazyFrameT


def activity(orders: IntoLazyFrameT) -> IntoLazyFrameT:
    """Customer x day from clean orders (schema.ORDERS, `margin` optional); unsorted.

    Gives schema.ACTIVITY: orders (refunds are none), revenue net of refunds, and value: the mapped
    margin, or revenue again where none is mapped.
    """
    frame = nw.from_native(orders)
    value = "margin" if "margin" in frame.collect_schema().names() else "amount"
    is_order = nw.when(nw.col("kind") == "order").then(nw.lit(1)).otherwise(nw.lit(0))
    return (
        frame.with_columns(is_order.cast(nw.UInt32).alias("orders"), nw.col(value).alias("value"))
        .group_by("customer", "day")
        .agg(
            nw.col("orders").sum().cast(nw.UInt32),
            nw.col("amount").sum().cast(nw.Int64).alias("revenue"),
            nw.col("value").sum().cast(nw.Int64),
        )
        .to_native()
    )


def customers(activity: IntoLazyFrameT, as_of: int) -> IntoLazyFrameT:
    """One row per customer with an order up to `as_of` (metrics.md §2); unsorted.

    Gives customer, orders, revenue, value, days (order days), first, last (order days).
    Somebody who only ever got refunds is no customer.
    """
    order_day = nw.when(nw.col("orders") > 0).then(nw.col("day"))
    return (
        nw.from_native(activity)
        .filter(nw.col("day") <= as_of)
        .with_columns(order_day.alias("order_day"))
        .group_by("customer")
        .agg(
            nw.col("orders").sum().cast(nw.UInt32),
            nw.col("revenue").sum(),
            nw.col("value").sum(),
            nw.col("order_day").count().cast(nw.UInt32).alias("days"),
            nw.col("order_day").min().alias("first"),
            nw.col("order_day").max().alias("last"),
        )
        .filter(nw.col("orders") > 0)
        .to_native()
    )
