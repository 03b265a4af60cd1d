"""What an order day brings: Gamma-Gamma on all order days (Fader & Hardie 2013).

Amounts of an order day are gamma(p, ν) with a ν of each customer, ν ~ gamma(q, v). Of a customer with the mean m over
n order days p·(v + n·m) ÷ (p·n + q − 1) is expected: between their own mean and everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from ltvtui.analytics.forecast.bounds import SCALE, SHAPE, Bound, Sides, ends
from ltvtui.analytics.forecast.maximum import Peak, maximise
from ltvtui.analytics.forecast.order_days import BLOCK, SAMPLE

Floats = npt.NDArray[np.float64]

BOUNDS: Final = (SHAPE, Bound(low=1.01), SCALE)
"""Of p, q and v. With q up to 1 there would be no mean of all customers."""
STRONG: Final = 0.15
"""Correlation of frequency and spend beyond which the model, which takes them to be independent, is off."""

MANY: Final = 0.1
"""Share of customers without a value above zero from which on that is said."""


@dataclass(frozen=True, eq=False)
class Spending:
    """Order days and money of customers; those with money above 0 only."""

    days: npt.NDArray[np.int64]
    """n, at least 1."""
    money: Floats
    """Over all of them, currency units."""

    @property
    def means(self) -> Floats:
        """Money an order day."""
        return self.money / self.days

    def sample(self, customers: int = SAMPLE) -> Spending:
        """About so many of them: all, or every k-th by what they spent."""
        if len(self.days) <= customers:
            return self
        step = len(self.days) // customers
        rows = np.argsort(self.money)[step // 2 :: step]
        return Spending(self.days[rows], self.money[rows])


def spending(days: npt.NDArray[np.int64], money: Floats) -> Spending:
    """Of customers with `days` order days and `money`, those who can be fitted."""
    counts = (days > 0) & (money > 0)
    return Spending(days[counts], money[counts])


@dataclass(frozen=True, eq=False)
class SpendLikelihood:
    """The log-likelihood of `seen`; parameters are p, q, v."""

    seen: Spending

    @property
    def customers(self) -> float:
        """How many they are."""
        return float(len(self.seen.days))

    @cached_property
    def _by_days(self) -> tuple[Floats, Floats]:
        """The numbers of order days that there are, and customers with each."""
        people = np.bincount(self.seen.days)
        there = np.flatnonzero(people)
        return there.astype(np.float64), people[there].astype(np.float64)

    @cached_property
    def _logs(self) -> tuple[float, float]:
        """Σ n·ln(money), which p multiplies, and Σ ln(mean)."""
        logs = np.log(self.seen.money)
        n, people = self._by_days
        return float(self.seen.days @ logs), float(logs.sum() - people @ np.log(n))

    def _sums(self, v: float) -> Floats:
        """Σ of ln(v + money), 1 ÷ (v + money) and its square over the customers, then over their order days."""
        found = np.zeros((2, 3))
        for start in range(0, len(self.seen.days), BLOCK):
            rows = slice(start, start + BLOCK)
            whole = v + self.seen.money[rows]
            counts = np.stack([np.ones_like(whole), self.seen.days[rows]])
            inverse = 1 / whole
            found += counts @ np.stack([np.log(whole), inverse, inverse * inverse]).T
        return found

    def at(self, parameters: Floats) -> Peak:
        """It, and its derivatives, at `parameters`."""
        from scipy.special import gammaln, polygamma, psi

        p, q, v = parameters
        n, people = self._by_days
        count = people.sum()
        weighted, means = self._logs
        (log_sum, inverse_sum, square_sum), (log_days, inverse_days, square_days) = self._sums(v)
        gammas = people @ (gammaln(p * n + q) - gammaln(p * n)) - count * gammaln(q)
        value = gammas + count * q * np.log(v) + p * weighted - means - p * log_days - q * log_sum
        both = psi(p * n + q)
        slope = [
            (people * n) @ (both - psi(p * n)) + weighted - log_days,
            people @ both - count * psi(q) + count * np.log(v) - log_sum,
            count * q / v - p * inverse_days - q * inverse_sum,
        ]
        bent = polygamma(1, p * n + q)
        by_p = (people * n * n) @ (bent - polygamma(1, p * n))
        by_q = people @ bent - count * polygamma(1, q)
        by_v = -count * q / v**2 + p * square_days + q * square_sum
        p_and_q, q_and_v = (people * n) @ bent, count / v - inverse_sum
        bend = [[by_p, p_and_q, -inverse_days], [p_and_q, by_q, q_and_v], [-inverse_days, q_and_v, by_v]]
        return Peak(float(value), np.array(slope), np.array(bend))


@dataclass(frozen=True)
class SpendModel:
    """How much customers of a shop spend on an order day."""

    p: float
    q: float
    v: float
    """Currency units."""
    log_likelihood: float = float("nan")
    correlation: float | None = None
    """Of order days and mean per order day, among those with several; None where either is the same for all."""
    without: float = 0.0
    """Share of customers who have brought nothing, or less, so far; the model is not of them."""

    @property
    def ends(self) -> Sides:
        """Of p, q and v, the end of its range at which it is held; None within."""
        return ends((self.p, self.q, self.v), BOUNDS)

    @property
    def mean(self) -> float:
        """Of an order day of a customer of whom nothing is known."""
        return self.p * self.v / (self.q - 1)

    def expected(self, days: npt.NDArray[np.int64], money: Floats) -> Floats:
        """Money on a further order day of each customer, from their order days and their money so far.

        Money below 0, where more came back than went in, counts as 0.
        """
        return np.asarray(self.p * (self.v + np.maximum(money, 0)) / (self.p * days + self.q - 1), dtype=np.float64)

    @property
    def statements(self) -> tuple[str, ...]:
        """What it means that a parameter is at the end of its range, and what the model is not made for, in words."""
        p, q, v = self.ends
        sentences = (
            ("high" in (q, v), "No differences between customers in what they spend on an order day."),
            (q == "low", "A few customers spend far more than all others: expected values depend on them."),
            (p == "high", "Each customer spends the same on all order days."),
        )
        words = tuple(text for applies, text in sentences if applies)
        if self.without > MANY:
            share = f"{self.without:.0%}".replace("%", " %")
            words += (f"{share} of customers have brought nothing so far: expected values may be too high.",)
        return words if self.warning is None else (*words, self.warning)

    @property
    def warning(self) -> str | None:
        """Where frequency and spend are not independent: what that does to the forecast."""
        if self.correlation is None or abs(self.correlation) <= STRONG:
            return None
        kind, off = ("more", "too low") if self.correlation > 0 else ("less", "too high")
        return (
            f"Who buys more often spends {kind} on an order day (correlation {self.correlation:.2f}): expected "
            f"values of frequent customers may be {off}."
        )


def fit(seen: Spending, everybody: int = 0) -> SpendModel:
    """The model under which `seen` is most likely, who are so many of `everybody`: all of them unless it is said.

    Raises LtvError where there is none.
    """
    sample = seen.sample()
    start = (4.0, 4.0, float(np.median(sample.means)))
    found = maximise(SpendLikelihood(sample), SpendLikelihood(seen), start, BOUNDS)
    p, q, v = (float(value) for value in found.parameters)
    without = max(1 - len(seen.days) / everybody, 0.0) if everybody else 0.0
    return SpendModel(p, q, v, found.log_likelihood, correlation(seen), without)


def correlation(seen: Spending) -> float | None:
    """Pearson's, of order days and mean per order day, among customers with several order days."""
    several = seen.days > 1
    days, means = seen.days[several].astype(np.float64), seen.means[several]
    if len(days) < 2 or np.ptp(days) == 0 or np.ptp(means) == 0:
        return None
    return float(np.corrcoef(days, means)[0, 1])
