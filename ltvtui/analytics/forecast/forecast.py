"""What each customer will bring; what a group of them will is the sum of its people's."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.observed import Money, Past
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.season import Season, a_year_before, seasons
from ltvtui.analytics.forecast.shop_model import ShopModel, shop_model, total

MONTHS: Final = (3, 6, 12)


@dataclass(frozen=True)
class ForecastQuestion:
    """What a forecast is asked for: all that it depends on."""

    as_of: int
    """The last day that is known, days since 1970-01-01."""
    kind: Kind = "mbg"
    months: tuple[int, ...] = MONTHS
    """How far it looks ahead, rising; expected LTV and value at risk are of the last."""
    money: Money = "value"
    margin: float = 1.0
    """Factor on money."""
    sampled: bool = False
    """Of a sample of the customers: a first answer until that of all is there."""

    @property
    def fit(self) -> Hashable:
        """What its models depend on: the same for all horizons and factors."""
        return self.as_of, self.kind, self.money, self.sampled


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast of all customers of a shop, whoever of them is asked about."""

    question: ForecastQuestion
    model: ShopModel
    seasons: tuple[Season, ...]
    """Of each of the months."""
    customers: pl.DataFrame
    """One row per customer with an order, sorted by customer (UInt32).

    p_alive (Float64): the chance that they have not left. next_order_day (Int32): the day by which half of those like
    them who have not left will have ordered again; null where that is a century away. For each of the months M
    expected_days_M (Float64, order days) and expected_value_M (Float64, currency units, × margin), with the season.
    expected_ltv: value to date + expected value over the last M. value_at_risk: what they would bring over the last M
    if they were still there × the chance that they are not. All that is of expected value is null where it is unknown
    (ShopModel.no_value).
    """

    @property
    def statements(self) -> tuple[str, ...]:
        """What there is to know before its figures are used, in words."""
        spend = self.model.spend
        of_spend = (self.model.no_value,) if spend is None else spend.statements
        unknown = (
            words for found in self.seasons for words in (found.unknown, spend and found.unknown_value) if words
        )
        return (*self.model.repeat.statements, *of_spend, *dict.fromkeys(unknown))

    def of(self, customers: pl.DataFrame) -> pl.DataFrame:
        """The rows of `customers` (customer, sorted), in their order; of a sample those who are in it."""
        own = self.customers["customer"]
        if self.question.sampled:
            return self.customers.filter(own.is_in(customers["customer"].implode()))
        if own.len() == customers.height:
            return self.customers
        return self.customers[own.search_sorted(customers["customer"])]

    def totals(self, customers: pl.DataFrame | None = None) -> pl.DataFrame:
        """What all customers, or the rows `customers` of them (from `of`), will bring: the sums of their forecasts.

        One row a horizon: months (Int32), order_days, value, then order_days_raw and value_raw as they are without
        the season, season_order_days and season_value, its factors (all Float64). Those of value are null where it is
        unknown.
        """
        rows = self.customers if customers is None else customers
        found = []
        for months, factor in zip(self.question.months, self.seasons, strict=True):
            days = total(rows[f"expected_days_{months}"].to_numpy())
            has_value = not self.model.no_value
            value = total(rows[f"expected_value_{months}"].to_numpy()) if has_value else None
            raw = value / factor.value if value is not None and factor.value else None
            of_value = factor.value if has_value else None
            found.append((months, days, value, days / factor.order_days, raw, factor.order_days, of_value))
        return pl.DataFrame(found, schema=TOTALS, orient="row")


PEOPLE: Final[dict[str, type[pl.DataType]]] = {
    "p_alive": pl.Float64,
    "next_order_day": pl.Int32,
    **{f"expected_{what}_{months}": pl.Float64 for months in MONTHS for what in ("days", "value")},
    "expected_ltv": pl.Float64,
    "value_at_risk": pl.Float64,
}
"""Columns of Forecast.customers behind the customer, under the usual months."""
OF_VALUE: Final = frozenset({"expected_ltv", "value_at_risk", *(f"expected_value_{months}" for months in MONTHS)})
"""Those that are null where no value can be expected."""
TOTALS: Final[dict[str, type[pl.DataType]]] = {
    "months": pl.Int32,
    **dict.fromkeys(
        ("order_days", "value", "order_days_raw", "value_raw", "season_order_days", "season_value"), pl.Float64
    ),
}
"""Columns of Forecast.totals."""


@dataclass(frozen=True, eq=False)
class Models:
    """Those of a day and of a year before it."""

    now: ShopModel
    before: ShopModel | None
    """None where too little was known."""


def fitted(past: Past, question: ForecastQuestion) -> Models:
    """The models of a shop.

    Raises LtvError where none fits.
    """
    now = shop_model(past.observed(question.as_of), question.kind)
    return Models(now, a_year_before(past, question.as_of, question.kind))


def forecast(past: Past, question: ForecastQuestion) -> Forecast:
    """The forecast of a shop.

    Raises LtvError where no model fits.
    """
    return made_of(fitted(past, question), past, question)


def made_of(models: Models, past: Past, question: ForecastQuestion) -> Forecast:
    """The forecast that `models` make."""
    horizons = [Horizon.of_months(months) for months in question.months]
    found = seasons(past, models.before, horizons, question.as_of)
    return Forecast(question, models.now, found, scored(models.now, question, found))


def scored(model: ShopModel, question: ForecastQuestion, seasons: tuple[Season, ...]) -> pl.DataFrame:
    """Forecast.customers of those whom `model` observed."""
    observed = model.observed
    alive, check = model.p_alive, model.check * question.margin
    histories, row = observed.history.distinct, observed.history.row
    waits = model.repeat.next_order_in(histories)[row]
    columns = [
        observed.customers["customer"],
        pl.Series("p_alive", alive),
        pl.Series("next_order_day", question.as_of + waits).fill_nan(None).cast(pl.Int32),
    ]
    value = if_there = np.zeros(len(check))
    for months, found in zip(question.months, seasons, strict=True):
        there = model.order_days_if_there(Horizon.of_months(months))
        if_there = there * check * found.value
        value = alive * if_there
        columns.append(pl.Series(f"expected_days_{months}", alive * there * found.order_days))
        columns.append(pl.Series(f"expected_value_{months}", value))
    columns.append(pl.Series("expected_ltv", observed.money * question.margin + value))
    columns.append(pl.Series("value_at_risk", (1 - alive) * if_there))
    people = pl.DataFrame(columns)
    return people.with_columns(pl.col(pl.Float64).fill_nan(None)) if model.no_value else people
