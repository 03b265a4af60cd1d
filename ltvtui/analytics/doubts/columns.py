"""Doubts about what stands in the shop and is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ltvtui.analytics.doubts.evidence import NOTICED, Check, Doubt, Evidence, counted, operand, said
from ltvtui.analytics.statuses import says_unpaid

_UNDONE = re.compile(
    r"(?<![^\W_])(cancel|refund|void|fail|declin|denied|reject|revers|chargeback|trash)", re.IGNORECASE
)
_WON = re.compile(r"(?<![^\W_])won(?![^\W_])")
"""Of a deal: beside it all others are still open, or lost."""
_PARTLY = re.compile(r"partial|not[ _-]|un(?:cancel|refund|void|reject)|non[ _-]", re.IGNORECASE)

_UNPAID_BESIDE: Final = {"open": "paid", "sent": "sale"}
"""What is said of parcels, too: beside the other word it is said of money that was not paid, or of an offer."""


def unread_column(evidence: Evidence) -> Iterator[Doubt]:
    """A column named refund*, cancel*, test* or void* that says something of some rows."""
    barred = {told.status for told in evidence.cleaned.statuses if told.excluded}
    for unread in evidence.facts.unread:
        if unread.statuses and barred.issuperset(unread.statuses):
            continue  # the status says the same
        money = f"Subtract it: {said('--amount', f'{operand(evidence.facts.amount)} - {operand(unread.column)}')}."
        rows = f"Leave these rows out: {said('--orders', unread.select)}." if unread.select else ""
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
            f"Map it: {said('--status', column)}.",
        )


def unread_currency(evidence: Evidence) -> Iterator[Doubt]:
    """Several currencies in a column that is not mapped: they are added up as one."""
    column = evidence.facts.unread_currency
    if column:
        yield Doubt(
            "unread_currency",
            f"Column {column} has several currencies but is not used: amounts are added up as if in one currency.",
            f"Map it, {said('--currency-column', column)}, and keep one with --currency CODE or convert with --rate.",
        )


def refund_table(evidence: Evidence) -> Iterator[Doubt]:
    """A table of refunds that refers to the orders."""
    for table in evidence.facts.refund_tables:
        yield Doubt(
            "refund_table",
            f"Table {table} looks like refunds of these orders but is not used: revenue may be too high.",
            f"Add the amounts of {table} to the orders as negative rows: --orders 'SELECT … UNION ALL SELECT …'.",
        )


def kept_status(evidence: Evidence) -> Iterator[Doubt]:
    """A status that reads as undone and counts all the same, under a list that nobody changed."""
    statuses = evidence.cleaned.statuses
    kept = [told for told in statuses if not told.excluded and _UNDONE.search(told.status)]
    kept = [told for told in kept if not _PARTLY.search(told.status)]
    if not kept or evidence.facts.statuses_chosen:
        return
    names, rows = [told.status for told in kept], sum(told.rows for told in kept)
    listed = ",".join([*(told.status for told in statuses if told.excluded), *names])
    yield Doubt(
        "kept_status",
        f"Status {', '.join(names[:4])} counts as a sale in {counted(rows, 'row')}, though it looks like a "
        f"cancellation.",
        f"If these are not sales: {said('--excluded-statuses', listed)}.",
    )


def unpaid_status(evidence: Evidence) -> Iterator[Doubt]:
    """A status that says nobody has paid yet, and counts all the same, under a list that nobody changed."""
    statuses = evidence.cleaned.statuses
    words = {told.status.strip().lower() for told in statuses}
    unpaid = [t for t in statuses if says_unpaid(t.status) or _UNPAID_BESIDE.get(t.status.strip().lower()) in words]
    if any(_WON.search(word) for word in words):
        unpaid = [told for told in statuses if not _WON.search(told.status.lower())]
    kept = [told for told in unpaid if not told.excluded]
    rows = sum(told.rows for told in kept)
    if evidence.facts.statuses_chosen or not kept or rows < NOTICED * max(1, sum(told.rows for told in statuses)):
        return
    names = [told.status for told in kept]
    listed = ",".join([*(told.status for told in statuses if told.excluded), *names])
    yield Doubt(
        "unpaid_status",
        f"Status {', '.join(names[:4])} counts as a sale in {counted(rows, 'row')}, though it looks like "
        "an unpaid or open order.",
        f"If they will not be paid: {said('--excluded-statuses', listed)}.",
    )


CHECKS: Final[tuple[Check, ...]] = (
    unread_column,
    unread_status,
    unread_currency,
    refund_table,
    kept_status,
    unpaid_status,
)
