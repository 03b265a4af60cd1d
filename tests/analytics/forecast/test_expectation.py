"""P(alive) and expected order days of single customers: published cases, an integral, and laws."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from effort import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln

from ltvtui.analytics.forecast.expectation import order_days_ahead
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.order_days import OrderDays
from ltvtui.analytics.forecast.repeat_model import FARTHEST_DAY, RepeatModel

CDNOW = RepeatModel("mbg", 0.525, 6.183, 0.891, 1.614)
"""As fitted to the calibration weeks of CDNOW (metrics.md §13)."""
CDNOW_BG = RepeatModel("bg", 0.2426, 4.4136, 0.7929, 2.4259)
"""Fader, Hardie & Lee (2005), table 2."""


def history(repeats: int, last: float, age: float) -> OrderDays:
    """Of one customer, in weeks."""
    return OrderDays(np.array([repeats]), np.array([last * 7]), np.array([age * 7]), np.ones(1))  # type: ignore[arg-type]


def weeks(ahead: float) -> Horizon:
    return Horizon(ahead * 7)


@pytest.mark.parametrize(
    ("repeats", "last", "age", "ahead", "expected", "alive"),
    [
        (0, 0, 38.86, 39, 0.15401, 0.389735),
        (2, 30.43, 38.86, 39, 1.26296, 0.706202),
        (26, 30.857, 31, 52, 24.00215, 0.965495),
        (7, 10, 38, 26, 0.01858, 0.005021),
        (1, 2, 38, 26, 0.14465, 0.183130),
        (300, 50, 51, 26, 72.23922, 0.627748),
    ],
)
def test_mbg_of_single_customers(
    repeats: int, last: float, age: float, ahead: float, expected: float, alive: float
) -> None:
    """Calculated apart from this code, the second one by quadrature too."""
    own = history(repeats, last, age)
    assert CDNOW.p_alive(own)[0] == pytest.approx(alive, abs=2e-5)
    assert CDNOW.order_days(own, weeks(ahead))[0] == pytest.approx(expected, abs=2e-5)


def test_mbg_where_its_form_is_nothing_by_nothing() -> None:
    own = history(2, 30.43, 38.86)
    limit = replace(CDNOW, a=1.0).order_days(own, weeks(39))[0]
    assert limit == pytest.approx(1.19531, abs=2e-5)
    for near in (1 - 2e-6, 1 - 1e-9, 1 + 1e-9, 1 + 2e-6):
        assert replace(CDNOW, a=near).order_days(own, weeks(39))[0] == pytest.approx(limit, rel=1e-5)


def test_bg_of_single_customers() -> None:
    """Fader, Hardie & Lee (2005): the spreadsheet's customer, and the most faithful one."""
    assert CDNOW_BG.order_days(history(2, 30.43, 38.86), weeks(39))[0] == pytest.approx(1.226, abs=1e-3)
    faithful = history(26, 30.857, 31)
    assert CDNOW_BG.order_days(faithful, weeks(52))[0] == pytest.approx(25.757, abs=1e-3)
    assert CDNOW_BG.p_alive(faithful)[0] == pytest.approx(0.96885, abs=1e-5)
    assert CDNOW_BG.p_alive(history(0, 0, 500))[0] == 1  # nobody leaves before a second order


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(0.1429, 0.0078), (1, 0.0532), (3, 0.1506), (31.857, 1.0405), (32, 1.0437), (78, 1.8576)],
)
def test_bg_of_a_new_customer(ahead: float, expected: float) -> None:
    """E[X(t)] of the same paper."""
    assert CDNOW_BG.order_days(history(0, 0, 0), weeks(ahead))[0] == pytest.approx(expected, abs=1e-3)


# --- against the integral, laws --------------------------------------------------------------------


def by_integral(stays: float, a: float, buys: float, weeks: float, ahead: float) -> float:
    """The mean over p ~ beta(a, B) of [1 − (1 + p·t ÷ (α+T))^−(r+x)] ÷ p, over the log odds of p."""

    def inside(odds: float) -> float:
        log_p, log_rest = -np.logaddexp(0, -odds), -np.logaddexp(0, odds)
        p = float(np.exp(log_p))
        times = -np.expm1(-buys * np.log1p(p * ahead / weeks)) / p if p > 1e-300 else buys * ahead / weeks
        return float(times * np.exp(a * log_p + stays * log_rest - betaln(a, stays)))

    middle = np.log(a / stays)
    edges = np.linspace(middle - 60 / min(a, 1), middle + 60 / min(stays, 1), 120)
    return sum(quad(inside, *piece, epsabs=0, epsrel=1e-10)[0] for piece in pairwise(edges))


