"""The account of cleaning: what each rule touched, in rows and money (metrics.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

RULES: Final = {
    "no_customer": "no customer id",
    "no_date": "no date, or not a readable one",
    "no_amount": "no amount, or not a number",
    "no_sale": "fee, payout or transfer, not a sale",
    "status": "cancelled, failed or similar",
    "other_currency": "in another currency",
    "earlier_state": "earlier state of an order",
    "total_again": "repeated total of the order, counted once",
    "exact_copy": "exact copy of another row",
    "refund_of_left_out": "refund of an order that was left out",
    "refund_dropped": "refund, left out by the cleaning rule",
    "after_as_of": "after the as-of day",
    "only_refunds": "refund without an earlier order",
    "copies_among_lines": "exact copy of an order line, counted",
    "lines_told_once": "further line of an order listed above",
    "lines_summed": "order line, summed to its order",
    "refunds_netted": "refund, reduces revenue",
    "refunded_part": "refunded amount, subtracted from its order",
    "refund_turned": "refund without a minus sign",
    "refund_of_other": "refund, moved to its order's customer",
    "refunds_as_orders": "negative amount, counted as an order",
    "refund_without_order": "refund without its order, counted on its own day",
    "no_margin": "no margin or cost, counted as zero cost",
    "zero_amount": "amount of zero",
    "shared_ids": "order id also used by another customer",
    "two_statuses": "order repeated with another status",
}
"""Every rule of metrics.md §1 by its name in JSON, and in words."""


OF_ORDERS: Final = frozenset(
    {
        *("refund_of_left_out", "refund_dropped", "after_as_of", "only_refunds", "refunds_netted"),
        *("refunds_as_orders", "zero_amount", "refund_without_order"),
    }
)
"""Rules that are applied once lines are summed to orders: where rows are lines, they count orders, not rows."""


@dataclass(frozen=True)
class RuleCount:
    """What one rule touched."""

    rule: str
    """Name of the rule, as in JSON: no_customer, no_date, …"""
    rows: int
    amount: int
    """Money of those rows, ten-thousandths."""
    excluded: bool
    """True: left out. False: kept, and worth knowing."""


@dataclass(frozen=True)
class StatusCount:
    """One status of the shop."""

    status: str
    rows: int
    excluded: bool


@dataclass(frozen=True)
class QuietDays:
    """Days on which nobody ordered: holidays, or days that were never recorded."""

    days: int
    longest: tuple[int, int] | None
    """First and last day of the longest (earliest) stretch; None without any."""


@dataclass(frozen=True)
class Quality:
    """The account of cleaning, as of a day."""

    rows_read: int
    orders: int
    refunds: int
    line_level: bool
    first_day: int
    last_day: int
    """Day of the last order up to the as-of day."""
    counts: tuple[RuleCount, ...]
    statuses: tuple[StatusCount, ...]
    """What the shop says of its orders, and whether that leaves them out."""
    quiet: QuietDays
    """Days without any order between the first and the last."""
    time_zone: str | None = None
    """Zone in which days are counted; None: the shop's own clock."""

    def counts_orders(self, rule: str) -> bool:
        """Whether the count of `rule` is of orders that rows were summed to."""
        return self.line_level and rule in OF_ORDERS

    @property
    def rows_left_out(self) -> int:
        """Rows left out, each counted once."""
        return sum(c.rows for c in self.counts if c.excluded and not self.counts_orders(c.rule))

    @property
    def orders_left_out(self) -> int:
        """Orders and refunds left out after their rows were summed: no row of them is among `rows_left_out`. 0 where
        a row is an order."""
        return sum(c.rows for c in self.counts if c.excluded and self.counts_orders(c.rule))

    def rows_of(self, rule: str) -> int:
        """What `rule` touched; 0 where it did not apply."""
        return sum(c.rows for c in self.counts if c.rule == rule)

    @property
    def rows_counted(self) -> int:
        """Rows that made orders and refunds: all that were read, but for those left out and those that only repeat
        an order of which another row has the amount."""
        return self.rows_read - self.rows_left_out - self.rows_of("lines_told_once")


def quiet_days(days: pl.Series) -> QuietDays:
    """Days without an order between the first and the last of `days` (Int32, of every order)."""
    seen = days.unique().sort()
    if seen.len() < 2:
        return QuietDays(0, None)
    gaps = seen.diff().fill_null(1) - 1
    total, end = int(gaps.sum()), gaps.arg_max()
    if total == 0 or end is None:
        return QuietDays(0, None)
    return QuietDays(total, (int(seen[end] - gaps[end]), int(seen[end] - 1)))


def excluded_at(orders: pl.DataFrame, buyers: pl.Series, as_of: int) -> tuple[RuleCount, ...]:
    """Rules that depend on the as-of day: orders after it, and refunds of customers without an order.

    `buyers` (codes, each once) are those who had ordered by then. A customer is somebody with an order
    (metrics.md §2), so money that only went back has no owner.
    """
    late = _such(orders.select("amount"), orders["day"] > as_of)
    back = _such(orders.select("customer", "day", "amount"), orders["kind"] == "refund")
    if back.height:
        back = back.filter(back["day"] <= as_of, ~back["customer"].is_in(buyers.implode()))
    return (count_of("after_as_of", late, True), count_of("only_refunds", back, True))


def _such(rows: pl.DataFrame, which: pl.Series) -> pl.DataFrame:
    """The rows for which `which` is True: mostly none, and then millions need not be looked through for them."""
    return rows.filter(which) if which.any() else rows.clear()


def count_of(rule: str, rows: pl.DataFrame, excluded: bool) -> RuleCount:
    """What `rule` touched, if it touched `rows` (with amount)."""
    return RuleCount(rule, rows.height, int(rows["amount"].sum() or 0), excluded)
