"""Who the customers of a grown shop are: those that it had as they were, and the new ones."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.incremental.codes import Codes
from ltvtui.analytics.kernel.activity_index import CustomerTotals
from ltvtui.analytics.people import People, describe, listed


def described(
    people: People,
    codes: Codes,
    cleaned: CleanOrders,
    totals: CustomerTotals,
    more: CleanOrders,
    customer_table: pl.DataFrame | None,
) -> People | None:
    """`people` by new code, with the new customers of `more`, described by `customer_table` and their first orders.

    None where the orders since change those that were there: an order earlier than their first, or a
    first one of somebody who only ever got money back.
    """
    there = codes.further.filter(~codes.new)
    if not _had_ordered(codes, totals, there) or (
        people.of_first_order and not _are_later(codes, cleaned, totals, more)
    ):
        return None
    ids = more.customer_ids.implode()
    theirs = describe(
        more, None if customer_table is None else customer_table.filter(pl.col("customer_id").is_in(ids))
    )
    new = theirs.frame.filter(codes.new)
    if not set(people.frame.columns) <= set(new.columns):
        return None
    further = new.select(people.frame.columns).cast(people.frame.schema)
    frame = codes.arranged(people.frame, further)
    frame = frame.with_columns(pl.int_range(frame.height, dtype=pl.UInt32, eager=True).alias("customer"))
    grown = replace(people, frame=frame)
    if people.in_table is None or people.leads is None or theirs.in_table is None or customer_table is None:
        return grown
    in_table = codes.spread(people.in_table, theirs.in_table.filter(codes.new))
    table = listed(customer_table)
    leads = table.filter(~pl.col("id").is_in(codes.ids.filter(in_table).implode())).cast(people.leads.schema)
    return replace(grown, in_table=in_table, leads=leads)


def _had_ordered(codes: Codes, totals: CustomerTotals, there: pl.Series) -> bool:
    """Whether all of `there` (new codes), who are no new customers, had ordered by the last day."""
    ordered_codes = codes.moved(totals.customers["customer"])
    ordered = pl.repeat(False, codes.height, dtype=pl.Boolean, eager=True).scatter(ordered_codes, True)
    return bool(ordered.gather(there).all())


def _are_later(codes: Codes, cleaned: CleanOrders, totals: CustomerTotals, more: CleanOrders) -> bool:
    """Whether every order of somebody who was there is later than their first."""
    firsts = pl.repeat(None, codes.height, dtype=pl.Int32, eager=True)
    firsts = firsts.scatter(codes.moved(totals.customers["customer"]), totals.customers["first"])
    bought = more.orders.filter(pl.col("kind") == "order")
    orders = bought.select("day", "second", customer=codes.further.gather(bought["customer"]))
    orders = orders.with_columns(firsts.gather(orders["customer"]).alias("first")).drop_nulls("first")
    if (orders["day"] < orders["first"]).any():
        return False
    same = orders.filter(pl.col("day") == pl.col("first"))
    if same.is_empty():
        return True
    by_code = cleaned.orders.select("day", "second", "kind", customer=codes.moved(cleaned.orders["customer"]))
    then = by_code.filter(pl.col("customer").is_in(same["customer"].unique().implode()) & (pl.col("kind") == "order"))
    then = then.join(same.select("customer", "day").unique(), on=["customer", "day"], how="semi")
    earliest = then.group_by("customer").agg(pl.col("second").min().alias("began"))
    both = same.join(earliest, on="customer", how="left")
    return bool((both["second"] > both["began"]).fill_null(False).all())
