"""The key figures of a forecast."""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.figures import Figures, Kpi
from ltvtui.present.numbers import amount, count, percent

UNKNOWN: Final = "unknown"
YEAR: Final = 12
"""Months over which expected LTV is told unless others are said."""


def forecast_figures(found: ForecastSummary, sign: str) -> Figures:
    """The strip: customers, how many are still there, value to date + expected = expected LTV of one, at risk.

    Money of all but for the expected LTV; nothing where there is no forecast.
    """
    if not found.gate.ok:
        return Figures()
    horizon, people = f"{found.months[-1]} mo", max(found.customers, 1)
    about = "preliminary" if found.preliminary else ""

    def money(value: float) -> str:
        return f"{amount(value, 0 if abs(value) >= 10_000 else 2)} {sign}".rstrip()

    def box(label: str, raw: float | None, write: object = money, mark: str = "", note: str = "") -> Kpi:
        assert callable(write)
        return Kpi(label, UNKNOWN if raw is None else write(raw), mark, note, raw, write)

    each = None if found.expected_ltv is None else found.expected_ltv / people
    boxes = (
        box("customers", found.customers, lambda value: count(round(value))),
        box("active", found.p_alive, lambda value: count(round(value)), note=percent(found.p_alive / people)),
        box("value to date", found.value, money, "+"),
        box(f"expected {horizon}", found.expected_value, money, "", about),
        box(
            "exp. LTV",
            each,
            money,
            note="per customer" if found.months[-1] == YEAR else f"each, {horizon}",
        ),
        box("at risk", found.value_at_risk, money, note=horizon),
    )
    line = (
        f"{boxes[0].value} cust, {boxes[1].value} active",
        f"at risk {boxes[-1].value}",
        f"expected {boxes[3].value} ({horizon})",
    )
    return Figures(boxes, line)
