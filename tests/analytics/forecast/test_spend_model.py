"""Gamma-Gamma: single cases, the likelihood told over, parameters that made a shop, and what it warns of."""

from __future__ import annotations

from math import lgamma, log

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ltvtui.analytics.forecast import spend_model
from ltvtui.analytics.forecast.spend_model import SpendLikelihood, SpendModel, spending

SPENT = st.lists(
    st.tuples(st.integers(1, 40), st.floats(0.01, 5000)).map(lambda told: (told[0], round(told[1], 2) + 0.01)),
    min_size=1,
    max_size=30,
)
PARAMETERS = st.tuples(
    *(st.floats(log(low), log(high)).map(np.exp) for low, high in ((0.1, 50), (1.1, 50), (0.1, 1000)))
)


def spent(people: list[tuple[int, float]]) -> spend_model.Spending:
    days, money = zip(*people, strict=True)
    return spending(np.array(days, dtype=np.int64), np.array(money, dtype=np.float64))


@pytest.mark.parametrize(
    ("days", "mean", "expected"),
    [(0, 0, 35.2190), (1, 20, 24.6385), (1, 100, 80.2558), (5, 20, 21.2268), (40, 20, 20.1650)],
)
def test_single_customers(days: int, mean: float, expected: float) -> None:
    """CDNOW's parameters of Fader & Hardie (2013): between a customer's own mean and everybody's."""
    model = SpendModel(6.25, 3.74, 15.44)
    found = model.expected(np.array([days]), np.array([days * mean], dtype=np.float64))[0]
    assert found == pytest.approx(expected, abs=2e-4 if days else 2.5e-2)  # q is printed with two digits
    assert model.mean == pytest.approx(6.25 * 15.44 / 2.74)


@given(SPENT, PARAMETERS)
def test_likelihood_is_the_published_one(people: list[tuple[int, float]], parameters: tuple[float, ...]) -> None:
    p, q, v = parameters
    told = sum(
        lgamma(p * n + q) - lgamma(p * n) - lgamma(q) + q * log(v) + (p * n - 1) * log(m / n) + p * n * log(n)
        - (p * n + q) * log(v + m)
        for n, m in people
    )  # fmt: skip
    assert SpendLikelihood(spent(people)).at(np.array(parameters)).value == pytest.approx(told, rel=1e-8, abs=1e-6)


@settings(max_examples=examples(40))
@given(SPENT, PARAMETERS)
def test_derivatives_are_those_of_the_likelihood(
    people: list[tuple[int, float]], parameters: tuple[float, ...]
) -> None:
    likelihood, at = SpendLikelihood(spent(people)), np.array(parameters)
    found = likelihood.at(at)
    for place, step in enumerate(1e-5 * at):
        aside = np.zeros(3)
        aside[place] = step
        up, down = likelihood.at(at + aside), likelihood.at(at - aside)
        size = max(abs(found.value), 1) / at[place]
        assert found.slope[place] == pytest.approx((up.value - down.value) / (2 * step), rel=1e-4, abs=1e-5 * size)
        size = np.abs(found.bend[place]).max()
        assert found.bend[place] == pytest.approx((up.slope - down.slope) / (2 * step), rel=1e-4, abs=1e-4 * size)


def made(customers: int, p: float, q: float, v: float, seed: int = 4) -> spend_model.Spending:
    random = np.random.default_rng(seed)
    days = random.geometric(0.4, customers)
    return spending(days, random.gamma(p * days, 1 / random.gamma(q, 1 / v, customers)))


def test_parameters_that_made_a_shop_are_found() -> None:
    seen = made(60_000, 6, 4, 30)
    found = spend_model.fit(seen)
    assert [found.p, found.q, found.v] == pytest.approx([6, 4, 30], rel=0.03)
    assert found.statements == ()
    turned = spend_model.fit(spending(seen.days[::-1].copy(), seen.money[::-1].copy()))
    assert [turned.p, turned.q, turned.v] == pytest.approx([found.p, found.q, found.v], rel=1e-7)


def test_who_spent_nothing_is_not_fitted() -> None:
    seen = spending(np.array([1, 2, 3]), np.array([0.0, -5.0, 30.0]))
    assert seen.days.tolist() == [3]
    # p·v ÷ (p·n + q − 1) with money of 0 = 2 · 10 ÷ (2 · 2 + 3 − 1)
    model = SpendModel(2, 3, 10)
    assert model.expected(np.array([2, 2]), np.array([-5.0, 0.0])).tolist() == pytest.approx([20 / 6, 20 / 6])


def test_everybody_spends_the_same() -> None:
    found = spend_model.fit(spending(np.array([1, 2, 3, 4] * 100), np.array([20.0, 40.0, 60.0, 80.0] * 100)))
    assert "No differences between customers in what they spend on an order day." in found.statements
    assert found.expected(np.array([1, 4]), np.array([20.0, 80.0])) == pytest.approx([20, 20], rel=1e-3)
    assert found.correlation is None


@pytest.mark.parametrize(("more", "word", "off"), [(1.0, "more", "too low"), (-1.0, "less", "too high")])
def test_frequency_that_goes_with_spend_is_warned_of(more: float, word: str, off: str) -> None:
    random = np.random.default_rng(5)
    days = random.integers(2, 12, 3000)
    means = np.exp(more * 0.1 * days + random.normal(0, 0.3, 3000)) * 20
    found = spend_model.fit(spending(days, means * days))
    assert found.correlation is not None
    assert abs(found.correlation) > 0.15
    assert found.warning is not None
    assert f"spends {word} on an order day" in found.warning
    assert off in found.warning
    assert found.warning in found.statements


def test_correlation_is_pearsons_among_those_with_several_order_days() -> None:
    """Days 2, 3, 4 and means 10, 30, 20: r = ½. The one-time buyer does not count."""
    seen = spending(np.array([1, 2, 3, 4]), np.array([900.0, 20.0, 90.0, 80.0]))
    assert spend_model.correlation(seen) == pytest.approx(0.5)


@settings(max_examples=examples(15))
@given(SPENT)
def test_any_shop_has_a_fit(people: list[tuple[int, float]]) -> None:
    seen = spent(people)
    found = spend_model.fit(seen)
    expected = found.expected(seen.days, seen.money)
    assert np.isfinite(expected).all()
    assert (expected > 0).all()
    assert found.q >= 1.01 * (1 - 1e-9)
