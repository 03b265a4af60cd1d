"""What the season does to a forecast, and whether any forecast of the past can tell that it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ltvtui.analytics.forecast.backtest import Backtest
from ltvtui.analytics.forecast.gate import SHORTEST_HISTORY
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.season import NOTABLE, YEAR
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.headline.words import money
from ltvtui.present.numbers import amount, count, counted


def season_words(row: Mapping[str, Any], metric: str) -> str:
    """Of a row of Forecast.totals the season's factor on the metric (of plots.METRICS): season × 0.90 from one
    year; both factors are 1 where it is unknown."""
    if row["season_order_days"] == 1 and row["season_value"] == 1:
        return "season unknown"
    factor = row["season_value" if metric == "value" else "season_order_days"]
    return "season of value unknown" if factor is None else f"season × {amount(factor, 2)} from one year"


def season_effect(row: Mapping[str, Any], sign: str = "") -> str:
    """Of a row of Forecast.totals what of its value comes from one miss of a year ago, and what it is without; of
    order days where no value is expected. Blank where the season changes little."""
    what = "order_days" if row["value"] is None else "value"
    factor, without = row[f"season_{what}"], row[f"{what}_raw"]
    if factor is None or abs(factor - 1) < NOTABLE or without is None:
        return ""
    plain = money(without, sign) if what == "value" else counted(round(without), "day")
    times = f"× {amount(factor, 2)}"
    if factor > 1:
        return f"{times} of it is what the forecast of one year ago missed: without it {plain}"
    return f"{times} takes off what the forecast of one year ago had too much: without it {plain}"


def is_untested(found: ForecastSummary, test: Backtest | None, months: int) -> bool:
    """Whether the forecast of so many months has a season that changes it, and no test of the past had one."""
    if test is None or months not in found.totals["months"]:
        return False
    row = found.totals.filter(pl.col("months") == months).row(0, named=True)
    factors = (row["season_order_days"], row["season_value"])
    is_notable = any(factor is not None and abs(factor - 1) >= NOTABLE for factor in factors)
    return is_notable and not test.of(months).accuracy["season_known"].any()


def why_untested(found: ForecastSummary, months: int) -> str:
    """Why no test of so many months has a season: season not testable: history of 545 days, it takes 910."""
    needed = YEAR + SHORTEST_HISTORY + Horizon.of_months(months).whole_days
    if not 0 < found.history_days < needed:
        return "season not tested: nothing was known a year before any test"
    return f"season not testable: history of {counted(found.history_days, 'day')}, it takes {count(needed)}"


def season_cautions(found: ForecastSummary, test: Backtest | None, months: int, sign: str = "") -> tuple[str, ...]:
    """What a factor of one year cannot tell, a sentence each; nothing where it is unknown, or changes little."""
    if months not in found.totals["months"]:
        return ()
    row = found.totals.filter(pl.col("months") == months).row(0, named=True)
    factors = (row["season_order_days"], row["season_value"])
    if all(factor is None or abs(factor - 1) < NOTABLE for factor in factors):
        return ()
    sentences = ["The season is known from one year, which cannot tell a season from a trend."]
    if is_untested(found, test, months):
        which = f"Over {counted(months, 'month')} no test of the past includes the season"
        sentences = [
            f"{which} ({why_untested(found, months)}).",
            "Errors and bands are of forecasts without it.",
            *sentences,
        ]
    if effect := season_effect(row, sign):
        sentences = [f"Value over {counted(months, 'month')}: {effect}.", *sentences]
    return tuple(sentences)
