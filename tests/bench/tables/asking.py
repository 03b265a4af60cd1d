"""The questions of the screens."""

from __future__ import annotations

from typing import Final

from bench import forecasting
from bench.ground import Ground
from bench.tables.table import Table, goal, quantile

ASK_MS: Final = 50
TERMS_MS: Final = 250
"""For a question under a new as-of day or churn gap, for cohorts and for intervals."""
FORECAST_MS: Final = {forecasting.SAMPLED: 300, forecasting.WHOLE: 1_500}
"""For forecasts: the screen shows that of a sample until each customer has one."""
_LONG: Final = ("new day", "new churn gap", "with its interval")
"""How such questions end."""
NOTE: Final = """\
Each question is asked anew, never taken from memory; *first* is the very first one. *Overview under …* is
everything that the screen waits for after such a change."""


def table(ground: Ground) -> Table:
    """p50 and p95 of each question."""
    rows = []
    for question, taken in ground.answer("bench.asking:asked", ground.times).items():
        most = TERMS_MS if question.startswith("cohorts") or question.endswith(_LONG) else ASK_MS
        most = FORECAST_MS.get(question, most)
        p95 = quantile(taken, 0.95)
        figures = (quantile(taken, 0.5), p95, taken[0])
        rows.append((question, *(f"{figure:.1f}" for figure in figures), goal(p95, most, "ms")))
    return Table("Asking", ("what", "p50 ms", "p95 ms", "first ms", "goal"), tuple(rows), NOTE)
