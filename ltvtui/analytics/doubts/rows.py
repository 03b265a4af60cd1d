"""Doubts about rows that were left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from ltvtui.analytics.doubts.evidence import FEW, NOTICED, Check, Doubt, Evidence, said, share
from ltvtui.analytics.facts import Facts
from ltvtui.errors import thousands


def left_out(evidence: Evidence, rule: str) -> Iterator[Doubt]:
    """A hundredth of the rows or more that a value was missing in, or not readable."""
    rows, read = evidence.rows_of(rule), evidence.cleaned.rows_read
    if read < FEW or not rows or rows < NOTICED * read:
        return
    code, what, mend = _TOLD[rule]
    yield Doubt(
        code,
        f"{thousands(rows)} of {thousands(read)} rows ({share(rows, read)}) are left out: {what(evidence.facts)}.",
        mend(evidence.facts),
    )


def _no_customer(facts: Facts) -> str:
    return f"{facts.customer} names nobody in them"


def _mend_customer(facts: Facts) -> str:
    if facts.contacts:
        return f"If another column says who they are: {said('--customer', facts.contacts[0])}."
    return "If another column says who they are: --customer COLUMN; merged cells of a sheet have to be filled there."


_TOLD: Final = {
    "no_customer": ("left_out_customers", _no_customer, _mend_customer),
    "no_date": (
        "left_out_dates",
        lambda facts: f"{facts.date} has no date in them, or none that is understood",
        lambda facts: "Say how dates are written with --date-format NAME, or name another column: --date COLUMN.",
    ),
    "no_amount": (
        "left_out_amounts",
        lambda facts: f"{facts.amount} has no number in them",
        lambda facts: "Name another column, or an expression that is a number: --amount COLUMN|SQL.",
    ),
}

CHECKS: Final[tuple[Check, ...]] = tuple(partial(left_out, rule=rule) for rule in _TOLD)
