"""Forecasts of a shop, each made once: models serve all horizons and margins, a forecast all of its customers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.forecast import Forecast, ForecastQuestion, fitted, made_of
from ltvtui.analytics.forecast.gate import Gate, gate
from ltvtui.analytics.forecast.observed import Past
from ltvtui.analytics.forecast.sample import sample_of
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.errors import LtvError

MEND: Final = "Choose a later as-of day, or wait for more orders."


def gate_on(activity: CachedActivity, day: int) -> Gate:
    """Whether a shop has told enough for a forecast on a day."""
    return activity.memo.recall(("forecast gate", day), lambda: gate(Past(activity).observed(day)))


def forecast_on(activity: CachedActivity, question: ForecastQuestion) -> Forecast:
    """The forecast of a whole shop.

    Raises LtvError where the gate is shut, with its reason, and where no model fits.
    """
    why = gate_on(activity, question.as_of).why
    if why:
        raise LtvError(why, MEND)
    found = activity.memo.recall(("forecast", question), lambda: _forecast_or_why(activity, question))
    if isinstance(found, NoForecast):
        raise LtvError(found.why, found.mend)
    return found


def has_forecast(activity: CachedActivity, question: ForecastQuestion) -> bool:
    """Whether it is there already."""
    return activity.memo.find(("forecast", question)) is not None


@dataclass(frozen=True)
class NoForecast:
    """Why no model fits, remembered: to find out takes as long as a forecast."""

    why: str
    mend: str


def _forecast_or_why(activity: CachedActivity, question: ForecastQuestion) -> Forecast | NoForecast:
    try:
        return _forecast(activity, question)
    except LtvError as error:
        return NoForecast(error.what, error.mend)


def _forecast(activity: CachedActivity, question: ForecastQuestion) -> Forecast:
    past, step = Past(activity, question.money), 1
    if question.sampled:
        sample = activity.memo.recall("forecast sample", lambda: sample_of(activity))
        past, step = Past(sample.activity, question.money), sample.step
    models = activity.memo.recall(("forecast models", question.fit), lambda: fitted(past, question))
    found = made_of(models, past, question)
    return found if step == 1 else replace(found, customers=found.customers.with_columns(pl.col("customer") * step))
