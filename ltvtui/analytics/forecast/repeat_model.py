"""The repeat model of a shop: fitted once, then asked about anybody's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ltvtui.analytics.forecast.bounds import SCALE, SHAPE, Sides, ends
from ltvtui.analytics.forecast.expectation import order_days_ahead
from ltvtui.analytics.forecast.horizon import DAYS_A_WEEK, Horizon
from ltvtui.analytics.forecast.maximum import maximise
from ltvtui.analytics.forecast.order_days import OrderDays
from ltvtui.analytics.forecast.repeat_likelihood import Kind, RepeatLikelihood, chances, odds_of_leaving, silence

Floats = npt.NDArray[np.float64]

START: Final = (0.5, 7.0, 0.7, 1.5)
"""r, α, a, b of shops as they mostly are."""
BOUNDS: Final = (SHAPE, SCALE, SHAPE, SHAPE)
NAMES: Final = {"mbg": "MBG/NBD", "bg": "BG/NBD"}
HARDLY: Final = 1e-3
"""Share of order days after which customers leave, or stay, that is as good as none."""
FARTHEST_DAY: Final = 36_525
"""Days ahead beyond which no next order is named."""


@dataclass(frozen=True)
class RepeatModel:
    """How the customers of a shop buy and leave."""

    kind: Kind
    r: float
    alpha: float
    """Weeks."""
    a: float
    b: float
    log_likelihood: float = float("nan")

    @property
    def name(self) -> str:
        """As it is called in the field."""
        return NAMES[self.kind]

    @property
    def ends(self) -> Sides:
        """Of r, α, a and b, the end of its range at which it is held; None within."""
        return ends((self.r, self.alpha, self.a, self.b), BOUNDS)

    def p_alive(self, histories: OrderDays) -> Floats:
        """The chance that customers of each history have not left."""
        from scipy.special import expit

        silent = silence(self.alpha, histories)
        log_odds = odds_of_leaving(self.kind, self._vector, histories.repeats, silent)
        return np.asarray(expit(-log_odds), dtype=np.float64)

    def order_days(self, histories: OrderDays, horizon: Horizon) -> Floats:
        """Expected order days within the horizon, of each history."""
        return self.p_alive(histories) * self.order_days_if_there(histories, horizon)

    def order_days_if_there(self, histories: OrderDays, horizon: Horizon) -> Floats:
        """The same of customers who have not left: it follows from repeats and age, whenever the last order was."""
        pair = histories.pair
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        repeats, age = histories.repeats[first], histories.age[first]
        stays = self.b + chances(self.kind, repeats).astype(np.float64)
        weeks = self.alpha + age / DAYS_A_WEEK
        found = order_days_ahead(stays, self.a, self.r + repeats.astype(np.float64), weeks, horizon.weeks)
        return found[pair]

    def next_order_in(self, histories: OrderDays) -> Floats:
        """Days until half of the customers of a history who have not left will have ordered again.

        The rate of who has not left is gamma(r + x, α + T), so the wait has the median (α+T)·(2^(1÷(r+x)) − 1): it
        grows with the silence. NaN beyond FARTHEST_DAY days.
        """
        waiting = np.exp2(np.minimum(1 / (self.r + histories.repeats), 100.0)) - 1
        days = np.ceil((self.alpha * DAYS_A_WEEK + histories.age) * waiting)
        return np.where(days <= FARTHEST_DAY, np.maximum(days, 1), np.nan)

    @property
    def has_no_leavers(self) -> bool:
        """Whether nobody leaves by it, or hardly anybody: then it tells nothing of who has left."""
        return self.ends[2] == "low" or self.a / (self.a + self.b) < HARDLY

    @property
    def statements(self) -> tuple[str, ...]:
        """What parameters at, or near, the ends of their ranges mean, in words."""
        r, alpha, a, b = self.ends
        leaving = self.a / (self.a + self.b)
        nobody, everybody = self.has_no_leavers, b == "low" or leaving > 1 - HARDLY
        sentences = (
            (r == "low", "Almost nobody buys again."),
            ("high" in (r, alpha), "No differences between customers in how often they buy."),
            (a == "low", "Nobody leaves: every customer counts as active."),
            (nobody and a != "low", "Hardly anybody leaves: almost every customer counts as active."),
            (everybody and not nobody, "Almost everybody leaves after an order."),
            ("high" in (a, b) and not (nobody or everybody), "No differences between customers in when they leave."),
        )
        return tuple(words for applies, words in sentences if applies)

    @property
    def _vector(self) -> Floats:
        return np.array([self.r, self.alpha, self.a, self.b])


def fit(histories: OrderDays, kind: Kind = "mbg") -> RepeatModel:
    """The model under which `histories` are most likely.

    Raises LtvError where there is none.
    """
    sample = RepeatLikelihood(kind, histories.sample())
    everybody = RepeatLikelihood(kind, histories)
    (r, alpha, a, b), value = maximise(sample, everybody, START, BOUNDS)
    return RepeatModel(kind, float(r), float(alpha), float(a), float(b), value)
