"""Doubts about which rows are one order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ltvtui.analytics.doubts.evidence import FEW, NOTICED, Check, Doubt, Evidence, counted, operand, option
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.errors import thousands

DISTINCT: Final = "SELECT DISTINCT … FROM …"
COPIES: Final = 0.001
"""Share of the orders from which on it is said that they are there again."""
NAMES: Final = 4
"""Kinds of charges that are named."""
LINES: Final = 0.05
"""Share of the rows, beyond the first of each customer and moment, from which on they may be lines.

Few customers order twice a day; what is bought together is often more than one thing.
"""


def _money(value: int) -> str:
    """Ten-thousandths in currency units: 4 332.88."""
    return f"{value / MONEY_SCALE:,.2f}".replace(",", " ")


def shared_order_ids(evidence: Evidence) -> Iterator[Doubt]:
    """The same order id under two customers: numbering that begins anew, or a wrong column."""
    rows = evidence.rows_of("shared_ids")
    if rows:
        yield Doubt(
            "shared_order_ids",
            f"{counted(rows, 'row')} with an id in {evidence.facts.order_id} that another customer has too: each row "
            "counts as an order of its own customer.",
            "This is right if numbering starts again; otherwise name the column with the order id: --order-id "
            "COLUMN.",
        )


def missing_order_ids(evidence: Evidence) -> Iterator[Doubt]:
    """Rows without an id in a table that has one: each is an order, whatever it was."""
    missing = evidence.sums.orders_without_id
    if 0 < missing < evidence.sums.orders:
        yield Doubt(
            "missing_order_ids",
            f"{evidence.facts.order_id} has no order id in {counted(missing, 'row')}, while other rows have one: "
            "each of these rows counts as an order.",
            "Name a column that is always filled, --order-id COLUMN, or leave these rows out with a SELECT:"
            " --orders 'SELECT … WHERE …'.",
        )


def no_order_id(evidence: Evidence) -> Iterator[Doubt]:
    """Several rows of one customer at one moment without an order id: as likely lines of one order."""
    facts = evidence.facts
    if facts.order_id or evidence.sums.orders < FEW:
        return
    orders, again = evidence.sums.orders, evidence.cleaned.store.same_moments()
    if again >= LINES * orders:
        visit = f"{operand(facts.customer)} || ' ' || {operand(facts.date)}"
        yield Doubt(
            "no_order_id",
            f"No order id is mapped, so each of {thousands(orders)} rows counts as an order: "
            f"{thousands(again)} have the same customer and time as another row, and may be lines of its order.",
            f"Name the column with the order id, --order-id COLUMN, or build one: {option('--order-id', visit)}.",
        )


def copied_rows(evidence: Evidence) -> Iterator[Doubt]:
    """Rows that say the same again where no order id tells them apart: exports that were joined, or sent twice."""
    facts = evidence.facts
    if facts.order_id or evidence.sums.orders < FEW:
        return
    rows, money = evidence.cleaned.store.same_amounts()
    if rows < 2 or rows < COPIES * evidence.sums.orders:
        return
    yield Doubt(
        "copied_rows",
        f"{counted(rows, 'row')} ({_money(money)} in all) have the same customer, time and amount as another row, "
        "and count: the customer bought twice, or the row is a copy.",
        f"If they are copies, leave them out: {option('--orders', facts.distinct_select or DISTINCT)}; if they are "
        "lines of one order, name its id: --order-id COLUMN.",
    )


def charges(evidence: Evidence) -> Iterator[Doubt]:
    """Lines that are money and no goods, and make orders larger than what was sold."""
    found, read = evidence.facts.charges, evidence.cleaned.rows_read
    if found.rows < 2 or (found.rows < FEW and found.rows < NOTICED * read):
        return
    money = "" if found.amount is None else f" ({_money(round(found.amount * MONEY_SCALE))} net)"
    names, more = ", ".join(found.values[:NAMES]), len(found.values) - NAMES
    others = f" and {counted(more, 'other')}" if more > 0 else ""
    yield Doubt(
        "charges",
        f"{counted(found.rows, 'row')}{money} of {found.column} are {names}{others}: "
        "postage, fees or corrections are no goods, and count in checks and LTV.",
        "If they should not count, leave them out: "
        + (f"{option('--orders', found.select)}." if found.select else "--orders 'SELECT … WHERE …'."),
    )


def two_statuses(evidence: Evidence) -> Iterator[Doubt]:
    """The same order again, with another status: exports that overlap."""
    rows = evidence.rows_of("two_statuses")
    if rows:
        yield Doubt(
            "two_statuses",
            f"Orders of {evidence.facts.order_id} are repeated with another status in {counted(rows, 'row')}: "
            "exports may overlap, and money may count twice.",
            "Keep the latest export of each order, and open the file again.",
        )


def earlier_states(evidence: Evidence) -> Iterator[Doubt]:
    """Orders that stood there in several states, of which the latest one counts."""
    rows = evidence.rows_of("earlier_state")
    if rows:
        yield Doubt(
            "earlier_states",
            (
                "1 row is an earlier state of an order that is"
                if rows == 1
                else f"{thousands(rows)} rows are earlier states of orders that are"
            )
            + " repeated, as in overlapping exports: only the latest state counts.",
            "If every row is a separate order: --repeats keep.",
        )


def repeated_totals(evidence: Evidence) -> Iterator[Doubt]:
    """Amounts that are the same on all lines of each order: taken for its total."""
    rows = evidence.rows_of("total_again")
    if rows:
        yield Doubt(
            "repeated_totals",
            "All lines of each order have the same amount, which is read as the order's total and counts once: "
            f"{counted(rows, 'further line')} left out.",
            "If it is the amount of each line: --repeats keep.",
        )


def copied_lines(evidence: Evidence) -> Iterator[Doubt]:
    """Exact copies among the lines of orders: twice the same, or one line twice."""
    rows = evidence.rows_of("copies_among_lines")
    if rows:
        yield Doubt(
            "copied_lines",
            f"Exact copies of other order lines are counted, {counted(rows, 'line')} in all: the customer bought "
            "twice, or the line is a duplicate.",
            "If they are duplicates: --repeats drop.",
        )


CHECKS: Final[tuple[Check, ...]] = (
    shared_order_ids,
    missing_order_ids,
    no_order_id,
    copied_rows,
    charges,
    two_statuses,
    earlier_states,
    repeated_totals,
    copied_lines,
)
