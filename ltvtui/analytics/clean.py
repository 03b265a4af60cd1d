"""Rows to clean orders, with a count of everything that was left out or changed (metrics.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.account import RuleCount, StatusCount, count_of
from ltvtui.analytics.schema import KIND, MONEY_SCALE, ORDERS, ROW_OPTIONAL, ROW_REQUIRED
from ltvtui.errors import LtvError

_MOST_MONEY: Final = 9e18
_MOMENTS: Final = 1 << 36
"""More than the moments of a customer: seconds until the year 2200, twice."""

EXCLUDED_STATUSES: Final = ("cancelled", "canceled", "refunded", "voided", "failed", "declined", "returned")


@dataclass(frozen=True)
class CleaningPolicy:
    """The choices of metrics.md §1 that an analyst may change."""

    excluded_statuses: tuple[str, ...] = EXCLUDED_STATUSES
    """Statuses whose rows are left out, compared without regard to case; empty keeps every row."""
    refunds: Literal["net", "drop", "keep"] = "net"
    """Negative amounts: reduce revenue without being an order, are left out, or count as orders."""
    zero: Literal["count", "drop"] = "count"
    """Zero amounts: an order without revenue, or left out."""
    repeats: Literal["auto", "keep", "drop"] = "auto"
    """Repeated order ids: decided by the data, all rows count, or exact copies are left out."""
    currency: str | None = None
    """Keep only this currency; None demands that there is one, or a rate."""


@dataclass(frozen=True, eq=False)
class CleanOrders:
    """Clean orders and the account of how they came to be."""

    orders: pl.DataFrame
    """schema.ORDERS, then margin (if mapped) and order attributes; sorted by customer, day, second."""
    customer_ids: pl.Series
    """String; the shop's id of customer code i at index i, sorted."""
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


def clean(rows: pl.DataFrame, policy: CleaningPolicy | None = None) -> CleanOrders:
    """Apply metrics.md §1 to `rows` (schema.ROW_*, any row order).

    Raises LtvError where several currencies stand without a rate. A shop with no row left gives an
    empty `orders`; the caller decides what to say.
    """
    policy = policy or CleaningPolicy()
    attributes = tuple(c for c in rows.columns if c not in ROW_REQUIRED and c not in ROW_OPTIONAL)
    counts: list[RuleCount] = []

    kept = _leave_out(_convert(rows), policy, counts)
    if "margin" in kept.columns:
        counts.append(count_of("no_margin", kept.filter(pl.col("margin").is_null()), excluded=False))
    currency = _one_currency(kept)
    _demand_exact_sums(kept)
    kept, line_level = _to_orders(kept, attributes, policy, counts)
    kept = _signs(kept, policy, counts)
    kept = _book_refunds(kept, counts)
    ids = kept["customer_id"].unique().sort()
    orders = _shape(kept, ids, attributes)
    statuses = _statuses(rows, policy)
    return CleanOrders(orders, ids, tuple(counts), rows.height, line_level, attributes, currency, statuses)


def _statuses(rows: pl.DataFrame, policy: CleaningPolicy) -> tuple[StatusCount, ...]:
    if "status" not in rows.columns:
        return ()
    counted = rows["status"].drop_nulls().value_counts(name="len").with_columns(_barred(policy))
    return tuple(StatusCount(*row) for row in counted.sort("len", "status", descending=[True, False]).iter_rows())


def _barred(policy: CleaningPolicy) -> pl.Expr:
    """True for rows whose status leaves them out."""
    listed = [s.strip().lower() for s in policy.excluded_statuses]
    return pl.col("status").str.strip_chars().str.to_lowercase().is_in(listed).fill_null(False).alias("barred")


def _convert(rows: pl.DataFrame) -> pl.DataFrame:
    """Apply a mapped currency rate; a row without a usable rate has no usable amount."""
    if "rate" not in rows.columns:
        return rows
    rate = pl.when(pl.col("rate").is_finite() & (pl.col("rate") > 0)).then(pl.col("rate"))
    money = [c for c in ("amount", "margin") if c in rows.columns]
    return rows.with_columns((pl.col(c) * rate).round(0).cast(pl.Int64, strict=False) for c in money)


def _leave_out(rows: pl.DataFrame, policy: CleaningPolicy, counts: list[RuleCount]) -> pl.DataFrame:
    """Leave out unusable rows; a row that breaks several rules is counted under the first."""
    rules: dict[str, pl.Expr] = {
        "no_customer": pl.col("customer_id").is_null(),
        "no_date": pl.col("day").is_null(),
        "no_amount": pl.col("amount").is_null(),
    }
    if "status" in rows.columns:
        rules["status"] = _barred(policy)
    if policy.currency is not None:
        _demand_currency(rows, policy.currency)
        wanted = policy.currency.lower()
        rules["other_currency"] = (pl.col("currency").str.to_lowercase() != wanted).fill_null(True)
    verdict = pl.lit(None, dtype=pl.String)
    for rule, broken in reversed(rules.items()):
        verdict = pl.when(broken).then(pl.lit(rule)).otherwise(verdict)
    judged = rows.with_columns(verdict.alias("_rule"))
    tally = {
        rule: (n, int(amount or 0))
        for rule, n, amount in judged.group_by("_rule").agg(pl.len(), pl.col("amount").sum()).rows()
    }
    counts.extend(RuleCount(rule, *tally.get(rule, (0, 0)), excluded=True) for rule in rules)
    return judged.filter(pl.col("_rule").is_null()).drop("_rule")


