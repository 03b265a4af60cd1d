"""Doubts about what stands in the shop and is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ltvtui.analytics.cleaning.statuses import is_unpaid
from ltvtui.analytics.doubts.evidence import NOTICED, Check, Doubt, Evidence, counted, operand, option

_UNDONE = re.compile(
    r"(?<![^\W_])(cancel|refund|void|fail|declin|denied|reject|revers|chargeback|trash)", re.IGNORECASE
)
_WON = re.compile(r"(?<![^\W_])won(?![^\W_])")
"""Of a deal: beside it all others are still open, or lost."""
_PARTLY = re.compile(r"partial|not[ _-]|un(?:cancel|refund|void|reject)|non[ _-]", re.IGNORECASE)

_UNPAID_BESIDE: Final = {"open": "paid", "sent": "sale"}
"""What is said of parcels, too: beside the other word it is said of money that was not paid, or of an offer."""


def unread_column(evidence: Evidence) -> Iterator[Doubt]:
    """A column named refund*, cancel*, test* or void* with values in some rows."""
    barred = {status.status for status in evidence.cleaned.statuses if status.excluded}
    for unread in evidence.facts.unread:
        if unread.statuses and barred.issuperset(unread.statuses):
            continue  # the status says the same
        money = f"Subtract it: {option('--amount', f'{operand(evidence.facts.amount)} - {operand(unread.column)}')}."
        rows = f"Leave these rows out: {option('--orders', unread.select)}." if unread.select else ""
        yield Doubt(
            "unread_column",
            f"Column {unread.column} has values in {counted(unread.rows, 'row')} but is not used: "
            "it does not change what counts.",
            money if unread.money else rows or "Leave these rows out: --orders 'SELECT … WHERE …'.",
        )


def unread_status(evidence: Evidence) -> Iterator[Doubt]:
    """A column with words for what was undone, where no status is mapped."""
    column = evidence.facts.unread_status
    if column:
        yield Doubt(
            "unread_status",
            f"Column {column} says that some rows were cancelled or refunded, but is not used.",
            f"Map it: {option('--status', column)}.",
        )


def unread_currency(evidence: Evidence) -> Iterator[Doubt]:
    """Several currencies in a column that is not mapped: they are added up as one."""
    column = evidence.facts.unread_currency
    if column:
        yield Doubt(
            "unread_currency",
            f"Column {column} has several currencies but is not used: amounts are added up as if in one currency.",
            f"Map it, {option('--currency-column', column)}, and keep one with --currency CODE or convert with "
            "--rate.",
        )


def refund_table(evidence: Evidence) -> Iterator[Doubt]:
    """A table of refunds that refers to the orders."""
    for table in evidence.facts.refund_tables:
        yield Doubt(
            "refund_table",
            f"Table {table} looks like refunds of these orders but is not used: revenue may be too high.",
            f"Add the amounts of {table} to the orders as negative rows: --orders 'SELECT … UNION ALL SELECT …'.",
        )


def undone_status(evidence: Evidence) -> Iterator[Doubt]:
    """A status that reads as undone and counts all the same, under a list that nobody changed."""
    statuses = evidence.cleaned.statuses
    counting = [status for status in statuses if not status.excluded and _UNDONE.search(status.status)]
    counting = [status for status in counting if not _PARTLY.search(status.status)]
    if not counting or evidence.facts.statuses_chosen:
        return
    names, rows = [status.status for status in counting], sum(status.rows for status in counting)
    listed = ",".join([*(status.status for status in statuses if status.excluded), *names])
    yield Doubt(
        "kept_status",
        f"Status {', '.join(names[:4])} counts as a sale in {counted(rows, 'row')}, though it looks like a "
        f"cancellation.",
        f"If these are not sales: {option('--excluded-statuses', listed)}.",
    )


def unpaid_status(evidence: Evidence) -> Iterator[Doubt]:
    """A status of unpaid orders that counts all the same, under a list that nobody changed."""
    statuses = evidence.cleaned.statuses
    words = {status.status.strip().lower() for status in statuses}
    unpaid = [t for t in statuses if is_unpaid(t.status) or _UNPAID_BESIDE.get(t.status.strip().lower()) in words]
    if any(_WON.search(word) for word in words):
        unpaid = [status for status in statuses if not _WON.search(status.status.lower())]
    counting = [status for status in unpaid if not status.excluded]
    rows = sum(status.rows for status in counting)
    if (
        evidence.facts.statuses_chosen
        or not counting
        or rows < NOTICED * max(1, sum(status.rows for status in statuses))
    ):
        return
    names = [status.status for status in counting]
    listed = ",".join([*(status.status for status in statuses if status.excluded), *names])
    yield Doubt(
        "unpaid_status",
        f"Status {', '.join(names[:4])} counts as a sale in {counted(rows, 'row')}, though it looks like "
        "an unpaid or open order.",
        f"If they will not be paid: {option('--excluded-statuses', listed)}.",
    )


CHECKS: Final[tuple[Check, ...]] = (
    unread_column,
    unread_status,
    unread_currency,
    refund_table,
    undone_status,
    unpaid_status,
)