def between(low: float, high: float) -> st.SearchStrategy[float]:
    """Evenly by magnitude."""
    return st.floats(np.log(low), np.log(high)).map(lambda log: float(np.exp(log)))


MODELS = st.builds(
    RepeatModel,
    st.sampled_from(["mbg", "bg"]),
    between(1e-3, 1000),
    between(1e-2, 1e5),
    between(1e-3, 1000),
    between(1e-3, 1000),
)
ANY_MODEL = st.builds(
    RepeatModel,
    st.sampled_from(["mbg", "bg"]),
    between(1e-5, 1000),
    between(1e-5, 1e6),
    between(1e-5, 1000),
    between(1e-5, 1000),
)
REPEATS = st.one_of(st.integers(0, 12), st.integers(0, 2000))


@settings(max_examples=examples(80))
@given(MODELS, st.integers(0, 400), st.floats(0, 150), st.floats(1, 110))
def test_expectation_is_the_integral(model: RepeatModel, repeats: int, more: float, ahead: float) -> None:
    assume(model.r / model.alpha < 70)  # orders a week: there are seven order days in it
    stays, age = model.b + repeats + (model.kind == "mbg"), repeats / 7 + more
    (found,) = order_days_ahead(
        np.array([stays]), model.a, np.array([model.r + repeats]), np.array([model.alpha + age]), ahead
    )
    told = by_integral(stays, model.a, model.r + repeats, model.alpha + age, ahead)
    assert found == pytest.approx(told, rel=1e-6)


@settings(max_examples=examples(200))
@given(ANY_MODEL, REPEATS, st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 1000), st.integers(1, 1000))
def test_silence_makes_leaving_likelier(
    model: RepeatModel, repeats: int, last: int, silent: int, longer: int, ahead: int
) -> None:
    last = last if repeats else 0
    now, later = (
        OrderDays(np.array([repeats]), np.array([last]), np.array([last + quiet]), np.ones(1))
        for quiet in (silent, silent + longer)
    )
    assert 0 <= model.p_alive(later)[0] <= model.p_alive(now)[0] <= 1
    waits = [model.next_order_in(each)[0] for each in (now, later)]
    assert np.isnan(waits[1]) or 1 <= waits[0] <= waits[1] <= FARTHEST_DAY
    # With parameters as far apart as here, what is nearly nothing is summed from much larger numbers.
    assert model.order_days(later, Horizon(ahead))[0] <= model.order_days(now, Horizon(ahead))[0] * (1 + 1e-9) + 1e-9


@settings(max_examples=examples(200))
@given(ANY_MODEL, REPEATS, st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 1000), st.integers(1, 1000))
def test_more_time_brings_more(
    model: RepeatModel, repeats: int, last: int, silent: int, ahead: int, longer: int
) -> None:
    last = last if repeats else 0
    own = OrderDays(np.array([repeats]), np.array([last]), np.array([last + silent]), np.ones(1))
    sooner, later = (model.order_days(own, Horizon(days))[0] for days in (ahead, ahead + longer))
    assert 0 <= sooner <= later * (1 + 1e-9)
    # Nobody orders more often than if nobody left.
    assert later <= (model.r + repeats) / (model.alpha + own.age[0] / 7) * (ahead + longer) / 7 * (1 + 1e-9)


def test_half_of_those_who_are_still_there_order_again_by_the_day_named() -> None:
    """r + x = 1.5, α + T = 20 weeks = 140 days: 140 · (2^(2/3) − 1) = 82.2."""
    model = RepeatModel("mbg", 0.5, 10, 1, 1)
    assert model.next_order_in(history(1, 3, 10))[0] == 83
    random = np.random.default_rng(2)
    waits = random.exponential(1 / random.gamma(1.5, 1 / 140, 100_000))
    assert np.median(waits) == pytest.approx(82.2, abs=1)
    assert np.isnan(replace(model, r=1e-5).next_order_in(history(0, 0, 10))[0])


@pytest.mark.parametrize(("months", "days", "whole"), [(1, 30.4375, 30), (3, 91.3125, 91), (12, 365.25, 365)])
def test_months_are_weeks_exactly(months: int, days: float, whole: int) -> None:
    horizon = Horizon.of_months(months)
    assert (horizon.days, horizon.weeks * 7, horizon.whole_days) == (days, days, whole)
    assert horizon.whole == Horizon(whole)
    own, model = history(3, 20, 30), CDNOW
    assert model.order_days(own, horizon)[0] == model.order_days(own, weeks(days / 7))[0]
