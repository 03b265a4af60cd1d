"""Doubts about which rows are one order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ltvtui.analytics.doubts.evidence import Check, Doubt, Evidence
from ltvtui.errors import thousands


def shared_order_ids(evidence: Evidence) -> Iterator[Doubt]:
    """The same order id under two customers: numbering that begins anew, or a wrong column."""
    rows = evidence.rows_of("shared_ids")
    if rows:
        yield Doubt(
            "shared_order_ids",
            f"{thousands(rows)} rows have an id in {evidence.facts.order_id} that stands under another customer too:"
            " each counts as an order of its own customer.",
            "That is right where numbering begins anew; else name the column of the order: --order-id COLUMN.",
        )


def missing_order_ids(evidence: Evidence) -> Iterator[Doubt]:
    """Rows without an id in a table that has one: each is an order, whatever it was."""
    ids = evidence.cleaned.orders["order_id"]
    missing = ids.null_count()
    if 0 < missing < ids.len():
        yield Doubt(
            "missing_order_ids",
            f"{thousands(missing)} orders have nothing in {evidence.facts.order_id}, while others have an id: each of"
            " those rows counts as an order.",
            "Name a column that is always filled, --order-id COLUMN, or leave such rows out with a SELECT:"
            " --orders 'SELECT … WHERE …'.",
        )


def two_statuses(evidence: Evidence) -> Iterator[Doubt]:
    """The same order again, with another status: exports that overlap."""
    rows = evidence.rows_of("two_statuses")
    if rows:
        yield Doubt(
            "two_statuses",
            f"{thousands(rows)} rows repeat an order of {evidence.facts.order_id} with another status: exports may"
            " overlap, and money be counted twice.",
            "Keep the latest export of each order, and open the file anew.",
        )


def copied_lines(evidence: Evidence) -> Iterator[Doubt]:
    """Exact copies among the lines of orders: twice the same, or one line twice."""
    rows = evidence.rows_of("copies_among_lines")
    if rows:
        yield Doubt(
            "copied_lines",
            f"{thousands(rows)} order lines are exact copies of another one, and are counted: something was bought"
            " twice, or a line stands there twice.",
            "Leave copies out with --repeats drop.",
        )


CHECKS: Final[tuple[Check, ...]] = (shared_order_ids, missing_order_ids, two_statuses, copied_lines)
