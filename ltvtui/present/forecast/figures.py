"""The key figures of a forecast."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.forecast.backtest import Backtest
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.figures import Figures, Kpi
from ltvtui.present.headline.reliance import SEASON_UNTESTED, UNTESTED, WORSE, trust, without_leavers
from ltvtui.present.numbers import amount, count, percent

UNKNOWN: Final = "unknown"
YEAR: Final = 12
"""Months over which expected LTV is told unless others are said."""


def forecast_figures(found: ForecastSummary, sign: str, test: Backtest | None = None) -> Figures:
    """The strip: customers, how many are still there, value to date + expected = expected LTV of one, at risk.

    What the `test` on the past says against the expected value stands beside it.

    Money of all but for the expected LTV; nothing where there is no forecast.
    """
    if not found.gate.ok:
        return Figures()
    horizon, people = f"{found.months[-1]} mo", max(found.customers, 1)
    about = "preliminary" if found.preliminary else _doubted(found, test)
    silent = (
        f"{percent(found.lapsed / people, 0)} lapsed" if without_leavers(found) else percent(found.p_alive / people)
    )

    def money(value: float) -> str:
        return f"{amount(value, 0 if abs(value) >= 10_000 else 2)} {sign}".rstrip()

    def box(label: str, raw: float | None, write: object = money, mark: str = "", note: str = "") -> Kpi:
        assert callable(write)
        return Kpi(label, UNKNOWN if raw is None else write(raw), mark, note, raw, write)

    each = None if found.expected_ltv is None else found.expected_ltv / people
    boxes = (
        box("customers", found.customers, lambda value: count(round(value))),
        box("active", found.p_alive, lambda value: count(round(value)), note=silent),
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


def _doubted(found: ForecastSummary, test: Backtest | None) -> str:
    """What the past says against the value that is expected; blank where it says nothing."""
    months = found.months[-1]
    word = trust(found, test, months)
    if word == SEASON_UNTESTED:
        factor = found.totals.filter(pl.col("months") == months)["season_value"][0]
        return "season untested" if factor is None else f"× {amount(factor, 2)} untested"
    return {WORSE: "do not rely on", UNTESTED: UNTESTED}.get(word, "")
