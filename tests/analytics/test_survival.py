"""Kaplan-Meier with its band and median: published figures, hand calculations, and laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ltvtui.analytics.retention import life_table
from ltvtui.analytics.segments import profile
from ltvtui.analytics.survival import (
    POINTS,
    SUMMARY,
    median,
    retention_curves,
    retention_summary,
    survival_points,
    with_band,
)
from ltvtui.book import Book
from ltvtui.lens import Lens

BookOf = Callable[..., Book]

REMISSION = (
    *((t, True) for t in (6, 6, 6, 7, 10, 13, 16, 22, 23)),
    *((t, False) for t in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)),
)
"""6-MP arm of Freireich and others (1963), weeks; a time t is written as L = t (see test_life_table)."""


def points_of(*ends: tuple[int, bool], horizon: int) -> pl.DataFrame:
    """survival_points of customers as (months, lapsed)."""
    counted = [(min(months, horizon + 1), 1, int(lapsed)) for months, lapsed in ends]
    schema = {"months": pl.Int32, "ended": pl.Int64, "lapsed": pl.Int64}
    rows = pl.DataFrame(counted, schema, orient="row").group_by("months").sum()
    return survival_points(rows, (), horizon)


# --- published figures ---------------------------------------------------------------------------


def test_remission_times() -> None:
    found = points_of(*REMISSION, horizon=36)
    survival, error = found["survival"].to_list(), found["error"].to_list()
    published = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert {t: round(survival[t], 4) for t in published} == published
    assert round(error[6], 4) == 0.0764
    assert sum(survival[:35]) == pytest.approx(23.287, abs=5e-4)
    assert median(found).rows() == [(23,)]


def test_band_by_hand() -> None:
    """At week 6: 3 of 21 left, S = 18/21 = .857143 and error = S · √(3 ÷ (21 · 18)) = .857143 · .089087 = .076360.

    log S = −.154151, so that the error of log(−log S) is .089087 ÷ .154151 = .577922, and 1.959964 of it
    1.132707; e to that is 3.104049. lower = e^(−.154151 · 3.104049) = .61972, upper = e^(−.154151 ÷ 3.104049)
    = .95155. R's survfit(conf.type = "log-log") gives .620 and .952.
    """
    row = points_of(*REMISSION, horizon=36).row(6, named=True)
    assert row["error"] == pytest.approx(0.076360, abs=5e-7)
    assert (row["lower"], row["upper"]) == (pytest.approx(0.61972, abs=5e-6), pytest.approx(0.95155, abs=5e-6))


def test_nobody_has_lapsed_yet() -> None:
    found = points_of(*REMISSION, horizon=36).head(6)
    assert found["error"].to_list() == [0.0] * 6
    assert found["lower"].to_list() == found["upper"].to_list() == [1.0] * 6


def test_without_survival_there_is_no_band() -> None:
    """Two of three lapse in month 0, the last is seen for one month more."""
    sample = pl.DataFrame({"months": [1, 1, 2], "lapsed": [True, True, False]}, schema_overrides={"months": pl.Int32})
    found = with_band(life_table(sample, (), 4))
    assert found["survival"].to_list() == [1, pytest.approx(1 / 3), None, None]
    # S · √(2 ÷ (3 · 1))
    assert found["error"].to_list() == [0, pytest.approx(math.sqrt(2 / 3) / 3), None, None]
    assert [found[name].null_count() for name in ("lower", "upper")] == [2, 2]


# --- the median ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "months"),
    [
        ([(1, True), (3, True)], 1),  # S(1) = 1/2 to the point
        ([(1, True), (3, True), (3, True)], 3),  # S = 1, 2/3, 2/3, then 0: all have left after month 2
        ([(1, True)] * 4, 1),  # nobody is left to be at risk in month 1, and S(1) = 0
        ([(4, False)] * 4, None),
        ([(1, True), (4, False), (4, False)], None),  # S stays at 2/3
        # 3/5 · 5/6 is a digit above one half in floats: 10 customers, 4 leave in month 0, 1 of 6 in month 1.
        ([(1, True)] * 4 + [(2, True)] + [(9, True)] * 5, 2),
        ([(1, False), (1, False), (2, True), (2, True)], 2),  # half were lost from sight, not lost
        ([(4, True)] * 2, 4),  # the curve goes on to the horizon
        ([(5, True)] * 2, None),  # they leave after the fourth month, which nobody asked for
    ],
)
def test_median(ends: list[tuple[int, bool]], months: int | None) -> None:
    assert median(points_of(*ends, horizon=4)).rows() == [(months,)]


# --- how far the curve is to be leaned upon ------------------------------------------------------


def test_a_curve_that_ends_because_customers_left_is_known_to_its_end() -> None:
    """300 customers: 30 have to be at risk. 275 leave in month 0: S(1) = 25/300 is known, S(2) is of 25 only."""
    found = points_of(*[(1, True)] * 275, *[(2, True)] * 25, horizon=4)
    assert found["observed"].to_list() == [True, *[False] * 4]
    assert found["known"].to_list() == [True, True, *[False] * 3]
    assert median(found).rows() == [(1,)]


def test_a_curve_that_ends_because_time_ran_out_is_not() -> None:
    """300 customers: 130 leave in month 0, 60 of the other 170 in month 1, in which 100 go out of sight.

    S(2) = 170/300 · 110/170 would be below one half, but month 1 had but 10 customers who were seen to its end.
    """
    found = points_of(*[(1, True)] * 130, *[(2, True)] * 60, *[(2, False)] * 100, *[(3, False)] * 10, horizon=4)
    assert found["observed"].to_list() == [True, True, *[False] * 3]
    assert found["survival"].to_list()[2] == pytest.approx(110 / 300)
    assert found["known"].to_list() == [True, True, *[False] * 3]
    assert median(found).rows() == [(None,)]


def test_at_the_horizon_a_curve_is_known_where_enough_go_on() -> None:
    found = points_of(*[(9, False)] * 40, horizon=3)
    assert found["known"].to_list() == [True] * 4
    assert found["observed"].to_list() == [*[True] * 3, False]
    assert found["lapsed"].to_list() == [0, 0, 0, None]
    assert found["at_risk"].to_list() == [40] * 4


def test_segments_stand_apart() -> None:
    ends = pl.DataFrame(
        {"channel": ["a", "a", "b", None], "months": [1, 2, 2, 1], "ended": [1] * 4, "lapsed": [1, 1, 0, 1]},
        schema_overrides={"months": pl.Int32},
    )
    found = survival_points(ends, ("channel",), 2)
    assert median(found, ("channel",)).rows() == [("a", 1), ("b", None), (None, 1)]
    assert found["survival"].to_list() == [1, 0.5, 0, 1, 1, 1, 1, 0, None]
    # a: S(1) = 1/2, error 1/2 · √(1 ÷ (2 · 1)), and none where S is 0; b: nobody left.
    assert found["error"].to_list() == [0, pytest.approx(0.5**1.5), None, 0, 0, 0, 0, None, None]
    # b: in month 1 nobody left, and the only one went out of sight.
    assert found["known"].to_list() == [True, True, True, True, True, False, True, True, False]


# --- of a shop -----------------------------------------------------------------------------------

SALES = [
    *(("anna", 800, 1, {"channel": "web"}),),
    *(("bert", 800, 1, {"channel": "web"}), ("bert", 900, 1, {"channel": "web"})),
    *(("cleo", 800, 5, {"channel": "shop"}), ("cleo", 950, 5, {"channel": "shop"})),
    *(("dora", 905, 1, {"channel": "mail"}), ("dora", 1000, 1, {"channel": "mail"})),
]
"""With G = 100 the cut is day 900: anna lapsed in month 0, bert in month 3 (100 days), cleo is active and seen for
three months, dora came after the cut."""


def test_curves_of_a_shop(book_of: BookOf) -> None:
    """At risk 3, 2, 2, 1, 0: S = 1, 2/3, 2/3, 2/3, and 0 after month 3, in which bert, the last, left."""
    found = book_of(SALES).ask(retention_curves, Lens(churn_gap=100, horizon=5))
    assert found.columns == [*POINTS]
    assert found["age_month"].to_list() == [0, 1, 2, 3, 4, 5]
    assert found["survival"].to_list() == [1, *[pytest.approx(2 / 3)] * 3, 0, None]
    assert found["at_risk"].to_list() == [3, 2, 2, 1, 0, 0]
    assert found["lapsed"].to_list() == [1, 0, 0, 1, 0, None]
    assert found["observed"].to_list() == [True] * 4 + [False] * 2
    assert found["error"].to_list() == [0, *[pytest.approx(2 / 3 * math.sqrt(1 / 6))] * 3, None, None]


def test_the_curve_reaches_the_horizon(book_of: BookOf) -> None:
    """Two months: S(2) is told by who was at risk in month 1, and both others are at risk then still."""
    found = book_of(SALES).ask(retention_curves, Lens(churn_gap=100, horizon=2))
    assert found["survival"].to_list() == [1, *[pytest.approx(2 / 3)] * 2]
    assert found["at_risk"].to_list() == [3, 2, 2]
    assert found["lapsed"].to_list() == [1, 0, None]
    assert found["observed"].to_list() == [True, True, False]


def test_summary_of_a_shop(book_of: BookOf) -> None:
    book, lens = book_of(SALES), Lens(churn_gap=100)
    whole = book.ask(retention_summary, lens)
    assert whole.columns == [*SUMMARY]
    assert whole.rows() == [(3, 2, 4, pytest.approx(3), 4)]
    rows = book.ask(retention_summary, lens, ("channel",))
    # By revenue: shop 10, then web 3 and mail 2. Nobody of mail is in the sample.
    assert rows.rows() == [
        ("shop", 1, 0, None, 3, 3),
        ("web", 2, 2, 1, pytest.approx(1 + 3 * 0.5), 4),
        ("mail", 0, 0, None, None, 0),
    ]
    assert book.ask(retention_curves, lens, ("channel",))["channel"].unique().sort().to_list() == ["shop", "web"]


def test_nobody_has_been_seen_for_long_enough(book_of: BookOf) -> None:
    book, lens = book_of([("dora", 905, 1), ("dora", 1000, 1)]), Lens(churn_gap=100)
    assert book.ask(retention_summary, lens).rows() == [(0, 0, None, None, 0)]
    assert book.ask(retention_curves, lens)["survival"].null_count() == 13
    assert book.ask(retention_summary, lens, ("tier",)).rows() == [("VIP", 0, 0, None, None, 0)]


# --- laws ----------------------------------------------------------------------------------------

visits = st.lists(
    st.tuples(st.sampled_from("abcdefghijkl"), st.integers(0, 900), st.integers(1, 99)), min_size=1, max_size=60
)


@given(st.lists(st.tuples(st.integers(1, 15), st.booleans()), min_size=1, max_size=80), st.integers(1, 14))
def test_survival_never_rises_and_lies_in_its_band(ends: list[tuple[int, bool]], horizon: int) -> None:
    found = points_of(*ends, horizon=horizon).filter(pl.col("survival").is_not_null())
    survival = found["survival"].to_list()
    assert all(later <= sooner for sooner, later in pairwise(survival))
    sure = found.filter(pl.col("survival") > 0)
    for lower, alive, upper in sure.select("lower", "survival", "upper").iter_rows():
        assert 0 <= lower <= alive <= upper <= 1
    assert sure["error"].is_finite().all()
    known = found["known"].to_list()
    assert known == sorted(known, reverse=True)
    assert found.filter(pl.col("observed") & ~pl.col("known")).height == 0


def told(ends: list[tuple[int, bool]], horizon: int) -> list[tuple[float, float | None]]:
    """S(k) and its error as a plain loop over exact fractions, as far as anybody is at risk."""
    alive, spread, points = Fraction(1), Fraction(0), []
    for month in range(horizon + 1):
        points.append((float(alive), float(alive) * math.sqrt(spread) if alive else None))
        at_risk = sum(months > month for months, _ in ends)
        left = sum(lapsed and months == month + 1 for months, lapsed in ends)
        if at_risk == 0:
            break
        alive *= 1 - Fraction(left, at_risk)
        spread += Fraction(left, at_risk * (at_risk - left)) if left < at_risk else 0
    return points


@given(st.lists(st.tuples(st.integers(1, 15), st.booleans()), min_size=1, max_size=80), st.integers(1, 14))
def test_survival_and_its_error_are_those_of_a_loop(ends: list[tuple[int, bool]], horizon: int) -> None:
    found = points_of(*ends, horizon=horizon).filter(pl.col("survival").is_not_null())
    survival, error = zip(*told(ends, horizon), strict=True)
    assert found["survival"].to_list() == pytest.approx(survival, abs=1e-12)
    assert found["error"].to_list() == [None if e is None else pytest.approx(e, abs=1e-12) for e in error]


@settings(max_examples=60)  # each example opens a shop
@given(visits, st.integers(901, 1200), st.integers(1, 24), st.integers(1, 200))
def test_curves_agree_with_the_report(
    book_of: BookOf, sales: list[Any], as_of: int, horizon: int, churn_gap: int
) -> None:
    book, lens = book_of(sales), Lens(as_of=as_of, horizon=horizon, churn_gap=churn_gap)
    for by in ((), ("tier",), ("tier", "orders band")):
        rows, summary = book.ask(profile, lens, by), book.ask(retention_summary, lens, by)
        told = [*by, "retention_months", "within_months"]
        assert summary.select(told).rows() == rows.select(told).rows()
        curves = book.ask(retention_curves, lens, by)
        life = book.snapshot(lens).age_table(*by)
        both = ["age_month", "at_risk", "lapsed", "sample", "observed"]
        assert curves.filter(pl.col("age_month") < horizon).select(*by, *both).equals(life.select(*by, *both))
        assert int(summary["sample"].sum()) == int(life.filter(pl.col("age_month") == 0)["at_risk"].sum())
        for *_, lower, alive, upper in curves.select("lower", "survival", "upper").drop_nulls().iter_rows():
            assert 0 <= lower <= alive <= upper <= 1