def _one_currency(rows: pl.DataFrame) -> str | None:
    if "currency" not in rows.columns or "rate" in rows.columns:
        return None
    found = _currencies(rows)
    if len(found) > 1:
        raise LtvError(
            f"The orders are in {len(found)} currencies: {', '.join(found[:8])}.",
            f"Keep one with --currency {found[0]}, or map a column that converts them with --rate COLUMN.",
        )
    return found[0] if found else None


def _demand_currency(rows: pl.DataFrame, wanted: str) -> None:
    found = _currencies(rows)
    if wanted.upper() not in found:
        there = f"There are: {', '.join(found[:8])}." if found else "Map the column with --currency-column COLUMN."
        raise LtvError(f"No order is in {wanted}.", there, 2)


def _currencies(rows: pl.DataFrame) -> list[str]:
    if "currency" not in rows.columns:
        return []
    return [str(c) for c in rows["currency"].drop_nulls().str.to_uppercase().unique().sort()]


def _demand_exact_sums(rows: pl.DataFrame) -> None:
    """Sums are exact as long as they fit 64 bits; nearly a quadrillion currency units do."""
    total = rows["amount"].cast(pl.Float64).abs().sum()
    if total > _MOST_MONEY:
        raise LtvError(
            f"The amounts add up to {total / MONEY_SCALE:.3g}: more than can be counted exactly.",
            "Check which column is the amount, or give it in thousands: --amount 'COLUMN / 1000.0'.",
        )


def _to_orders(
    rows: pl.DataFrame, attributes: tuple[str, ...], policy: CleaningPolicy, counts: list[RuleCount]
) -> tuple[pl.DataFrame, bool]:
    """Sum line-level rows to orders; leave out exact copies where the table is order-level."""
    if "order_id" not in rows.columns:
        return rows.with_columns(pl.lit(None, dtype=pl.String).alias("order_id")), False
    known = rows.filter(pl.col("order_id").is_not_null())
    distinct = known.select(pl.struct("customer_id", "order_id").n_unique()).item() if known.height else 0
    if distinct == known.height:
        return rows, False

    spare = rows.clear()
    if "copy" in rows.columns:
        spare = known.filter(~pl.col("copy").is_first_distinct())
    only_copies = known.height - spare.height == distinct
    if spare.height and (policy.repeats == "drop" or (policy.repeats == "auto" and only_copies)):
        counts.append(count_of("exact_copy", spare, excluded=True))
        known = known.filter(pl.col("copy").is_first_distinct())
    elif spare.height:
        counts.append(count_of("copies_among_lines", spare, excluded=False))
    if known.height == distinct:
        return pl.concat([known, rows.filter(pl.col("order_id").is_null())]), False
    summed = _sum_lines(known, attributes)
    counts.append(RuleCount("lines_summed", known.height, int(known["amount"].sum()), excluded=False))
    return pl.concat([summed, rows.filter(pl.col("order_id").is_null())], how="diagonal"), True


def _sum_lines(lines: pl.DataFrame, attributes: tuple[str, ...]) -> pl.DataFrame:
    """One row per (customer, order id): amounts added, the earliest time, the attributes of the
    dearest line (ties by the value itself, so that the order of reading decides nothing)."""
    keys = ["customer_id", "order_id"]
    moment = pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second")
    sums = [c for c in ("amount", "margin") if c in lines.columns]
    firsts = [c for c in ("status", "currency", "refund_of") if c in lines.columns]
    orders = lines.group_by(keys).agg(
        *(pl.col(c).sum() for c in sums), moment.min().alias("_moment"), *(pl.col(c).min() for c in firsts)
    )
    if attributes:
        ranked = lines.select(*keys, "amount", *attributes).sort(
            *keys, "amount", *attributes, descending=[False, False, True, *(False for _ in attributes)]
        )
        dearest = ranked.unique(keys, keep="first", maintain_order=True).drop("amount")
        orders = orders.join(dearest, on=keys, how="left")
    return orders.with_columns(
        (pl.col("_moment") // 86_400).cast(pl.Int32).alias("day"),
        (pl.col("_moment") % 86_400).cast(pl.Int32).alias("second"),
    ).drop("_moment")


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
    return orders.with_columns(
        pl.when(is_refund).then(pl.lit("refund")).otherwise(pl.lit("order")).cast(KIND).alias("kind")
    )


def _book_refunds(orders: pl.DataFrame, counts: list[RuleCount]) -> pl.DataFrame:
    """Book a refund with a reference on the day of its order; without one it keeps its own day."""
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


def _shape(orders: pl.DataFrame, ids: pl.Series, attributes: tuple[str, ...]) -> pl.DataFrame:
    """Narrow to schema.ORDERS with dense customer codes, in an order that only the values decide."""
    code = pl.col("customer_id").cast(pl.Enum(ids)).to_physical().cast(pl.UInt32).alias("customer")
    extra = ["margin"] if "margin" in orders.columns else []
    columns = [*ORDERS, *extra, *attributes]
    narrow = (
        orders.with_columns(code)
        .select(columns)
        .with_columns(pl.col(name).cast(dtype) for name, dtype in ORDERS.items())
    )
    moment = (pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second")) * 2 + pl.col("kind").to_physical()
    timed = narrow.with_columns((pl.col("customer").cast(pl.Int64) * _MOMENTS + moment).alias("_key"))
    # One packed number sorts several times faster than ten columns; those decide among equal moments only.
    alike = pl.col("_key").is_duplicated()
    ties = timed.filter(alike).sort("_key", "order_id", "amount", *extra, *attributes, nulls_last=True)
    ordered = pl.concat([ties, timed.filter(~alike)]).sort("_key", maintain_order=True).drop("_key")
    return ordered.with_columns(pl.col(a).cast(pl.Categorical()) for a in attributes)
