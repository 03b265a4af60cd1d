"""Rows to clean orders, with a count of everything that was left out or changed (metrics.md §1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.activity import activity
from ltvtui.analytics.cleaning.barred import EXCLUDED_STATUSES, barred_among, of_refunds_among
from ltvtui.analytics.cleaning.currencies import convert, demand_currency, one_currency
from ltvtui.analytics.cleaning.data_quality import RuleCount, StatusCount, count_of
from ltvtui.analytics.cleaning.folding import folded
from ltvtui.analytics.cleaning.order_lines import distinct_orders, sum_lines
from ltvtui.analytics.cleaning.references import booked_on_orders, given_to_buyers, without_refunds_of
from ltvtui.analytics.cleaning.repeats import under_other_customers, with_other_statuses
from ltvtui.analytics.cleaning.rowtypes import of_sales
from ltvtui.analytics.kernel.customer_order_index import break_ties, by_visit, index_orders, sort_within_days
from ltvtui.analytics.order_frame import FrameOrders, deciding
from ltvtui.analytics.order_store import OrderStore
from ltvtui.analytics.schema import KIND, MONEY_SCALE, ORDERS, ROW_OPTIONAL, ROW_REQUIRED
from ltvtui.errors import LtvError

_MOST_MONEY: Final = 9e18


@dataclass(frozen=True)
class CleaningPolicy:
    """The choices of metrics.md §1 that an analyst may change."""

    excluded_statuses: tuple[str, ...] = EXCLUDED_STATUSES
    """Statuses whose rows are left out, compared without regard to case; empty keeps every row. As it stands by
    default, all that mean the same are left out too (statuses.is_undone)."""
    refunds: Literal["net", "drop", "keep"] = "net"
    """Negative amounts: reduce revenue without being an order, are left out, or count as orders."""
    zero: Literal["count", "drop"] = "count"
    """Zero amounts: an order without revenue, or left out."""
    repeats: Literal["auto", "keep", "drop"] = "auto"
    """Repeated order ids: decided by the data, all rows count, or exact copies are left out."""
    currency: str | None = None
    """Keep only this currency; None demands that there is one, or a rate."""
    guests: Literal["drop", "keep"] = "drop"
    """An id that stands for all guests: nobody, or a customer."""
    force_ids: bool = False
    """Take ids as they are, even such as have lost their digits in a spreadsheet."""
    time_zone: str | None = None
    """IANA name of the zone in which rows' days are counted, once read as UTC; None: the shop's own clock."""


@dataclass(frozen=True, eq=False)
class CleanOrders:
    """Clean orders and the account of how they came to be."""

    frame: pl.DataFrame | None
    """schema.ORDERS, then margin (if mapped) and order attributes; as they were read. None where they stay in their
    source."""
    customer_order: pl.Series | None
    """`by_customer`, where it is known already."""
    ties: pl.DataFrame | None
    """place (UInt32, in `customer_order`), begins (Boolean, the first of each tie): orders of a customer that their
    moment and kind do not tell apart. None where that is not known."""
    activity: pl.DataFrame | None
    """schema.ACTIVITY, sorted by customer and day; None of a shop that has grown: its ActivityIndex has it."""
    customer_ids: pl.Series
    """String; the shop's id of customer code i at index i; rising: as numbers where all are, else as text."""
    counts: tuple[RuleCount, ...]
    rows_read: int
    line_level: bool
    """True where several rows were summed to one order."""
    attributes: tuple[str, ...]
    """Order attributes, columns of `orders`."""
    currency: str | None
    """The one currency of the orders, where the shop says it."""
    statuses: tuple[StatusCount, ...] = ()
    """What the shop says of its orders, most frequent first; empty where it says nothing."""
    elsewhere: OrderStore | None = field(default=None, repr=False)
    """Who is asked about single orders where they are not in `frame`."""
    read_later: Callable[[], pl.DataFrame] | None = field(default=None, repr=False)
    """Gives `frame`, where it was kept and not needed yet."""

    @cached_property
    def orders(self) -> pl.DataFrame:
        """`frame`, of a shop that has it: to be asked where rows are cleaned, stored or added, nowhere else."""
        frame = self.read_later() if self.frame is None and self.read_later is not None else self.frame
        assert frame is not None, "these orders stay in their source"
        return frame

    @cached_property
    def store(self) -> OrderStore:
        """Answers about single orders, wherever they are."""
        return self.elsewhere if self.elsewhere is not None else FrameOrders(self.orders)

    @cached_property
    def by_customer(self) -> pl.Series:
        """UInt32, row numbers of `orders` by customer, day, second, orders before refunds, then by their values."""
        if self.customer_order is not None:
            return self.customer_order
        return sort_within_days(self.orders, by_visit(self.orders), deciding(self.orders))

    def in_order(self) -> pl.DataFrame:
        """`orders` by customer and time: a copy of all of them."""
        return self.orders[self.by_customer]


