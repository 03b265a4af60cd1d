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
from ltvtui.analytics.forecast.order_days import BLOCK, OrderDays, Whole

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
    leaning, _ = _leaning(kind, a, b, int(repeats.max(initial=0)))
    return np.asarray(leaning[repeats] + (r + repeats) * silent, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class RepeatLikelihood:
    """The log-likelihood of `histories`; parameters are r, α, a, b."""

    kind: Kind
    histories: OrderDays

    @cached_property
    def customers(self) -> float:
        """How many they are."""
        return float(self.histories.weight.sum())

    @cached_property
    def _later(self) -> Floats:
        """By k, how many customers have more than k repeats: Σ over them of f(0) + … + f(x − 1) is this @ f."""
        people = np.bincount(self.histories.repeats, self.histories.weight)
        return np.asarray(people[::-1].cumsum()[::-1][1:], dtype=np.float64)

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
        """ln of Γ(r+x) α^r ÷ (Γ(r) (α+T)^(r+x)), by r and α; Γ(r+x) ÷ Γ(r) = r (r+1) … (r+x−1)."""
        r, alpha = parameters[:2]
        steps, n = r + np.arange(len(self._later)), self.customers
        weeks, of_age, bought = self._by_age
        logs, inverse, times = np.log(alpha + weeks), 1 / (alpha + weeks), r * of_age + bought
        value = self._later @ np.log(steps) + n * r * np.log(alpha) - times @ logs
        by_r = self._later @ (1 / steps) + n * np.log(alpha) - of_age @ logs
        by_alpha = n * r / alpha - times @ inverse
        mixed = n / alpha - of_age @ inverse
        bend_r = -(self._later @ steps**-2)
        bend_alpha = -n * r / alpha**2 + times @ inverse**2
        return Peak(float(value), np.array([by_r, by_alpha]), np.array([[bend_r, mixed], [mixed, bend_alpha]]))

    def _staying(self, parameters: Floats) -> Peak:
        """ln of B(a, b+c) ÷ B(a, b), by a and b; that is b (b+1) … (b+c−1) ÷ ((a+b) (a+b+1) … (a+b+c−1))."""
        a, b = parameters[2:]
        # One chance more than there are repeats: whoever has come has had the first of MBG.
        occasions = np.concatenate([[self.customers], self._later]) if self.kind == "mbg" else self._later
        stays = b + np.arange(len(occasions))
        whole, stayed = 1 / (a + stays), 1 / stays
        by_a, mixed = -(occasions @ whole), float(occasions @ whole**2)
        slope = np.array([by_a, occasions @ stayed + by_a])
        bend = np.array([[mixed, mixed], [mixed, mixed - occasions @ stayed**2]])
        return Peak(-float(occasions @ np.log1p(a * stayed)), slope, bend)

    def _leaving(self, parameters: Floats) -> Peak:
        """ln of 1 + e^u, by all four."""
        blocks = range(0, len(self.histories.weight), BLOCK)
        parts = [self._leaving_of(parameters, slice(start, start + BLOCK)) for start in blocks]
        return Peak(*(sum(part[place] for part in parts) for place in range(3)))  # type: ignore[arg-type]

    def _leaving_of(self, parameters: Floats, rows: slice) -> Peak:
        r, alpha, a, b = parameters
        repeats, weight = self.histories.repeats[rows], self.histories.weight[rows]
        start, left = (1 / (alpha + weeks[rows]) for weeks in self._weeks)
        times, silent = r + repeats, np.log(start / left)
        leaning, of_b = _leaning(self.kind, a, b, int(repeats.max(initial=0)))
        u = leaning[repeats] + times * silent
        small = np.exp(-np.abs(u))
        p_left = np.where(u > 0, 1.0, small) / (1 + small)
        likely = weight * p_left
        by_b = of_b[repeats]
        sides = np.stack([silent, times * (left - start), np.full_like(u, 1 / a), by_b])
        bend = (sides * (likely * (1 - p_left))) @ sides.T
        bend[0, 1] = bend[1, 0] = bend[0, 1] + likely @ (left - start)
        bend[1, 1] += likely @ (times * (start * start - left * left))
        bend[2, 2] -= likely.sum() / a**2
        bend[3, 3] += likely @ by_b**2
        return Peak(float(weight @ (np.maximum(u, 0) + np.log1p(small))), sides @ likely, bend)


def _leaning(kind: Kind, a: float, b: float, most: int) -> tuple[Floats, Floats]:
    """ln(a ÷ (b+c−1)) of up to `most` repeats, and its derivative by b; −∞ and 0 without a chance to leave."""
    c = chances(kind, np.arange(most + 1))
    stays = np.where(c > 0, b + c - 1, 1)
    return np.where(c > 0, np.log(a / stays), -np.inf), np.where(c > 0, -1 / stays, 0)
