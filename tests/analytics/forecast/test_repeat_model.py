"""The fit of order days: against the likelihood told over, against parameters that made a shop, and at its bounds."""

from __future__ import annotations

from collections.abc import Callable
from math import lgamma, log

import numpy as np
import polars as pl
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ltvtui.analytics.forecast import repeat_model
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.maximum import maximise
from ltvtui.analytics.forecast.observed import Past
from ltvtui.analytics.forecast.order_days import OrderDays, PlacedOrderDays, distinct, order_days
from ltvtui.analytics.forecast.repeat_likelihood import Kind, RepeatLikelihood
from ltvtui.errors import LtvError

PastOf = Callable[[pl.DataFrame], Past]
Made = Callable[..., pl.DataFrame]

each_kind = pytest.mark.parametrize("kind", ["mbg", "bg"])

HISTORIES = st.lists(
    st.tuples(st.one_of(st.integers(0, 3), st.integers(0, 300)), st.integers(0, 700), st.integers(0, 700)),
    min_size=1,
    max_size=30,
)
PARAMETERS = st.tuples(*(st.floats(-3, 3).map(lambda log: float(np.exp(log))) for _ in range(4)))


def placed(people: list[tuple[int, int, int]]) -> PlacedOrderDays:
    """From (repeats, days to the last order day, silent days)."""
    x, last, silent = np.array(people, dtype=np.int64).T
    last = np.where(x > 0, last, 0)
    return distinct(x, last, last + silent)


def one_by_one(kind: Kind, parameters: tuple[float, ...], histories: OrderDays) -> float:
    """The log-likelihood as published, in a loop."""
    r, alpha, a, b = parameters
    total = 0.0
    for x, last, age, weight in zip(histories.repeats, histories.last, histories.age, histories.weight, strict=True):
        c = int(x) + (kind == "mbg")
        stay = lgamma(a) + lgamma(b + c) - lgamma(a + b + c) - (r + x) * log(alpha + age / 7)
        ways = [stay]
        if c:
            ways.append(lgamma(a + 1) + lgamma(b + c - 1) - lgamma(a + b + c) - (r + x) * log(alpha + last / 7))
        top = max(ways)
        either = top + log(sum(np.exp(way - top) for way in ways))
        beta = lgamma(a) + lgamma(b) - lgamma(a + b)
        total += weight * (lgamma(r + x) - lgamma(r) + r * log(alpha) - beta + either)
    return total


def test_order_days_are_counted_from_the_first() -> None:
    """Two customers with order days 0, 3, 10 and one with day 9, looked at on day 12."""
    customers = pl.DataFrame({"days": [3, 1, 3], "first": [0, 9, 0], "last": [10, 9, 10]})
    found = order_days(customers, 12)
    assert found.row.tolist() == [1, 0, 1]
    told = found.distinct
    assert (told.repeats.tolist(), told.last.tolist(), told.age.tolist()) == ([0, 2], [0, 10], [3, 12])
    assert told.weight.tolist() == [1, 2]
    assert (told.customers, told.with_repeat) == (3, 2)


@given(HISTORIES)
def test_distinct_histories_are_all_of_them(people: list[tuple[int, int, int]]) -> None:
    found = placed(people)
    told = found.distinct
    back = list(zip(told.repeats[found.row], told.last[found.row], told.age[found.row], strict=True))
    assert back == [(x, t if x else 0, (t if x else 0) + s) for x, t, s in people]
    assert len(set(back)) == len(told.repeats)
    assert told.weight.sum() == len(people)
    pairs = list(zip(told.repeats, told.age, strict=True))
    assert [pairs[told.pair.tolist().index(number)] for number in told.pair] == pairs


@each_kind
@given(people=HISTORIES, parameters=PARAMETERS)
def test_likelihood_is_the_published_one(
    kind: Kind, people: list[tuple[int, int, int]], parameters: tuple[float, ...]
) -> None:
    histories = placed(people).distinct
    found = RepeatLikelihood(kind, histories).at(np.array(parameters))
    assert found.value == pytest.approx(one_by_one(kind, parameters, histories), rel=1e-9)


@each_kind
@settings(max_examples=examples(25))
@given(people=HISTORIES, parameters=PARAMETERS)
def test_derivatives_are_those_of_the_likelihood(
    kind: Kind, people: list[tuple[int, int, int]], parameters: tuple[float, ...]
) -> None:
    likelihood, at = RepeatLikelihood(kind, placed(people).distinct), np.array(parameters)
    found = likelihood.at(at)
    for place, step in enumerate(1e-5 * at):
        aside = np.zeros(4)
        aside[place] = step
        up, down = likelihood.at(at + aside), likelihood.at(at - aside)
        size = abs(found.value) / at[place]
        assert found.slope[place] == pytest.approx((up.value - down.value) / (2 * step), rel=1e-4, abs=1e-6 * size)
        size = np.abs(found.bend[place]).max() + 0.01
        assert found.bend[place] == pytest.approx((up.slope - down.slope) / (2 * step), rel=1e-4, abs=1e-4 * size)


