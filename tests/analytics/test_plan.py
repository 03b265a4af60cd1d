"""Sharing a budget among channels: responses that are known exactly, solved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.budget.budget import Budget, budget
from ltvtui.analytics.budget.marginal import marginal
from ltvtui.analytics.budget.plan import Plan, plan
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
Channel = tuple[float, list[float], list[int]]
"""LTV, spend and new customers of twelve months."""

SPEND: list[float] = [100, 400, 1600] * 3 + [900] * 3
ADS: Channel = (22.5, SPEND, [20, 40, 80] * 3 + [60] * 3)
"""new = 2 · √spend, of late 60 for 900; between 800 and 2 400, as 1 600 is the largest month."""
MAIL: Channel = (30, SPEND, [10, 20, 40] * 3 + [30] * 3)
"""new = √spend, within the same bounds."""
TV: Channel = (1054.6875, [1000, 8000, 27_000] * 3 + [8000] * 3, [10, 20, 30] * 3 + [20] * 3)
"""new = ∛spend, between 13 500 and 40 500."""


@pytest.fixture(scope="module")
def found(dataset_of: DatasetOf) -> Budget:
    """A budget of one customer, of which the channels are put in place."""
    return budget(dataset_of([("ann", 0, 10, {"channel": "ads"})]).snapshot(Query()))


def shared(found: Budget, amount: float, seen: int = 12, **channels: Channel) -> Plan:
    marginals = []
    for name, (_, spend, new) in channels.items():
        rows = {"month": range(12), "new_customers": new, "spend": spend}
        marginals.append(
            marginal(name, pl.DataFrame(rows, schema_overrides={"month": pl.Int32, "spend": pl.Float64}))
        )
    rows = [{"channel": name, "ltv": ltv, "within_months": seen} for name, (ltv, _, _) in channels.items()]
    return plan(replace(found, rows=pl.DataFrame(rows), marginals=tuple(marginals)), amount)


def of(told: Plan, *names: str) -> dict[str, Any]:
    return {row["channel"]: tuple(row[name] for name in names) for row in told.rows.iter_rows(named=True)}


def close(*values: float) -> tuple[Any, ...]:
    return tuple(pytest.approx(value, rel=1e-6) for value in values)


def test_two_roots_are_shared_by_the_squares_of_what_they_bring(found: Budget) -> None:
    """LTV · c · ½ ÷ √spend is equal where √spend is as 22.5 · 2 to 30 · 1, which is 3 to 2: spend is as 9 to 4.

    Of 3 250 these are 2 250 and 1 000. They bring 2 · √2250 = 94.868 and √1000 = 31.623 customers; one more costs
    spend ÷ new ÷ ½ = 47.434 and 63.246, and LTV is 0.47434 times that for both. β is the same whichever month is left
    out, so that the interval is the suggestion.
    """
    told = shared(found, 3250, ads=ADS, mail=MAIL)
    assert of(told, "spend", "spend_lower", "spend_upper") == {
        "ads": close(2250, 2250, 2250),
        "mail": close(1000, 1000, 1000),
    }
    assert of(told, "spend_now", "new_customers_now") == {"ads": close(900, 60), "mail": close(900, 30)}
    assert of(told, "new_customers", "marginal_cac", "ltv_per_marginal_cac") == {
        "ads": close(2 * 2250**0.5, 2250**0.5, 22.5 / 2250**0.5),
        "mail": close(1000**0.5, 2 * 1000**0.5, 15 / 1000**0.5),
    }
    assert told.rows["at_limit"].to_list() == [None, None]
    assert (told.possible, told.left_out, told.why_not) == ((1600, 4800), (), "")


def test_a_root_and_a_cube_root(found: Budget) -> None:
    """One more unit brings 22.5 · 2 · ½ · 1600^-½ = 0.5625 by ads and 1054.6875 · ⅓ · 15625^-⅔ = 0.5625 by TV."""
    told = shared(found, 1600 + 15_625, ads=ADS, tv=TV)
    assert of(told, "spend", "new_customers") == {"ads": close(1600, 80), "tv": close(15_625, 25)}
    assert told.rows["ltv_per_marginal_cac"].to_list() == pytest.approx([0.5625] * 2, rel=1e-6)


def test_no_channel_leaves_half_of_its_largest_month_to_either_side(found: Budget) -> None:
    """Of 2 000 mail would get 4 ÷ 13, 615, and of 4 500 ads 9 ÷ 13, 3 115."""
    less = shared(found, 2000, ads=ADS, mail=MAIL)
    assert of(less, "spend", "at_limit") == {"ads": (*close(1200), None), "mail": (*close(800), "least")}
    more = shared(found, 4500, ads=ADS, mail=MAIL)
    assert of(more, "spend", "at_limit") == {"ads": (*close(2400), "most"), "mail": (*close(2100), None)}


@pytest.mark.parametrize("amount", [1600, 4800])
def test_the_ends_of_what_is_possible(found: Budget, amount: float) -> None:
    told = shared(found, amount, ads=ADS, mail=MAIL)
    assert of(told, "spend") == {"ads": close(amount / 2), "mail": close(amount / 2)}


@pytest.mark.parametrize("amount", [0, 1599, 4801])
def test_an_amount_out_of_reach_says_why(found: Budget, amount: float) -> None:
    told = shared(found, amount, ads=ADS, mail=MAIL)
    assert told.rows.is_empty()
    assert told.why_not == "it is beyond the data, which support 1 600.00 to 4 800.00"
    assert told.possible == (1600, 4800)


def test_channels_that_tell_nothing_keep_what_they_have(found: Budget) -> None:
    even: Channel = (30, [900] * 12, [30] * 12)
    told = shared(found, 1000, ads=ADS, radio=even)
    assert of(told, "spend") == {"ads": close(1000)}
    assert told.left_out == (("radio", "spend varied by 0 %: too little to measure"),)
    alone = shared(found, 1000, radio=even)
    assert alone.why_not == "no channel has a marginal CAC"


def test_an_ltv_of_less_than_the_horizon_is_not_shared_by(found: Budget) -> None:
    told = shared(found, 1000, seen=11, ads=ADS)
    assert told.left_out == (("ads", "less data than the horizon"),)


def test_nothing_is_advised_where_nothing_can_be(found: Budget) -> None:
    assert "what they did later" in plan(replace(found, hindsight=True), 100).why_not
    assert "second dimension" in plan(replace(found, terms=BudgetTerms(then="country")), 100).why_not


def test_months_that_disagree_give_an_interval_within_the_bounds(found: Budget) -> None:
    """Ads with one month off the curve: the interval lies around the suggestion, and both shares move against each
    other by as much."""
    ltv, spend, new = ADS
    told = shared(found, 3250, ads=(ltv, spend, [30, *new[1:]]), mail=MAIL)
    (ads, mail) = told.rows.iter_rows(named=True)
    for row in (ads, mail):
        assert 800 <= row["spend_lower"] < row["spend"] < row["spend_upper"] <= 2400
    assert ads["spend"] + mail["spend"] == pytest.approx(3250)
    assert mail["spend_upper"] - mail["spend"] == pytest.approx(ads["spend"] - ads["spend_lower"])
