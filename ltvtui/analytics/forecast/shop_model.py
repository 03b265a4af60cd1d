"""Both models of a shop, fitted to what was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ltvtui.analytics.forecast import repeat_model, spend_model
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.observed import Observed
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.analytics.forecast.spend_model import SpendModel
from ltvtui.errors import LtvError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ShopModel:
    """How the `observed` customers buy, leave and spend."""

    observed: Observed
    repeat: RepeatModel
    spend: SpendModel

    @cached_property
    def p_alive(self) -> Floats:
        """Of each customer."""
        return self.repeat.p_alive(self.observed.history.distinct)[self.observed.history.row]

    @cached_property
    def check(self) -> Floats:
        """What a further order day of each customer will bring, currency units."""
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


def shop_model(observed: Observed, kind: Kind = "mbg") -> ShopModel:
    """The models of `observed` customers.

    Raises LtvError where nobody is known, nobody spent anything, or no parameters are found.
    """
    spent = spend_model.spending(observed.days, observed.money)
    if not len(spent.days):
        raise LtvError("No forecast: no order day has a value above zero.", "Check which column holds the amounts.")
    return ShopModel(observed, repeat_model.fit(observed.history.distinct, kind), spend_model.fit(spent))


def total(values: Floats) -> float:
    """Their sum, the same in whatever order they come."""
    return float(np.sort(values).sum())
