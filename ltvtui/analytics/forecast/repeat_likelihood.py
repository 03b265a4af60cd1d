"""How likely the order days of all customers are under a model of buying and leaving.

While they are there, customers buy by chance at a rate of their own (gamma: shape r, scale α in weeks); after an
order day they leave with a chance of their own (beta: a, b). MBG/NBD: after every order day, the first among them
(Batislam, Denizel & Filiztekin 2007). BG/NBD: after every one but the first (Fader, Hardie & Lee 2005).

    L = Γ(r+x) α^r ÷ (Γ(r) (α+T)^(r+x)) · B(a, b+c) ÷ B(a, b) · (1 + e^u)
    u = ln(a ÷ (b+c−1)) + (r+x) · ln((α+T) ÷ (α+t_x)),   c chances to leave: x + 1 of MBG, x of BG

e^u are the odds that a customer has left; without a chance to leave they are 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from ltvtui.analytics.forecast.horizon import DAYS_A_WEEK
from ltvtui.analytics.forecast.maximum import Peak
from ltvtui.analytics.forecast.order_days import OrderDays, Whole

Floats = npt.NDArray[np.float64]
Kind = Literal["mbg", "bg"]


def chances(kind: Kind, repeats: Whole) -> Whole:
    """c: after how many of the order days a customer could have left."""
    return repeats + (1 if kind == "mbg" else 0)


def silence(alpha: float, histories: OrderDays) -> Floats:
    """ln((α+T) ÷ (α+t_x)) of each history: 0 on the last order day, then it rises."""
    waited: Floats = np.log((alpha + histories.age / DAYS_A_WEEK) / (alpha + histories.last / DAYS_A_WEEK))
    return waited


def odds_of_leaving(kind: Kind, parameters: Floats, repeats: Whole, silent: Floats) -> Floats:
    """u: log odds that customers with so many `repeats`, `silent` as `silence` tells, have left."""
    r, _, a, b = parameters
    c = chances(kind, np.arange(int(repeats.max(initial=0)) + 1))
    leaning: Floats = np.where(c > 0, np.log(a) - np.log(np.where(c > 0, b + c - 1, 1)), -np.inf)
    return np.asarray(leaning[repeats] + (r + repeats) * silent, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class RepeatLikelihood:
    """The log-likelihood of `histories`; parameters are r, α, a, b."""

    kind: Kind
    histories: OrderDays

    @property
    def customers(self) -> float:
        """How many they are."""
        return float(self._by_repeats.sum())

    @cached_property
    def _by_repeats(self) -> Floats:
        """Customers by their repeats."""
        return np.bincount(self.histories.repeats, self.histories.weight).astype(np.float64)

    @cached_property
    def _by_age(self) -> tuple[Floats, Floats, Floats]:
        """Of each age in days that there is: weeks, customers, and their repeats."""
        seen = self.histories
        people = np.bincount(seen.age, seen.weight).astype(np.float64)
        repeats = np.bincount(seen.age, seen.weight * seen.repeats).astype(np.float64)
        there = np.flatnonzero(people)
        return there / DAYS_A_WEEK, people[there], repeats[there]

    @cached_property
    def _weeks(self) -> tuple[Floats, Floats]:
        """t_x and T of the histories, in weeks."""
        return self.histories.last / DAYS_A_WEEK, self.histories.age / DAYS_A_WEEK

    def at(self, parameters: Floats) -> Peak:
        """It, and its derivatives, at `parameters`."""
        buying, staying, leaving = self._buying(parameters), self._staying(parameters), self._leaving(parameters)
        slope = np.concatenate([buying.slope, staying.slope]) + leaving.slope
        bend = leaving.bend
        bend[:2, :2] += buying.bend
        bend[2:, 2:] += staying.bend
        return Peak(buying.value + staying.value + leaving.value, slope, bend)

    def _buying(self, parameters: Floats) -> Peak:
        """ln of Γ(r+x) α^r ÷ (Γ(r) (α+T)^(r+x)), by r and α."""
        from scipy.special import gammaln, polygamma, psi

        r, alpha = parameters[:2]
        people = self._by_repeats
        n, x = people.sum(), np.arange(len(people))
        weeks, of_age, bought = self._by_age
        logs, inverse, times = np.log(alpha + weeks), 1 / (alpha + weeks), r * of_age + bought
        value = people @ (gammaln(r + x) - gammaln(r)) + n * r * np.log(alpha) - times @ logs
        by_r = people @ (psi(r + x) - psi(r)) + n * np.log(alpha) - of_age @ logs
        by_alpha = n * r / alpha - times @ inverse
        mixed = n / alpha - of_age @ inverse
        bend_r = people @ (polygamma(1, r + x) - polygamma(1, r))
        bend_alpha = -n * r / alpha**2 + times @ inverse**2
        return Peak(float(value), np.array([by_r, by_alpha]), np.array([[bend_r, mixed], [mixed, bend_alpha]]))

    def _staying(self, parameters: Floats) -> Peak:
        """ln of B(a, b+c) ÷ B(a, b), by a and b."""
        from scipy.special import betaln, polygamma, psi

        a, b = parameters[2:]
        people = self._by_repeats
        n, c = people.sum(), chances(self.kind, np.arange(len(people)))
        value = people @ betaln(a, b + c) - n * betaln(a, b)
        whole = n * psi(a + b) - people @ psi(a + b + c)
        by_b = people @ psi(b + c) - n * psi(b) + whole
        mixed = n * polygamma(1, a + b) - people @ polygamma(1, a + b + c)
        bend_b = people @ polygamma(1, b + c) - n * polygamma(1, b) + mixed
        return Peak(float(value), np.array([whole, by_b]), np.array([[mixed, mixed], [mixed, bend_b]]))

    def _leaving(self, parameters: Floats) -> Peak:
        """ln of 1 + e^u, by all four."""
        from scipy.special import expit

        r, alpha, a, b = parameters
        seen, weight = self.histories, self.histories.weight
        last, age = self._weeks
        silent = silence(alpha, seen)
        u = odds_of_leaving(self.kind, parameters, seen.repeats, silent)
        c = chances(self.kind, np.arange(len(self._by_repeats)))
        by_b = np.where(c > 0, -1 / np.where(c > 0, b + c - 1, 1), 0)[seen.repeats]
        left, start = 1 / (alpha + age), 1 / (alpha + last)
        times = r + seen.repeats
        p_left = expit(u)
        likely = weight * p_left
        sides = np.stack([silent, times * (left - start), np.full_like(u, 1 / a), by_b])
        bend = (sides * (likely * (1 - p_left))) @ sides.T
        bend[0, 1] = bend[1, 0] = bend[0, 1] + likely @ (left - start)
        bend[1, 1] += likely @ (times * (start**2 - left**2))
        bend[2, 2] -= likely.sum() / a**2
        bend[3, 3] += likely @ by_b**2
        return Peak(float(weight @ np.logaddexp(0, u)), sides @ likely, bend)
