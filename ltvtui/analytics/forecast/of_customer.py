"""What one customer will bring, in a moment in the largest shop too."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from ltvtui.analytics.forecast.forecast import scored
from ltvtui.analytics.forecast.observed import Observed
from ltvtui.analytics.forecast.of_snapshot import forecast_of, gate_of, past_of, question_of
from ltvtui.analytics.forecast.summary import answers_late
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.errors import LtvError


@dataclass(frozen=True)
class CustomerForecast:
    """One customer's row of Forecast.customers, over the usual months."""

    p_alive: float
    next_order_day: int | None
    expected_days: float
    """Order days over the last of the months; so are the two below."""
    expected_value: float | None
    """None where it is unknown; so are the two below."""
    value_at_risk: float | None
    expected_ltv: float | None
    months: int
    preliminary: bool
    """True where the models are those of a sample of the shop's customers."""


def forecast_of_customer(snapshot: Snapshot, customer: int) -> CustomerForecast | str:
    """The forecast of a customer (code) who has ordered by the snapshot's day; why, where the shop has none.

    In a large shop without a forecast so far the models of a sample serve: nobody waits for that of all.
    """
    if not (gate := gate_of(snapshot)).ok:
        return gate.why
    sampled = answers_late(snapshot)
    question = question_of(snapshot, sampled=sampled)
    try:
        forecast = forecast_of(snapshot, question)
    except LtvError as error:
        return error.what
    everybody = forecast.customers
    if sampled:
        observed = past_of(snapshot, question).observed(question.as_of)
        alone = Observed(observed.day, observed.customers.filter(pl.col("customer") == customer))
        model = replace(forecast.model, observed=alone)
        everybody = scored(model, replace(question, sampled=False), forecast.seasons)
    own = everybody.filter(pl.col("customer") == customer).row(0, named=True)
    last = question.months[-1]
    return CustomerForecast(
        *(own["p_alive"], own["next_order_day"], own[f"expected_days_{last}"], own[f"expected_value_{last}"]),
        *(own["value_at_risk"], own["expected_ltv"], last, sampled),
    )
