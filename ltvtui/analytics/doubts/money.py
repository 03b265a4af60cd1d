"""Doubts about amounts and costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ltvtui.analytics.doubts.evidence import FEW, Check, Doubt, Evidence, operand, option
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.errors import thousands

LARGEST_QUANTITY: Final = 20
SAMPLE_ROWS: Final = 50_000
"""Amounts that are looked at, evenly spread; of a shop with less than twice as many orders all."""
LEAST_CENTS: Final = 1_000
"""Median from which on whole amounts may be cents."""
WHOLE_CURRENCIES: Final = frozenset(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"))
"""ISO 4217: they have no cents."""


def amount_is_quantity(evidence: Evidence) -> Iterator[Doubt]:
    """Small whole numbers, and a price beside them: how many, not how much."""
    facts = evidence.facts
    if not facts.prices or len(facts.amounts) < FEW:
        return
    if not all(value == int(value) and abs(value) <= LARGEST_QUANTITY for value in facts.amounts):
        return
    if not evidence.cleaned.line_level and evidence.sums.highest > LARGEST_QUANTITY * MONEY_SCALE:
        return
    price = facts.prices[0]
    yield Doubt(
        "amount_is_quantity",
        f"Amounts in {facts.amount} are whole numbers up to {LARGEST_QUANTITY}, and there is a column "
        f"{price}: they may be quantities.",
        f"Count money instead: {option('--amount', price)}, or {option('--amount', _product(facts.amount, price))}"
        " if that is a unit price.",
    )


def amount_in_cents(evidence: Evidence) -> Iterator[Doubt]:
    """Whole amounts of a thousand or more, named for cents, or as an API has them."""
    facts, cleaned = evidence.facts, evidence.cleaned
    if not facts.minor_unit or cleaned.currency in WHOLE_CURRENCIES or evidence.orders < FEW:
        return
    amounts = cleaned.store.sample("amount", SAMPLE_ROWS)
    median = amounts.median()
    if (
        not isinstance(median, float)
        or median < LEAST_CENTS * MONEY_SCALE
        or bool((amounts % MONEY_SCALE != 0).any())
    ):
        return
    yield Doubt(
        "amount_in_cents",
        f"Amounts in {facts.amount} are all whole, half of them {thousands(int(median) // MONEY_SCALE)} or more, and"
        f" {facts.minor_unit}: they may be in cents.",
        f"If so, divide them: {option('--amount', f'{operand(facts.amount)} / 100.0')}.",
    )


def mostly_negative(evidence: Evidence) -> Iterator[Doubt]:
    """More money goes back than comes in: as in an account, where purchases are subtracted."""
    facts, sums = evidence.facts, evidence.sums
    if sums.rows < FEW or sums.total > 0 or sums.negative * 4 < sums.rows:
        return
    yield Doubt(
        "mostly_negative",
        f"{thousands(sums.negative)} of {thousands(sums.rows)} amounts in {facts.amount} are below zero, and the "
        "total is not above it: they may be changes of a balance.",
        f"If so, reverse the sign and leave out deposits: {option('--amount', f'-{operand(facts.amount)}')}, with a "
        "SELECT of purchases only: --orders 'SELECT … WHERE …'.",
    )


def unclear_decimals(evidence: Evidence) -> Iterator[Doubt]:
    """1.500 may be one and a half, or fifteen hundred, where no other amount decides."""
    facts = evidence.facts
    if not facts.unclear_mark:
        return
    yield Doubt(
        "unclear_decimals",
        f"Amounts in {facts.amount} such as {facts.unclear_mark} are ambiguous: the mark may "
        "separate thousands or decimals, and no other amount decides.",
        "Give the decimal mark: --decimal point or --decimal comma.",
    )


def unit_cost(evidence: Evidence) -> Iterator[Doubt]:
    """A cost that does not grow with the quantity is that of one chunk."""
    facts = evidence.facts
    if not facts.quantity or not evidence.cleaned.store.margin_mapped:
        return
    product = _product(facts.cost, facts.quantity)
    yield Doubt(
        "unit_cost",
        f"The cost {facts.cost} does not grow with {facts.quantity}: it may be a unit cost.",
        f"If so, multiply it: {option('--cost', product)}.",
    )


def _product(one: str, other: str) -> str:
    return f"{operand(one)} * {operand(other)}"


CHECKS: Final[tuple[Check, ...]] = (
    amount_is_quantity,
    amount_in_cents,
    mostly_negative,
    unclear_decimals,
    unit_cost,
)
