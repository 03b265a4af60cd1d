"""Refunds that name their order: left out with it, or booked on its day (metrics.md §1)."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.cleaning.data_quality import RuleCount, count_of


def given_to_buyers(rows: pl.DataFrame, counts: list[RuleCount]) -> pl.DataFrame:
    """`rows` (customer_id, amount, and where mapped order_id and refund_of), each refund that refers to an order of
    one other customer given to that one: a shop may record itself, or nobody, as the customer.
    """
    if not {"refund_of", "order_id"} <= set(rows.columns):
        return rows
    back = (pl.col("refund_of").is_not_null() & (pl.col("amount") < 0)).fill_null(False)
    places = rows.select(back.arg_true()).to_series()
    if places.is_empty():
        return rows
    refunds = rows[places].select("customer_id", "refund_of", "amount", places.alias("row"))
    sold = (pl.col("amount") >= 0).fill_null(True) & pl.col("order_id").is_in(refunds["refund_of"].implode())
    owners = rows.filter(sold).select("customer_id", refund_of="order_id").unique()
    others = refunds.join(owners, on=["customer_id", "refund_of"], how="anti")
    buyers = (
        owners.drop_nulls("customer_id")
        .group_by("refund_of")
        .agg(pl.col("customer_id").first().alias("buyer"), pl.len().alias("buyers"))
    )
    moved = others.join(buyers.filter(pl.col("buyers") == 1), on="refund_of", how="inner")
    if moved.is_empty():
        return rows
    counts.append(count_of("refund_of_other", moved, excluded=False))
    customers = rows["customer_id"].clone().scatter(moved["row"], moved["buyer"])
    return rows.with_columns(customers.alias("customer_id"))


def without_refunds_of(
    left: pl.DataFrame | None, orders: pl.DataFrame, counts: list[RuleCount], *, zero_dropped: bool
) -> pl.DataFrame:
    """`orders` (customer_id, amount, and where mapped order_id and refund_of) without the refunds of orders that are
    among the rows `left` out (the same columns; None: there are none), or will be left out as orders of zero.

    A reference means an order of the refund's customer, or one of nobody. Where no row has such an id, or an order
    of it remains, the refund stays. What is left out is added to `counts`.
    """
    sold = pl.col("amount") > 0 if zero_dropped else pl.col("amount") >= 0
    keys = ["customer_id", "order_id"]
    if not {"refund_of", "order_id"} <= set(orders.columns):
        return orders
    back = pl.col("refund_of").is_not_null() & (pl.col("amount") < 0)
    asked = orders.filter(back).select("customer_id", order_id="refund_of").unique()
    if asked.is_empty():
        return orders
    excluded = orders.filter(~sold & (pl.col("amount") >= 0)).select(keys)
    if left is not None:
        excluded = pl.concat([excluded, left.filter((pl.col("amount") >= 0).fill_null(True)).select(keys)])
    nobodys = excluded.filter(pl.col("customer_id").is_null())["order_id"].drop_nulls()
    theirs = asked.join(excluded.unique(), on=keys, how="semi")
    found = pl.concat([theirs, asked.filter(pl.col("order_id").is_in(nobodys.implode()))]).unique()
    if found.is_empty():
        return orders
    # Few ids are looked up among millions of rows, not the other way round.
    there = orders.filter(pl.col("order_id").is_in(found["order_id"].implode()) & sold).select(keys)
    found = found.join(there, on=keys, how="anti").rename({"order_id": "refund_of"})
    rows = orders.select((back & pl.col("refund_of").is_in(found["refund_of"].implode())).arg_true()).to_series()
    theirs = orders[rows].select("customer_id", "refund_of", rows.alias("row"))
    rows = theirs.join(found, on=["customer_id", "refund_of"], how="semi")["row"]
    if rows.is_empty():
        return orders
    counts.append(count_of("refund_of_left_out", orders[rows], excluded=True))
    stays = pl.repeat(True, orders.height, dtype=pl.Boolean, eager=True).scatter(rows, False)
    return orders.filter(stays)


def booked_on_orders(orders: pl.DataFrame, counts: list[RuleCount]) -> pl.DataFrame:
    """`orders` (with kind), each refund with a reference on the day of its order; without one it keeps its own day.

    References that lead nowhere are added to `counts`; refund_of has done its work.
    """
    if "refund_of" not in orders.columns:
        return orders
    refund = (pl.col("kind") == "refund") & pl.col("refund_of").is_not_null()
    back = orders.filter(refund)
    referred = back.select("customer_id", order_id="refund_of").unique()
    booked = (
        orders.filter(pl.col("kind") == "order")
        .join(referred, on=["customer_id", "order_id"], how="semi")
        .group_by("customer_id", refund_of="order_id")
        .agg(pl.col("day", "second").sort_by("day", "second").first().name.prefix("_"))
    )
    moved = back.join(booked, on=["customer_id", "refund_of"], how="left")
    lost = moved.filter(pl.col("_day").is_null())
    if lost.height:
        counts.append(count_of("refund_without_order", lost, excluded=False))
    moved = moved.with_columns(pl.coalesce(f"_{c}", c).alias(c) for c in ("day", "second"))
    return pl.concat([orders.filter(~refund), moved.select(orders.columns)]).drop("refund_of")
