"""A forecast made on a day of the past, beside what came after it and what simpler guesses would have said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.forecast.gate import SHORTEST_HISTORY, gate
from ltvtui.analytics.forecast.horizon import DAYS_A_MONTH, Horizon
from ltvtui.analytics.forecast.observed import Observed, Past
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.analytics.forecast.season import Season, a_year_before, season
from ltvtui.analytics.forecast.shop_model import ShopModel, shop_model
from ltvtui.analytics.forecast.spend_model import SpendModel

Floats = npt.NDArray[np.float64]
Method = Literal["model", "last period", "nobody leaves"]
METHODS: Final[tuple[Method, ...]] = ("model", "last period", "nobody leaves")
"""`last period`: what a customer did in the time of the same length before. `nobody leaves`: order days go on as
often as so far, at the same mean."""

MOST_ORIGINS: Final = 8
"""Of one horizon, the latest ones."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A horizon of a shop's past."""

    months: int
    origin: int
    """The last day that the forecast knew."""
    until: int
    """The last day of what came after it."""
    model: ShopModel
    season: Season
    customers: pl.DataFrame
    """Those known at the origin: customer (UInt32), actual_days and actual_value, and of each method "days METHOD"
    and "value METHOD" (Float64; order days, and currency units × margin; null where the model knows no value)."""


def origins(as_of: int, first_day: int, horizon: Horizon) -> tuple[int, ...]:
    """The days from which a horizon can be tried, latest first: one horizon after the other back from `as_of`.

    `first_day` is that of the first order.

    Where only one has SHORTEST_HISTORY days before it, and the history reaches further back than that by a month, the
    earliest that has is the second.
    """
    earliest = first_day + SHORTEST_HISTORY
    found = tuple(range(as_of - horizon.whole_days, earliest - 1, -horizon.whole_days))[:MOST_ORIGINS]
    if len(found) == 1 and found[0] - earliest >= DAYS_A_MONTH:
        return (*found, earliest)
    return found


def trials(past: Past, as_of: int, months: int, kind: Kind = "mbg", margin: float = 1.0) -> Iterator[Trial]:
    """A trial of so many months at each origin at which the gate is open, latest first.

    Each takes as long as a forecast: a caller can tell the progress, and stop, between two.
    """
    first_day = as_of - past.observed(as_of).history_days
    for origin in origins(as_of, first_day, Horizon.of_months(months)):
        observed = past.observed(origin)
        if gate(observed).ok:
            yield trial(past, observed, months, kind, margin)


@dataclass(frozen=True)
class Fitted:
    """What was fitted for a trial: to ask about its customers once more then takes no fit."""

    repeat: RepeatModel
    spend: SpendModel | None
    no_value: str
    """As ShopModel has it."""
    season: Season


def fitted_then(past: Past, observed: Observed, months: int, kind: Kind = "mbg") -> Fitted:
    """What fits to what was `observed`, and to the year before it.

    Raises LtvError where no model fits.
    """
    model = shop_model(observed, kind)
    found = season(past, a_year_before(past, observed.day, kind), Horizon.of_months(months).whole, observed.day)
    return Fitted(model.repeat, model.spend, model.no_value, found)


def trial(
    past: Past,
    observed: Observed,
    months: int,
    kind: Kind = "mbg",
    margin: float = 1.0,
    fitted: Fitted | None = None,
) -> Trial:
    """A forecast of so many months from what was `observed`, and what came after it; `fitted`: as it was before.

    Raises LtvError where no model fits.
    """
    horizon, origin = Horizon.of_months(months).whole, observed.day
    fitted = fitted or fitted_then(past, observed, months, kind)
    model, found = ShopModel(observed, fitted.repeat, fitted.spend, fitted.no_value), fitted.season
    until = origin + horizon.whole_days
    days, money = past.between(observed, origin, until)
    days_before, money_before = past.between(observed, origin - horizon.whole_days, origin)
    expected = model.order_days(horizon)
    # Who came only just now is not expected to order every day.
    age = np.maximum(observed.history.distinct.age[observed.history.row], DAYS_A_MONTH)
    going_on = horizon.days * (observed.days - 1) / age
    columns = {
        "actual_days": days,
        "actual_value": money * margin,
        "days model": expected * found.order_days,
        "value model": expected * model.check * found.value * margin,
        "days last period": days_before,
        "value last period": money_before * margin,
        "days nobody leaves": going_on,
        "value nobody leaves": going_on * observed.money / observed.days * margin,
    }
    rows = pl.DataFrame([observed.customers["customer"], *(pl.Series(name, rows) for name, rows in columns.items())])
    return Trial(months, origin, until, model, found, rows.with_columns(pl.col("value model").fill_nan(None)))