def complete(cleaned: CleanOrders, rows: pl.DataFrame) -> CleanOrders:
    """`cleaned` with the order ids and attributes that `rows` have, row for row those of `cleaned.orders`."""
    attributes = tuple(c for c in rows.columns if c not in ROW_REQUIRED and c not in ROW_OPTIONAL)
    id_columns = ["order_id"] if "order_id" in rows.columns else []
    before = cleaned.orders.drop(*id_columns, *cleaned.attributes)
    orders = pl.concat([before, rows.select(*id_columns, *attributes)], how="horizontal")
    orders = orders.select(*ORDERS, pl.exclude(*ORDERS))
    assert cleaned.ties is not None, "what was just cleaned was lined up"
    order = break_ties(orders, cleaned.by_customer, cleaned.ties, deciding(orders))
    return replace(cleaned, frame=orders, customer_order=order, attributes=attributes)


def clean(rows: pl.DataFrame, policy: CleaningPolicy | None = None) -> CleanOrders:
    """Apply metrics.md §1 to `rows` (schema.ROW_*, in any order of time, lines of one order as the shop has them).

    Raises LtvError where there are several currencies without a rate. A shop with no row left gives empty `orders`:
    the caller decides what to raise.
    """
    policy = policy or CleaningPolicy()
    attributes = tuple(c for c in rows.columns if c not in ROW_REQUIRED and c not in ROW_OPTIONAL)
    few = [c for c in ("status", "currency", "row_type", *attributes) if c in rows.columns]
    rows = rows.with_columns(pl.col(few).cast(pl.Categorical()))
    counts: list[RuleCount] = []

    whole = of_sales(folded(rows, counts, every_row=policy.repeats == "keep"), counts)
    remaining, left = _leave_out(convert(given_to_buyers(whole, counts)), policy, counts)
    remaining = _without_refunded(remaining, policy, counts)
    if "margin" in remaining.columns:
        counts.append(count_of("no_margin", remaining.filter(pl.col("margin").is_null()), excluded=False))
    counts += with_other_statuses(whole)
    currency = one_currency(remaining)
    _demand_exact_sums(remaining)
    remaining, line_level = _to_orders(remaining, attributes, policy, counts)
    if policy.refunds == "net":
        remaining = without_refunds_of(left, remaining, counts, zero_dropped=policy.zero == "drop")
    remaining = _signs(remaining, policy, counts)
    remaining = booked_on_orders(remaining, counts)
    statuses = _statuses(rows, policy)
    remaining = remaining.select(
        "customer_id", *(c for c in (*ORDERS, "margin", *attributes) if c in remaining.columns)
    )
    line = index_orders(remaining, deciding(remaining))
    orders = remaining.with_columns(line.customer).select(*ORDERS, pl.exclude("customer_id", *ORDERS))
    return CleanOrders(
        orders,
        line.rows,
        line.ties,
        activity(orders, line),
        line.ids,
        tuple(counts),
        rows.height,
        line_level,
        attributes,
        currency,
        statuses,
    )


def _statuses(rows: pl.DataFrame, policy: CleaningPolicy) -> tuple[StatusCount, ...]:
    if "status" not in rows.columns:
        return ()
    counted = rows["status"].drop_nulls().value_counts(name="len").with_columns(pl.col("status").cast(pl.String))
    classified = counted.with_columns(_barred(counted["status"], policy)).sort(
        "len", "status", descending=[True, False]
    )
    return tuple(StatusCount(*row) for row in classified.iter_rows())


def _barred(statuses: pl.Series, policy: CleaningPolicy) -> pl.Series:
    """Boolean, "barred": True for `statuses` (String) whose rows are left out."""
    barred = barred_among(statuses.drop_nulls().to_list(), policy.excluded_statuses)
    return statuses.is_in(barred).fill_null(False).alias("barred")


def _is_barred(rows: pl.DataFrame, policy: CleaningPolicy) -> pl.Expr:
    """True for rows whose status leaves them out; each distinct status is tested once."""
    distinct = rows.select(pl.col("status").unique().drop_nulls())
    barred = distinct.filter(_barred(distinct["status"].cast(pl.String), policy))["status"]
    names = of_refunds_among(barred.cast(pl.String).to_list(), policy.excluded_statuses)
    refund = pl.col("status").is_in(names) & (pl.col("amount") < 0).fill_null(False)
    return (pl.col("status").to_physical().is_in(barred.to_physical().implode()) & ~refund).fill_null(False)


