"""Order ids that stand in several rows, and should not: counted, and left as they are."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.cleaning.data_quality import RuleCount, count_of


def under_other_customers(rows: pl.DataFrame) -> list[RuleCount]:
    """The rows (customer_id, order_id, amount; ids known) of which the order id stands under another customer too."""
    ids = rows["order_id"]
    if ids.dtype.is_integer() and bool((ids.diff().drop_nulls() > 0).all()):
        return []
    if ids.n_unique() == ids.len():
        return []
    pairs = rows.select("customer_id", "order_id").unique()
    shared = pairs.filter(pairs["order_id"].is_duplicated())["order_id"]
    if shared.is_empty():
        return []
    return [count_of("shared_ids", rows.filter(ids.is_in(shared.unique().implode())), excluded=False)]


def with_other_statuses(rows: pl.DataFrame) -> list[RuleCount]:
    """The rows that repeat an order in all but its status, as in exports that overlap.

    `rows` as cleaning gets them; the source gives them a `copy` where several have one order id.
    """
    if not {"copy", "status", "order_id"} <= set(rows.columns):
        return []
    same = ["order_id", "customer_id", "day", "second", "amount"]
    with_status = rows.filter(pl.col("order_id").is_not_null(), pl.col("status").is_not_null())
    several = with_status.filter(pl.col("order_id").is_duplicated())
    repeated = several.filter(pl.col("status").n_unique().over(same) > 1)
    if repeated.is_empty():
        return []
    again = repeated.filter(~pl.struct(same).is_first_distinct())
    return [count_of("two_statuses", again, excluded=False)]
