"""Doubts: shapes of a shop that a wrong reading leaves behind (metrics.md §1, plausibility).

None of them stops the work. Each says what it may mean and how to mend it.
"""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.doubts import columns, days, lines, money, people, rows
from ltvtui.analytics.doubts.evidence import Check, Doubt, Evidence

CODES: Final = {
    "one_customer": "one customer has over 10 % of the orders",
    "one_customer_revenue": "one customer has over half of the revenue",
    "customers_once": "customers order once each, while another column repeats",
    "customer_per_order": "there are as many customers as orders",
    "ids_lost_digits": "ids such as 7.00E+12 have lost their digits",
    "amount_is_quantity": "amounts are whole numbers up to 20, and there is a price column",
    "amount_in_cents": "amounts may be in cents",
    "mostly_negative": "amounts below zero outweigh the others",
    "unclear_decimals": "a mark in the amounts may separate thousands or decimals",
    "unit_cost": "a unit cost is not multiplied by the quantity",
    "left_out_customers": "1 % of the rows or more have no customer",
    "left_out_dates": "1 % of the dates or more are not readable",
    "left_out_amounts": "1 % of the amounts or more are not numbers",
    "shared_order_ids": "an order id is used by several customers",
    "missing_order_ids": "some orders have no id, while others have one",
    "no_order_id": "there is no order id, and customers have several rows at the same time",
    "two_statuses": "an order is repeated with another status",
    "earlier_states": "an order is there in several states, and the latest one counts",
    "repeated_totals": "all lines of an order have the same amount, which counts once",
    "copied_lines": "exact copies of order lines are counted",
    "copied_rows": "rows with the same customer, time and amount are counted",
    "charges": "postage, fees or corrections count as what was sold",
    "unread_column": "a column named refund, cancel, test or void has values but is not used",
    "unread_status": "a column says that orders were cancelled or refunded, and no status is mapped",
    "unread_currency": "a column has several currencies, and none is mapped",
    "refund_table": "a table that looks like refunds is not used",
    "kept_status": "a status that looks like a cancellation counts as a sale",
    "unpaid_status": "a status that looks like an unpaid order counts as a sale",
    "future_days": "1 % of the orders or more are dated after today",
    "few_days": "all orders are on three days or fewer",
    "long_gap": "a long stretch without an order",
}
"""Every code and what it stands for, in the order in which they are told."""

CHECKS: Final[tuple[Check, ...]] = (
    *people.CHECKS,
    *money.CHECKS,
    *rows.CHECKS,
    *lines.CHECKS,
    *columns.CHECKS,
    *days.CHECKS,
)


def doubts_of(evidence: Evidence) -> tuple[Doubt, ...]:
    """What is doubtful in a shop, in the order of CODES; empty where nothing is."""
    return tuple(doubt for check in CHECKS for doubt in check(evidence))


__all__ = ["CHECKS", "CODES", "Doubt", "Evidence", "doubts_of"]
