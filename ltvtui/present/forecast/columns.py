"""Columns of one customer's forecast, wherever customers are listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.analytics.forecast.forecast import MONTHS, PEOPLE
from ltvtui.present.numbers import counted
from ltvtui.present.tables import Column

VALUE_HELP: Final = "Expected value: margin, or revenue where no margin is known."
LTV_HELP: Final = "Value to date + expected value."
RISK_HELP: Final = "What they would bring if they were still there × (1 − P(alive))."
NEXT_HELP: Final = "By the model, where P(alive) is 50 % or more: by then half of those like them have ordered again."
LIKELY: Final = 0.5
"""P(alive) from which on a day of the next order is said: of who has probably left it would promise what is not to
come."""

CHOICE: Final = tuple(PEOPLE)
"""Keys of all columns that a customer's forecast has."""


def person_columns(last: int, currency: str = "") -> tuple[Column, Column, Column, Column, Column, Column]:
    """Columns of forecast.Forecast.customers, over the `last` of its months."""
    return (
        Column("p_alive", "P(alive)", "share", help="The chance that they have not left, given their silence."),
        Column("next_order_day", "next order", "day", help=NEXT_HELP, least=("p_alive", LIKELY)),
        *expected_columns(last, currency),
        Column("expected_ltv", "exp. LTV", "units", help=LTV_HELP, unit=currency),
        Column("value_at_risk", "at risk", "units", help=f"{RISK_HELP} {_within(last)}", unit=currency),
    )


def chosen_columns(keys: Sequence[str], currency: str = "") -> tuple[Column, ...]:
    """Those of CHOICE that `keys` name, in their order; the usual ones over a year without any."""
    usual = person_columns(MONTHS[-1], currency)
    if not keys:
        return usual
    alive, due, *_, worth, risk = usual
    expected = (each for months in MONTHS for each in expected_columns(months, currency))
    return tuple(column for column in (alive, due, *expected, worth, risk) if column.key in keys)


def expected_columns(months: int, currency: str = "") -> tuple[Column, Column]:
    """What they are expected to do within so many months."""
    within, title = _within(months), f"{months} mo"
    return (
        Column(f"expected_days_{months}", f"days {title}", "ratio", help=f"Expected order days. {within}"),
        Column(f"expected_value_{months}", f"value {title}", "units", help=f"{VALUE_HELP} {within}", unit=currency),
    )


def _within(months: int) -> str:
    return f"Within {counted(months, 'month')}."