def test_parameters_that_made_a_shop_are_found(past_of_rows: PastOf, made_rows: Made) -> None:
    past = past_of_rows(made_rows(60_000, 600, (0.8, 8.0, 0.7, 2.0)))
    histories = past.observed(599).history.distinct
    found = repeat_model.fit(histories)
    # Days are rounded, and two orders of a day are one order day: not closer.
    assert [found.r, found.alpha, found.a, found.b] == pytest.approx([0.8, 8.0, 0.7, 2.0], rel=0.12)
    assert found.ends == (None,) * 4
    assert found.statements == ()
    # The sample on which the search began makes no difference.
    everybody = RepeatLikelihood("mbg", histories)
    again = maximise(everybody, everybody, (2.0, 2.0, 2.0, 2.0), repeat_model.BOUNDS)
    assert again.parameters == pytest.approx([found.r, found.alpha, found.a, found.b], rel=1e-7)


def test_a_sample_is_spread_over_all_histories() -> None:
    random = np.random.default_rng(3)
    people = list(
        zip(random.permutation(1000) % 4, random.integers(0, 50, 1000), random.integers(0, 300, 1000), strict=True)
    )
    told = placed(people).distinct
    assert told.sample(1000) is told
    some = told.sample(100)
    assert some.customers == 100
    assert some.with_repeat == pytest.approx(75, abs=5)
    turned = placed(people[::-1]).distinct.sample(100)
    assert turned.weight.tolist() == some.weight.tolist()


@each_kind
@pytest.mark.parametrize(
    ("people", "said", "ahead"),
    [
        # Everybody orders every tenth day to this day: 9 order days in 90.
        ([(30, 300, 0)] * 600, {"No differences between customers in how often they buy."}, 9),
        ([(30, 300, 0)] * 600, {"Nobody leaves: every customer counts as active."}, 9),
        # That nobody came back is as likely if all left at once.
        ([(0, 0, 200)] * 600, {"Almost nobody buys again.", "Almost everybody leaves after an order."}, 0),
    ],
)
def test_an_end_of_a_range_is_a_statement(
    kind: Kind, people: list[tuple[int, int, int]], said: set[str], ahead: float
) -> None:
    histories = placed(people).distinct
    found = repeat_model.fit(histories, kind)
    assert said & set(found.statements)
    assert found.order_days(histories, Horizon(90))[0] == pytest.approx(ahead, rel=0.02, abs=0.01)


def test_who_all_left_after_some_orders_counts_as_gone() -> None:
    """Ten order days in ten weeks, then a year of silence."""
    histories = placed([(10, 70, 365)] * 600).distinct
    found = repeat_model.fit(histories)
    assert found.p_alive(histories)[0] < 0.01
    assert found.order_days(histories, Horizon(365))[0] < 0.1


@settings(max_examples=examples(15))
@given(HISTORIES, st.sampled_from(["mbg", "bg"]))
def test_any_shop_has_a_fit_within_bounds(people: list[tuple[int, int, int]], kind: Kind) -> None:
    told = placed(people)
    found = repeat_model.fit(told.distinct, kind)
    assert np.isfinite(found.log_likelihood)
    for value, bound in zip((found.r, found.alpha, found.a, found.b), repeat_model.BOUNDS, strict=True):
        assert bound.low * (1 - 1e-9) <= value <= bound.high * (1 + 1e-9)
    ahead = found.order_days(told.distinct, Horizon.of_months(12))
    assert np.isfinite(ahead).all()
    assert (ahead >= 0).all()
    turned = placed(people[::-1])
    again = repeat_model.fit(turned.distinct, kind)
    assert again == found  # whatever the order in which customers come


def test_a_likelihood_that_is_no_number_is_an_error() -> None:
    class Broken(RepeatLikelihood):
        def at(self, parameters):  # type: ignore[no-untyped-def]
            return super().at(parameters)._replace(value=float("nan"))

    histories = placed([(1, 5, 9), (0, 0, 3)]).distinct
    broken = Broken("mbg", histories)
    with pytest.raises(LtvError, match="No forecast") as caught:
        maximise(broken, broken, repeat_model.START, repeat_model.BOUNDS)
    assert "Quality" in caught.value.mend
