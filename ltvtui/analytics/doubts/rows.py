"""Doubts about rows that were left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from ltvtui.analytics.doubts.evidence import FEW, NOTICED, Check, Doubt, Evidence, option, share
from ltvtui.analytics.facts import Facts
from ltvtui.errors import thousands


def left_out(evidence: Evidence, rule: str) -> Iterator[Doubt]:
    """A hundredth of the rows or more that a value was missing in, or not readable."""
    rows, read = evidence.rows_of(rule), evidence.cleaned.rows_read
    if read < FEW or not rows or rows < NOTICED * read:
        return
    code, what, mend = _LEFT_OUT[rule]
    yield Doubt(
        code,
        f"{thousands(rows)} of {thousands(read)} rows ({share(rows, read)}) are left out: {what(evidence.facts)}.",
        mend(evidence.facts),
    )


def _no_customer(facts: Facts) -> str:
    return f"they have no customer in {facts.customer}"


def _mend_customer(facts: Facts) -> str:
    if facts.contacts:
        return f"If another column has the customer: {option('--customer', facts.contacts[0])}."
    return "If another column has the customer: --customer COLUMN. Merged cells in a sheet have to be filled."


_LEFT_OUT: Final = {
    "no_customer": ("left_out_customers", _no_customer, _mend_customer),
    "no_date": (
        "left_out_dates",
        lambda facts: f"they have no readable date in {facts.date}",
        lambda facts: "Give the date format with --date-format NAME, or name another column: --date COLUMN.",
    ),
    "no_amount": (
        "left_out_amounts",
        lambda facts: f"they have no number in {facts.amount}",
        lambda facts: "Name another column, or an expression that is a number: --amount COLUMN|SQL.",
    ),
}

CHECKS: Final[tuple[Check, ...]] = tuple(partial(left_out, rule=rule) for rule in _LEFT_OUT)
