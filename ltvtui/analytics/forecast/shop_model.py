"""Both models of a shop, fitted to what was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from ltvtui.analytics.forecast import repeat_model, spend_model
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.observed import Observed
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.analytics.forecast.spend_model import SpendModel
from ltvtui.errors import LtvError

FEWEST_SPENDERS: Final = 30
"""Customers with a value above zero; what fewer of them spent tells nothing of all."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ShopModel:
    """How the `observed` customers buy, leave and spend."""

    observed: Observed
    repeat: RepeatModel
    spend: SpendModel | None
    no_value: str = ""
    """Why there is no model of what customers spend, and with it no expected value; empty where there is one."""

    @cached_property
    def p_alive(self) -> Floats:
        """Of each customer."""
        return self.repeat.p_alive(self.observed.history.distinct)[self.observed.history.row]

    @cached_property
    def check(self) -> Floats:
        """What a further order day of each customer will bring, currency units; not a number where nobody knows."""
        if self.spend is None:
            return np.full(len(self.observed.days), np.nan)
        return self.spend.expected(self.observed.days, self.observed.money)

    @property
    def mean_check(self) -> float:
        """What an order day has brought so far, currency units."""
        return float(self.observed.money.sum() / self.observed.days.sum())

    def order_days_if_there(self, horizon: Horizon) -> Floats:
        """Expected order days of each customer who has not left."""
        return self.repeat.order_days_if_there(self.observed.history.distinct, horizon)[self.observed.history.row]

    def order_days(self, horizon: Horizon) -> Floats:
        """Expected order days of each customer."""
        return self.repeat.order_days(self.observed.history.distinct, horizon)[self.observed.history.row]

    def expected(self, horizon: Horizon) -> tuple[float, float]:
        """Order days of all customers together, and what these will bring in currency units."""
        found = self.repeat.order_days(self.observed.history.distinct, horizon)
        return float(self.observed.history.distinct.weight @ found), float(self._check_by_history @ found)

    @cached_property
    def _check_by_history(self) -> Floats:
        """Sum of `check` over the customers of each history."""
        histories = len(self.observed.history.distinct.weight)
        return np.bincount(self.observed.history.row, self.check, histories).astype(np.float64, copy=False)


def shop_model(observed: Observed, kind: Kind = "mbg") -> ShopModel:
    """The models of `observed` customers.

    Raises LtvError where nobody is known, or no parameters of the repeat model are found.
    """
    repeat = repeat_model.fit(observed.history.distinct, kind)
    spent = spend_model.spending(observed.days, observed.money)
    if (spenders := len(spent.days)) < FEWEST_SPENDERS:
        there = "a value above zero" if not spenders else f"a value above zero, {FEWEST_SPENDERS} are needed"
        who = {0: "no customer has", 1: "1 customer has"}.get(spenders, f"{spenders} customers have")
        return ShopModel(observed, repeat, None, f"Expected value is unknown: {who} {there}.")
    try:
        return ShopModel(observed, repeat, spend_model.fit(spent, len(observed.days)))
    except LtvError:  # order days can be expected all the same
        return ShopModel(observed, repeat, None, "Expected value is unknown: no model fits what customers spend.")


def total(values: Floats) -> float:
    """Their sum, the same in whatever order they come."""
    return float(np.sort(values).sum())
