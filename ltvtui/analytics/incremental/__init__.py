"""A shop that has grown by some orders: the same as if all were read and cleaned anew, without doing so.

Ten million orders take seconds to be put in order; a thousand further ones leave nearly all of that as it is. What is
not sure to be the same is not tried: then None says so, and the shop is read as a whole.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.cleaning.data_quality import RuleCount, StatusCount
from ltvtui.analytics.incremental.activity import activity_changes, precomputed_of
from ltvtui.analytics.incremental.codes import Codes, codes_of
from ltvtui.analytics.incremental.described import described
from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.analytics.people import People

MOST_CHUNKS = 64
"""Pieces that the orders may lie in, before they are put into one."""
_LOCAL = frozenset(
    [
        *("no_customer", "no_date", "no_amount", "no_sale", "status", "other_currency"),
        *("refund_of_left_out", "refund_dropped"),
    ]
)
_LOCAL_COUNTED = frozenset(
    {"refunded_part", "refund_turned", "refunds_netted", "refunds_as_orders", "no_margin", "zero_amount"}
)


def grow(
    cleaned: CleanOrders,
    activity: CachedActivity,
    people: People,
    totals: CustomerTotals,
    horizon: int,
    more: CleanOrders,
    customer_table: pl.DataFrame | None,
) -> tuple[CleanOrders, ActivityIndex, People] | None:
    """`cleaned`, its `activity` and `people` with the orders of `more`, cleaned under the same policy.

    `totals` are those of its last day; `customer_table` (schema.PEOPLE_*) may have further rows, but nothing else of
    those who were customers already; None where none is mapped.

    Gives None where the orders since may change more than themselves: they are summed up from lines, change a
    customer's first order, are of another currency, or their customers' ids are no numbers like those before. That
    no order id is repeated, and no refund refers to an order, is for the caller to make sure.
    """
    activity_index = activity.index
    codes = _codes(cleaned, totals, activity_index, more)
    if codes is None:
        return None
    orders = _orders(cleaned, codes, more)
    theirs = described(people, codes, cleaned, totals, more, customer_table)
    if orders is None or theirs is None or more.activity is None:
        return None
    further = more.activity.with_columns(codes.further.gather(more.activity["customer"]).alias("customer"))
    further = further.sort("customer", "day")
    visits = activity_changes(activity_index, codes, further)
    precomputed = precomputed_of(codes, visits.touched, activity, totals, horizon, further)
    grown = replace(
        cleaned,
        frame=orders,
        customer_order=None,
        ties=None,
        activity=None,
        customer_ids=codes.ids,
        counts=_counts(cleaned.counts, more.counts),
        rows_read=cleaned.rows_read + more.rows_read,
        statuses=_statuses(cleaned.statuses, more.statuses),
        currency=cleaned.currency or more.currency,
    )
    return grown, ActivityIndex(visits.base, activity_index.margin_mapped, precomputed, visits.since), theirs


def _codes(
    cleaned: CleanOrders, totals: CustomerTotals, activity_index: ActivityIndex, more: CleanOrders
) -> Codes | None:
    """The codes of both together; None where `more` is not of a kind that leaves the rest as it is."""
    rules = {count.rule for count in more.counts if count.rows}
    plain = rules <= _LOCAL | _LOCAL_COUNTED and not (more.line_level or cleaned.line_level)
    one_currency = more.currency in (None, cleaned.currency)
    latest = totals.as_of >= activity_index.last_day
    if not plain or not one_currency or not latest or more.attributes != cleaned.attributes:
        return None
    return codes_of(cleaned.customer_ids, more.customer_ids)


def _orders(cleaned: CleanOrders, codes: Codes, more: CleanOrders) -> pl.DataFrame | None:
    """The orders of both, by new codes; None where columns or order ids are of another kind."""
    before, after = cleaned.orders, more.orders
    after = after.with_columns(codes.further.gather(after["customer"]).alias("customer"))
    if codes.new_codes is not None:
        before = before.with_columns(codes.moved(before["customer"]))
    if before.columns != after.columns:
        return None
    kinds = before.schema["order_id"], after.schema["order_id"]
    if kinds[0] != kinds[1]:
        if not all(kind.is_integer() for kind in kinds):
            return None
        before, after = (part.cast({"order_id": pl.Int64}) for part in (before, after))
    whole = pl.concat([before, after.select(before.columns)], rechunk=False)
    return whole.rechunk() if whole.n_chunks() > MOST_CHUNKS else whole


def _counts(one: tuple[RuleCount, ...], other: tuple[RuleCount, ...]) -> tuple[RuleCount, ...]:
    added = {count.rule: count for count in one}
    for count in other:
        so_far = added.get(count.rule, replace(count, rows=0, amount=0))
        added[count.rule] = replace(so_far, rows=so_far.rows + count.rows, amount=so_far.amount + count.amount)
    return tuple(added.values())


def _statuses(one: tuple[StatusCount, ...], other: tuple[StatusCount, ...]) -> tuple[StatusCount, ...]:
    added = {status.status: status for status in one}
    for status in other:
        so_far = added.get(status.status, replace(status, rows=0))
        added[status.status] = replace(so_far, rows=so_far.rows + status.rows)
    return tuple(sorted(added.values(), key=lambda status: (-status.rows, status.status)))
