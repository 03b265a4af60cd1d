"""What Forecast says: how much today's customers will bring, how far off such forecasts were, and who has left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from ltvtui.analytics.forecast.accuracy import why_not_ranked
from ltvtui.analytics.forecast.backtest import Backtest, in_short
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.words import money, share
from ltvtui.present.numbers import count, counted


def why_no_forecast(why: str) -> Clauses:
    """`why` there is no forecast, as a sentence; nothing where there is one."""
    return as_clauses((why,)) if why else ()


def as_clauses(sentences: Sequence[str]) -> Clauses:
    """Sentences, as clauses of one."""
    return tuple(_clause(text) for text in sentences)


def forecast_clauses(found: ForecastSummary, totals: pl.DataFrame, test: Backtest | None, sign: str) -> Clauses:
    """The clauses of a forecast over its last horizon; what makes it useless comes first.

    `totals` are the rows of backtest.with_bands; `test` is None until the past has been tested.
    """
    if not found.gate.ok:
        return why_no_forecast(found.gate.why)
    if not found.customers:
        return NOBODY
    months = found.months[-1]
    row = totals.filter(pl.col("months") == months).row(0, named=True)
    short = None if test is None else in_short(test).filter(pl.col("months") == months)
    return (
        *_useless(test, short),
        _expected(found, row, sign),
        *_tested(short, months),
        *_left(found, sign),
        *(_clause(text) for text in found.statements),
    )


def _useless(test: Backtest | None, short: pl.DataFrame | None) -> Clauses:
    """Why the forecast should not be leaned upon."""
    if test is None or short is None:
        return ()
    clauses = [_clause(why)] if (why := why_not_ranked(test.accuracy)) else []
    errors = _errors(short)
    mine, repeated = errors.get("model"), errors.get("last period")
    if mine is not None and repeated is not None and mine > repeated:
        clauses.append(f"in the past “as in the last period” was closer than the model (off by {share(repeated)})")
    return tuple(clauses)


def _expected(found: ForecastSummary, row: dict[str, Any], sign: str) -> str:
    low, high = row["value_low"], row["value_high"]
    between = "" if low is None else f" ({money(low)} to {money(high, sign)} by past errors)"
    about = "about " if found.preliminary else ""
    whom = "today's customer is" if found.customers == 1 else "today's customers are"
    within = f"within {counted(row['months'], 'month')}"
    return f"{whom} expected to bring {about}{money(row['value'], sign)} {within}{between}"


def _tested(short: pl.DataFrame | None, months: int) -> Clauses:
    if short is None:
        return ()
    error = _errors(short).get("model")
    if error is None:
        return (f"the past is too short to test forecasts of {counted(months, 'month')}",)
    tests = short.filter(pl.col("method") == "model")["attempts"][0]
    if tests == 1:
        return (f"the only such forecast that the past can test was off by {share(error)}",)
    return (f"{counted(tests, 'such forecast')} of the past were off by {share(error)} on average",)


def _left(found: ForecastSummary, sign: str) -> Clauses:
    left = found.customers - round(found.p_alive)
    if left <= 0:
        return ()
    who = f"{count(left)} of {counted(found.customers, 'customer')} ({share(left / found.customers)})"
    return (f"{who} {'has' if left == 1 else 'have'} probably left, which costs {money(found.value_at_risk, sign)}",)


def _errors(short: pl.DataFrame) -> dict[str, float]:
    """Of each method how far off its value was."""
    return {method: error for method, error in short.select("method", "error_value").iter_rows() if error is not None}


def _clause(text: str) -> str:
    """The first of the sentences in `text`, as a part of another."""
    return f"{text[0].lower()}{text[1:]}".partition(". ")[0].rstrip(".")
