"""Days on which a customer ordered nothing and got money back: few rows, which stand among the order days.

Whatever asks for order days would have to filter all rows for them. What lies around these few tells the same.
"""

from __future__ import annotations

import polars as pl


def lone_refunds(activity: pl.DataFrame) -> pl.DataFrame:
    """row (UInt32) of every row of `activity` without an order, and the rows with one next to it, rising.

    before, after (UInt32): the last row with an order before it and the first behind it, whoever's they are;
    null where there is none.
    """
    rows = (activity["orders"] == 0).arg_true().cast(pl.UInt32).alias("row")
    row, end = pl.col("row"), pl.lit(activity.height, dtype=pl.UInt32)
    # Rows that follow each other differ from their place in the list by the same.
    run = (row - pl.int_range(pl.len(), dtype=pl.UInt32)).rle_id()
    first, after = row.min().over(run), row.max().over(run) + 1
    return rows.to_frame().select(
        row, pl.when(first > 0).then(first - 1).alias("before"), pl.when(after < end).then(after).alias("after")
    )


def early_refunds(activity: pl.DataFrame, lone: pl.DataFrame) -> pl.DataFrame:
    """Those of `lone` (lone_refunds) that stand before the first order of a customer who has one.

    The columns of `activity`, and first (Int32): the day of that order.
    """
    customer = activity["customer"]
    here, before, after = (customer.gather(lone[name]) for name in ("row", "before", "after"))
    early = lone.filter((here == after).fill_null(False) & (here != before).fill_null(True))
    return activity[early["row"]].with_columns(activity["day"].gather(early["after"]).alias("first"))
