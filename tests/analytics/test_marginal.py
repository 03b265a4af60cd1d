"""What one more customer costs: responses to spend that are known exactly, and what tells nothing."""

from __future__ import annotations

from math import sqrt

import numpy as np
import polars as pl
import pytest

from ltvtui.analytics.budget.marginal import FEWEST_MONTHS, Marginal, marginal, slope

VARIED = [100, 400, 900, 1600, 100, 400, 900, 1600, 100, 400, 900, 1600]
"""Spend of twelve months; its roots are whole: 10, 20, 30, 40."""


def months(spend: list[float], new: list[int]) -> pl.DataFrame:
    rows = {"month": range(len(spend)), "new_customers": new, "spend": spend}
    return pl.DataFrame(rows, schema={"month": pl.Int32, "new_customers": pl.Int64, "spend": pl.Float64})


def told(spend: list[float], new: list[int]) -> Marginal:
    return marginal("ads", months(spend, new))


def test_a_root_of_spend_makes_one_more_customer_twice_as_dear() -> None:
    """new = 2 · √spend: β = ½. The last three months cost 400, 900, 1600 and brought 40, 60, 80: a customer cost
    2 900 ÷ 180 on average, and one more costs twice that. Whichever month is left out, β is the same.
    """
    found = told(VARIED, [round(2 * sqrt(spend)) for spend in VARIED])
    assert found.beta == pytest.approx(0.5)
    assert found.cac == pytest.approx(2900 / 180 / 0.5)
    assert found.interval == (pytest.approx(found.cac), pytest.approx(found.cac))
    assert found.recent == (pytest.approx(2900 / 3), 60)
    assert found.why_not == ""


def test_what_follows_spend_in_step_costs_the_average() -> None:
    """new = spend ÷ 10: β = 1."""
    found = told(VARIED, [round(spend / 10) for spend in VARIED])
    assert (found.beta, found.cac) == (pytest.approx(1), pytest.approx(10))


def test_beta_is_held_within_none_and_one() -> None:
    """new = spend² ÷ 1000 would make more customers cheaper, new = 8000 ÷ √spend would lose them by spending."""
    steep = told(VARIED, [round(spend**2 / 1000) for spend in VARIED])
    assert steep.beta == 1
    assert steep.cac == pytest.approx(2900 / (160 + 810 + 2560))
    lost = told(VARIED, [round(8000 / sqrt(spend)) for spend in VARIED])
    assert (lost.beta, lost.cac, lost.why_not) == (0, None, "more spend brought no more customers")


def test_slope_is_least_squares_of_logarithms() -> None:
    """ln x = 0, 1, 2 and ln y = 0, 1, 1: β = Σ (x - 1)(y - ⅔) ÷ Σ (x - 1)² = (⅔ + ⅓) ÷ 2 = ½."""
    assert slope(np.exp([0.0, 1, 2]), np.exp([0.0, 1, 1])) == pytest.approx(0.5)
    assert slope(np.array([5.0, 5, 5]), np.array([1.0, 2, 3])) == 0


def test_the_interval_is_of_leaving_months_out() -> None:
    """One month of 100 that brought 40 in place of 20: β and how far it lies off are reckoned once more, by numpy."""
    new = [round(2 * sqrt(spend)) for spend in VARIED]
    new[0] = 40
    found = told(VARIED, new)
    x, y = np.log(np.array(VARIED, dtype=float)), np.log(np.array(new, dtype=float))
    beta = np.polyfit(x, y, 1)[0]
    without = np.array([np.polyfit(np.delete(x, k), np.delete(y, k), 1)[0] for k in range(12)])
    error = sqrt(11 / 12 * float(((without - without.mean()) ** 2).sum()))
    reach = 2.2009851601 * error  # t of 11 degrees of freedom
    average = 2900 / 180
    assert found.beta == pytest.approx(beta)
    assert found.interval == (
        pytest.approx(average / min(beta + reach, 1)),
        pytest.approx(average / (beta - reach)),
    )


def test_no_upper_bound_where_more_spend_may_bring_nobody() -> None:
    """Months of 100 and of 400 that brought 20 to 60 at random: β is small, and 0 lies within reach."""
    found = told([100, 400] * 6, [20, 30, 60, 20, 25, 60, 50, 20, 20, 60, 30, 40])
    assert found.beta is not None
    assert 0 < found.beta < 0.5
    assert found.interval is not None
    assert found.interval[1] is None


@pytest.mark.parametrize("dull", [0, 1])
def test_months_need_both_spend_and_customers(dull: int) -> None:
    """Of twelve months one has no spend, or brought nobody: eleven tell."""
    spend, new = list(VARIED), [10] * 12
    (spend if dull == 0 else new)[3] = 0
    found = told(spend, new)
    assert found.cac is None
    assert found.months.height == 11
    assert found.why_not == f"11 of {FEWEST_MONTHS} months with spend and new customers"


@pytest.mark.parametrize(("off", "enough"), [(14, False), (15, True)])
def test_spend_has_to_vary(off: int, enough: bool) -> None:
    """Half of the months off % above 100 and half below: the deviation is off · √(12 ÷ 11) = 14.6 and 15.7."""
    spend = [100 + off, 100 - off] * 6
    found = told(spend, [50, 40] * 6)
    assert (found.cac is not None) == enough
    if not enough:
        assert found.why_not == "spend varied by 15 %: too little to measure"
