"""What the user said about the mapping: on the command line, or in the saved file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Overrides:
    """Each field replaces one guess; None leaves it to detection, "" says there is none."""

    orders: str | None = None
    """Table, view or SELECT."""
    order_id: str | None = None
    customer: str | None = None
    date: str | None = None
    date_format: str | None = None
    """Names from sources.values.dates, separated by commas or blanks."""
    amount: str | None = None
    """Column or expression."""
    decimal: str | None = None
    """What stands before the cents: point or comma."""
    status: str | None = None
    currency: str | None = None
    rate: str | None = None
    margin: str | None = None
    cost: str | None = None
    refund_of: str | None = None
    refunded: str | None = None
    cancelled: str | None = None
    row_type: str | None = None
    updated_at: str | None = None
    lines: str | None = None
    """Table with the order lines."""
    lines_order_id: str | None = None
    customers: str | None = None
    """Table with customer details."""
    customers_key: str | None = None
    spend: str | None = None
    """Table with the advertising spend."""
    spend_date: str | None = None
    spend_channel: str | None = None
    spend_amount: str | None = None