def _leave_out(
    rows: pl.DataFrame, policy: CleaningPolicy, counts: list[RuleCount]
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Part usable rows from the rest (None: all are). One that breaks several rules is counted under the first."""
    rules: dict[str, pl.Expr] = {
        "no_customer": pl.col("customer_id").is_null(),
        "no_date": pl.col("day").is_null(),
    }
    if "status" in rows.columns:
        rules["status"] = _is_barred(rows, policy)
    if "undone" in rows.columns and policy.excluded_statuses:
        rules["status"] = rules.get("status", pl.lit(False)) | pl.col("undone").fill_null(False)
    rules["no_amount"] = pl.col("amount").is_null()  # what never was a sale needs none
    if policy.currency is not None:
        demand_currency(rows, policy.currency)
        wanted = policy.currency.lower()
        rules["other_currency"] = (pl.col("currency").cast(pl.String).str.to_lowercase() != wanted).fill_null(True)
    usable = rows.select(~pl.any_horizontal(rules.values())).to_series()
    out = left = None if usable.all() else rows.filter(~usable)
    for rule, broken in rules.items():
        if left is None:
            counts.append(RuleCount(rule, 0, 0, excluded=True))
            continue
        counts.append(count_of(rule, left.filter(broken), excluded=True))
        left = left.filter(~broken)
    return (rows if out is None else rows.filter(usable)), out


def _without_refunded(rows: pl.DataFrame, policy: CleaningPolicy, counts: list[RuleCount]) -> pl.DataFrame:
    """Subtract from each amount, and its margin, its refunded part: never more than the amount."""
    if "refunded" not in rows.columns:
        return rows
    back = pl.min_horizontal(pl.col("refunded").fill_null(0).abs(), pl.col("amount"))
    part = rows.select(pl.when(back > 0).then(back).otherwise(0).alias("amount"))["amount"]
    rows = rows.drop("refunded")
    if policy.refunds != "net" or not (part > 0).any():
        return rows
    subtracted = part.filter(part > 0)
    counts.append(RuleCount("refunded_part", subtracted.len(), -int(subtracted.sum()), excluded=False))
    return rows.with_columns((pl.col(c) - part).alias(c) for c in ("amount", "margin") if c in rows.columns)


def _demand_exact_sums(rows: pl.DataFrame) -> None:
    """Sums are exact as long as they fit 64 bits; nearly a quadrillion currency units do."""
    ends = (rows["amount"].min(), rows["amount"].max())
    if max((abs(end) for end in ends if isinstance(end, int)), default=0) * rows.height <= _MOST_MONEY:
        return
    total = rows["amount"].cast(pl.Float64).abs().sum()
    if total > _MOST_MONEY:
        raise LtvError(
            f"The amounts add up to {total / MONEY_SCALE:.3g}: too much to be counted exactly.",
            "Check which column is the amount, or give it in thousands: --amount 'COLUMN / 1000.0'.",
        )


def _to_orders(
    rows: pl.DataFrame, attributes: tuple[str, ...], policy: CleaningPolicy, counts: list[RuleCount]
) -> tuple[pl.DataFrame, bool]:
    """Sum line-level rows to orders; leave out exact copies where the table is order-level."""
    if "order_id" not in rows.columns:
        # Ten million null texts would take 160 MB.
        return rows.with_columns(pl.lit(None, dtype=pl.Int8).alias("order_id")), False
    with_id = rows.filter(pl.col("order_id").is_not_null()) if rows["order_id"].null_count() else rows
    distinct = distinct_orders(with_id)
    counts += under_other_customers(with_id)
    if distinct == with_id.height:
        return rows, False

    spare = rows.clear()
    if "copy" in rows.columns:
        spare = with_id.filter(~pl.col("copy").is_first_distinct())
    only_copies = with_id.height - spare.height == distinct
    if spare.height and (policy.repeats == "drop" or (policy.repeats == "auto" and only_copies)):
        counts.append(count_of("exact_copy", spare, excluded=True))
        with_id = with_id.filter(pl.col("copy").is_first_distinct())
    elif spare.height:
        counts.append(count_of("copies_among_lines", spare, excluded=False))
    if with_id.height == distinct:
        return pl.concat([with_id, rows.filter(pl.col("order_id").is_null())]), False
    summed = sum_lines(with_id, attributes)
    counts.append(RuleCount("lines_summed", with_id.height, int(with_id["amount"].sum()), excluded=False))
    return pl.concat([summed, rows.filter(pl.col("order_id").is_null())], how="diagonal"), True


def _signs(orders: pl.DataFrame, policy: CleaningPolicy, counts: list[RuleCount]) -> pl.DataFrame:
    """Tell orders from refunds by the sign of the amount."""
    negative, zero = pl.col("amount") < 0, pl.col("amount") == 0
    if policy.refunds == "drop":
        counts.append(count_of("refund_dropped", orders.filter(negative), excluded=True))
        orders = orders.filter(~negative)
    else:
        rule = "refunds_netted" if policy.refunds == "net" else "refunds_as_orders"
        counts.append(count_of(rule, orders.filter(negative), excluded=False))
    counts.append(count_of("zero_amount", orders.filter(zero), excluded=policy.zero == "drop"))
    if policy.zero == "drop":
        orders = orders.filter(~zero)
    is_refund = negative if policy.refunds == "net" else pl.lit(False)
    return orders.with_columns(is_refund.cast(pl.UInt8).cat.to(KIND).alias("kind"))
