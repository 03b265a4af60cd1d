"""Columns of one customer's forecast, wherever customers are listed."""

from __future__ import annotations

from typing import Final

from ltvtui.present.numbers import counted
from ltvtui.present.tables import Column

VALUE_HELP: Final = "Expected value: margin, or revenue where no margin is known."
LTV_HELP: Final = "Value to date + expected value."
RISK_HELP: Final = "What they would bring if they were still there × (1 − P(alive))."
NEXT_HELP: Final = "By then half of those like them who are still there will have ordered again."


def person_columns(last: int, currency: str = "") -> tuple[Column, ...]:
    """Columns of forecast.Forecast.customers, over the `last` of its months."""
    within = f"Within {counted(last, 'month')}."
    return (
        Column("p_alive", "P(alive)", "share", help="The chance that they have not left, given their silence."),
        Column("next_order_day", "next order", "day", help=NEXT_HELP),
        Column(f"expected_days_{last}", f"days {last} mo", "ratio", help=f"Expected order days. {within}"),
        Column(f"expected_value_{last}", f"value {last} mo", "units", help=f"{VALUE_HELP} {within}", unit=currency),
        Column("expected_ltv", "exp. LTV", "units", help=LTV_HELP, unit=currency),
        Column("value_at_risk", "at risk", "units", help=f"{RISK_HELP} {within}", unit=currency),
    )
