"""A forecast under the terms of a snapshot, whoever its customers are."""

from __future__ import annotations

from collections.abc import Sequence

from ltvtui.analytics.dimensions import FORECAST_BANDS
from ltvtui.analytics.forecast.forecast import MONTHS, Forecast, ForecastQuestion
from ltvtui.analytics.forecast.gate import Gate
from ltvtui.analytics.forecast.observed import Past, money_under
from ltvtui.analytics.forecast.remembered import forecast_on, gate_on
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.snapshot import Snapshot


def question_of(
    snapshot: Snapshot, kind: Kind = "mbg", months: tuple[int, ...] = MONTHS, sampled: bool = False
) -> ForecastQuestion:
    """What a forecast is asked for under the snapshot's terms; not the churn gap, tiers, entry or discount."""
    money = money_under(snapshot.terms.margin, snapshot.activity_index.margin_mapped)
    return ForecastQuestion(snapshot.terms.as_of, kind, months, money, snapshot.margin, sampled)


def past_of(snapshot: Snapshot, question: ForecastQuestion) -> Past:
    """The past of the whole shop."""
    return Past(snapshot.activity, question.money)


def gate_of(snapshot: Snapshot) -> Gate:
    """Whether the whole shop has told enough for a forecast."""
    return gate_on(snapshot.activity, snapshot.terms.as_of)


def why_no_bands(snapshot: Snapshot, names: Sequence[str]) -> str:
    """Why those of the dimensions `names` that need a forecast have no bands; blank where they have, or none does."""
    return snapshot.why_no_forecast if set(names) & set(FORECAST_BANDS) else ""


def why_no_value(snapshot: Snapshot) -> str:
    """Why the shop's forecast tells of no value; blank where it does, and where there is no forecast at all."""
    return "" if snapshot.why_no_forecast else forecast_of(snapshot, question_of(snapshot)).model.no_value


def forecast_of(snapshot: Snapshot, question: ForecastQuestion) -> Forecast:
    """The forecast of the whole shop, made once.

    Raises LtvError where the gate is shut, with its reason, and where no model fits.
    """
    return forecast_on(snapshot.activity, question)
