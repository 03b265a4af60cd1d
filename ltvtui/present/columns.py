"""The columns of each table, with their definitions in one sentence (metrics.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.present.tables import Column

ALL_TIME: Final = "all time"
BIG: Final = 10_000
"""From here on a column of money is shown without decimals."""
FEW_MARK: Final = Column("few", "", "flag", help="Fewer than 30 customers: do not lean on these figures.")


def segment_columns(by: Sequence[str], rows: pl.DataFrame, horizon: int, gross: bool) -> tuple[Column, ...]:
    """Columns of segments.profile under two headings: all time, and within the horizon.

    LTV stands before its factors, so that it is seen on narrow screens; the margin is one of them
    unless LTV is gross of costs.
    """
    within = f"within {horizon} mo"
    revenue = 0 if _largest(rows, "revenue") >= BIG else 2
    worth = 0 if _largest(rows, "ltv") >= BIG else 2
    margin = (
        ()
        if gross
        else (Column("margin", "margin", "share", within, help="Share of revenue that is kept, within the horizon."),)
    )
    # Beside the name, where it is seen however narrow the screen is.
    few = (FEW_MARK,) if rows["few"].any() else ()
    return (
        *(Column(name, name, help="What the customers are grouped by.") for name in by),
        *few,
        Column("customers", "customers", "count", ALL_TIME, help="Customers with at least one order."),
        Column("customer_share", "share", "share", ALL_TIME, help="Share of the customers shown."),
        Column("revenue", "revenue", "units", ALL_TIME, revenue, "Net revenue: orders less refunds."),
        Column("revenue_share", "share", "share", ALL_TIME, help="Share of the revenue shown."),
        Column("ltv", "LTV", "units", within, worth, "Average check × frequency × retention × margin."),
        Column("within_months", "seen", "count", within, help="Months with enough customers to be counted."),
        Column("check", "check", "units", within, help="Average check: revenue ÷ orders while retained."),
        Column("frequency", "per mo", "ratio", within, 3, "Frequency: orders per customer and month retained."),
        Column("retention_months", "months", "ratio", within, 2, "Retention: months a customer stays."),
        *margin,
        Column("orders", "orders", "count", ALL_TIME, help="Clean orders; refunds are none."),
        Column("orders_per_customer", "per cust", "ratio", ALL_TIME, help="Orders ÷ customers."),
        Column("average_check", "avg check", "units", ALL_TIME, help="Net revenue ÷ orders, all time."),
    )


def customer_columns(attributes: Sequence[str], named: bool) -> tuple[Column, ...]:
    """Columns of the customers table."""
    return (
        Column("id", "customer"),
        *((Column("name", "name"),) if named else ()),
        Column("tier", "tier"),
        Column("revenue", "revenue", "money", help="Net revenue up to the as-of day."),
        Column("orders", "orders", "count"),
        Column("average_check", "avg check", "units", help="Revenue ÷ orders."),
        Column("first", "first order", "day"),
        Column("last", "last order", "day"),
        Column("silent", "days silent", "count", help="Days since the last order."),
        Column("stage", "stage", help="Days since the last order held against the churn gap."),
        *(Column(a, a) for a in attributes),
    )


def order_columns(attributes: Sequence[str], margin: bool, numbered: bool) -> tuple[Column, ...]:
    """Columns of one customer's orders; `numbered` where the shop gives orders an id."""
    return (
        Column("day", "date", "day"),
        *((Column("order_id", "order"),) if numbered else ()),
        Column("kind", "kind"),
        Column("amount", "amount", "money"),
        *((Column("margin", "margin", "money"),) if margin else ()),
        Column("total", "running total", "money", help="Net revenue up to and with this row."),
        Column("gap", "days since", "count", help="Days since the order before."),
        *(Column(a, a) for a in attributes),
    )


def _largest(rows: pl.DataFrame, column: str) -> float:
    values = rows[column].drop_nulls()
    return float(values.abs().max() or 0) if values.len() else 0.0  # type: ignore[arg-type]
