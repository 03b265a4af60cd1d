"""Kaplan-Meier with its band and median: published figures, hand calculations, and laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ltvtui.analytics.retention import life_table
from ltvtui.analytics.segments import profile
from ltvtui.analytics.summaries import age_table_of
from ltvtui.analytics.survival import (
    POINTS,
    SUMMARY,
    median,
    retention_curves,
    retention_summary,
    survival_points,
    with_band,
)
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

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


def test_what_is_not_supported_has_no_band() -> None:
    """Two of three lapse in month 0, the last is seen for one month more: S(1) = S(2) = 1/3 rest on somebody.

    S(3) = 1/3 · √(1/3) goes on from there; how sure that is nobody was seen to tell."""
    sample = pl.DataFrame({"months": [1, 1, 2], "lapsed": [True, True, False]}, schema_overrides={"months": pl.Int32})
    found = with_band(life_table(sample, (), 4))
    assert found["survival"].to_list() == [pytest.approx(s) for s in (1, 1 / 3, 1 / 3, 3**-1.5)]
    # S · √(2 ÷ (3 · 1))
    error = pytest.approx(math.sqrt(2 / 3) / 3)
    assert found["error"].to_list() == [0, error, error, None]
    assert [found[name].null_count() for name in ("lower", "upper")] == [1, 1]


def test_where_nobody_stayed_there_is_no_band() -> None:
    sample = pl.DataFrame({"months": [1, 2], "lapsed": [True, True]}, schema_overrides={"months": pl.Int32})
    found = with_band(life_table(sample, (), 3))
    assert found.select("survival", "supported").rows() == [(1, True), (0.5, True), (0, True)]
    assert [found[name][2] for name in ("error", "lower", "upper")] == [None] * 3


# --- the median ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "months"),
    [
        ([(1, True), (3, True)], 1),  # S(1) = 1/2 to the point
        ([(1, True), (3, True), (3, True)], 3),  # S = 1, 2/3, 2/3, then 0: all have left after month 2
        ([(1, True)] * 4, 1),  # nobody is left to be at risk in month 1, and S(1) = 0
        ([(4, False)] * 4, None),
        ([(1, True)] * 3 + [(1, False)] * 4, None),  # 4/7, then (4/7)² is below one half, but nobody was seen
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


def test_a_curve_goes_on_where_too_few_are_left() -> None:
    """300 customers: 30 have to be at risk. 275 leave in month 0: S(1) = 25/300 is known, S(2) is of 25 only and
    goes on: 1/12 · 1/12."""
    found = points_of(*[(1, True)] * 275, *[(2, True)] * 25, horizon=4)
    assert found["supported"].to_list() == [True, True, *[False] * 3]
    assert found["survival"].to_list() == [pytest.approx(12.0**-k) for k in range(5)]
    assert median(found).rows() == [(1,)]


def test_a_month_is_told_by_those_at_risk_in_the_one_before() -> None:
    """300 customers: 130 leave in month 0, 60 of the other 170 in month 1, in which 100 go out of sight.

    In month 1 170 were at risk: S(2) = 170/300 · 110/170 = 110/300, below one half. In month 2 ten were, too few
    for S(3)."""
    found = points_of(*[(1, True)] * 130, *[(2, True)] * 60, *[(2, False)] * 100, *[(3, False)] * 10, horizon=4)
    assert found["supported"].to_list() == [True, True, True, False, False]
    assert found["survival"].to_list()[:3] == [1, pytest.approx(170 / 300), pytest.approx(110 / 300)]
    assert median(found).rows() == [(2,)]


def test_no_median_in_months_that_are_not_supported() -> None:
    """300 customers: 130 leave in month 0, and 150 go out of sight. S(1) = 170/300; 20 are too few for S(2),
    which goes on as (170/300)² = .3211."""
    found = points_of(*[(1, True)] * 130, *[(1, False)] * 150, *[(4, False)] * 20, horizon=4)
    assert found["survival"].to_list()[:3] == [1, pytest.approx(17 / 30), pytest.approx(289 / 900)]
    assert found["supported"].to_list() == [True, True, False, False, False]
    assert median(found).rows() == [(None,)]


def test_at_the_horizon_a_curve_is_supported_where_enough_go_on() -> None:
    found = points_of(*[(9, False)] * 40, horizon=3)
    assert found["supported"].to_list() == [True] * 4
    assert found["lapsed"].to_list() == [0, 0, 0, None]
    assert found["at_risk"].to_list() == [40] * 4


def test_segments_stand_apart() -> None:
    ends = pl.DataFrame(
        {"channel": ["a", "a", "b", None], "months": [1, 2, 2, 1], "ended": [1] * 4, "lapsed": [1, 1, 0, 1]},
        schema_overrides={"months": pl.Int32},
    )
    found = survival_points(ends, ("channel",), 2)
    assert median(found, ("channel",)).rows() == [("a", 1), ("b", None), (None, 1)]
    assert found["survival"].to_list() == [1, 0.5, 0, 1, 1, 1, 1, 0, 0]
    # a: S(1) = 1/2, error 1/2 · √(1 ÷ (2 · 1)), and none where S is 0; b: nobody left.
    assert found["error"].to_list() == [0, pytest.approx(0.5**1.5), None, 0, 0, 0, 0, None, None]
    # b: one was at risk in month 1, which S(2) rests on; of the unknown nobody was.
    assert found["supported"].to_list() == [True] * 8 + [False]


# --- of a shop -----------------------------------------------------------------------------------

SALES = [
    *(("anna", 800, 1, {"channel": "web"}),),
    *(("bert", 800, 1, {"channel": "web"}), ("bert", 891, 1, {"channel": "web"})),
    *(("cleo", 800, 5, {"channel": "shop"}), ("cleo", 950, 5, {"channel": "shop"})),
    *(("dora", 905, 1, {"channel": "mail"}), ("dora", 1000, 1, {"channel": "mail"})),
]
"""With G = 100 the cut is day 900, up to which three months of all but dora are over: anna lapsed in month 0, bert in
month 2 (91 days), cleo is active; dora came after the cut.

By day 1000 anna, bert and cleo were seen for 201 days, six complete months (6.6); dora for 96, three (3.15)."""


def test_curves_of_a_shop(dataset_of: DatasetOf) -> None:
    """At risk 3, 2, 2, 0: S = 1, 2/3, 2/3, and 2/3 · 1/2 after month 2, in which bert left; then it goes on:
    S(4) = 1/3 · ∛(1/3), S(5) = S(4) · ∛(S(4) ÷ (2/3))."""
    found = dataset_of(SALES).ask(retention_curves, Query(churn_gap=100, horizon=5))
    assert found.columns == [*POINTS]
    assert found["age_month"].to_list() == [0, 1, 2, 3, 4, 5]
    fourth = 3 ** (-4 / 3)
    fifth = fourth * (fourth * 1.5) ** (1 / 3)
    assert found["survival"].to_list() == [pytest.approx(s) for s in (1, 2 / 3, 2 / 3, 1 / 3, fourth, fifth)]
    assert found["at_risk"].to_list() == [3, 2, 2, 0, 0, 0]
    assert found["lapsed"].to_list() == [1, 0, 1, 0, 0, None]
    assert found["supported"].to_list() == [True] * 4 + [False] * 2
    # Greenwood: 1 ÷ (3 · 2), and 1 ÷ (2 · 1) more for month 2.
    errors = (2 / 3 * math.sqrt(1 / 6), 1 / 3 * math.sqrt(1 / 6 + 1 / 2))
    told = [0, *[pytest.approx(errors[0])] * 2, pytest.approx(errors[1]), None, None]
    assert found["error"].to_list() == told


def test_the_curve_reaches_the_horizon(dataset_of: DatasetOf) -> None:
    """Two months: S(2) is told by who was at risk in month 1, and both others are at risk then still."""
    found = dataset_of(SALES).ask(retention_curves, Query(churn_gap=100, horizon=2))
    assert found["survival"].to_list() == [1, *[pytest.approx(2 / 3)] * 2]
    assert found["at_risk"].to_list() == [3, 2, 2]
    assert found["lapsed"].to_list() == [1, 0, None]
    assert found["supported"].to_list() == [True] * 3


def test_summary_of_a_shop(dataset_of: DatasetOf) -> None:
    """LTV counts six months, in which anna, bert and cleo were seen; retention is Σ S(k) over them, of which
    S(0) … S(3) are supported. S as above; S(2) = 2/3, S(3) = 1/3, half of whom have left after month 2."""
    dataset, query = dataset_of(SALES), Query(churn_gap=100)
    whole = dataset.ask(retention_summary, query)
    assert whole.columns == [*SUMMARY]
    fourth = 3 ** (-4 / 3)
    fifth = fourth * (fourth * 1.5) ** (1 / 3)
    months = 1 + 2 / 3 + 2 / 3 + 1 / 3 + fourth + fifth
    assert whole.rows() == [(3, 2, 3, pytest.approx(months), 4, 6)]
    rows = dataset.ask(retention_summary, query, ("channel",))
    # By revenue: shop 10, then web 3 and mail 2. cleo of shop stays. Of web one of two left in month 0 and the other
    # in month 2: S = 1, 1/2, 1/2, 0, and nobody is left. Of mail nobody is in the sample: S stays 1, and rests on
    # nothing but that a customer is one; its three months were seen.
    assert rows.rows() == [
        ("shop", 1, 0, None, pytest.approx(6), 4, 6),
        ("web", 2, 2, 1, pytest.approx(2), 4, 6),
        ("mail", 0, 0, None, pytest.approx(3), 1, 3),
    ]
    assert dataset.ask(retention_curves, query, ("channel",))["channel"].unique().sort().to_list() == ["shop", "web"]


def test_nobody_has_been_seen_for_long_enough(dataset_of: DatasetOf) -> None:
    """dora came a hundred days before the end, when the cut was: nothing is known of her retention, yet what she
    brought in three complete months was seen."""
    dataset, query = dataset_of([("dora", 905, 1), ("dora", 1000, 1)]), Query(churn_gap=100)
    assert dataset.ask(retention_summary, query).rows() == [(0, 0, None, pytest.approx(3), 1, 3)]
    curve = dataset.ask(retention_curves, query)
    assert curve["survival"].to_list() == [1] * 13
    assert curve["supported"].to_list() == [True] + [False] * 12
    assert dataset.ask(retention_summary, query, ("tier",)).rows() == [("VIP", 0, 0, None, pytest.approx(3), 1, 3)]


def test_nobody_has_been_seen_for_a_month(dataset_of: DatasetOf) -> None:
    dataset, query = dataset_of([("dora", 975, 1), ("dora", 1000, 1)]), Query(churn_gap=10)
    assert dataset.ask(retention_summary, query).rows() == [(0, 0, None, None, 0, 0)]


# --- laws ----------------------------------------------------------------------------------------

visits = st.lists(
    st.tuples(st.sampled_from("abcdefghijkl"), st.integers(0, 900), st.integers(1, 99)), min_size=1, max_size=60
)


ends_of_customers = st.lists(st.tuples(st.integers(1, 15), st.booleans()), min_size=1, max_size=80)


@given(ends_of_customers, st.integers(1, 14))
def test_survival_never_rises_and_lies_in_its_band(ends: list[tuple[int, bool]], horizon: int) -> None:
    found = points_of(*ends, horizon=horizon)
    survival = found["survival"].to_list()
    assert survival[0] == 1
    assert all(later <= sooner for sooner, later in pairwise(survival))
    supported = found["supported"].to_list()
    assert supported == sorted(supported, reverse=True)
    assert supported[:2] == [True, True]
    sure = found.filter(pl.col("supported") & (pl.col("survival") > 0))
    for lower, alive, upper in sure.select("lower", "survival", "upper").iter_rows():
        assert 0 <= lower <= alive <= upper <= 1
    assert sure["error"].is_finite().all()
    guessed = found.filter(~pl.col("supported"))
    assert guessed.select("error", "lower", "upper").null_count().row(0) == (guessed.height,) * 3


def told(ends: list[tuple[int, bool]], horizon: int) -> list[tuple[float, float | None, bool]]:
    """S(k), its error and whether it is supported as a plain loop, over exact fractions as far as it is supported."""
    needed = min(30, math.ceil(Fraction(len(ends), 10)))
    alive, spread = Fraction(1), Fraction(0)
    points: list[tuple[float, float | None, bool]] = [(1.0, 0.0, True)]
    for month in range(horizon):
        at_risk = sum(months > month for months, _ in ends)
        left = sum(lapsed and months == month + 1 for months, lapsed in ends)
        if at_risk >= needed:
            alive *= 1 - Fraction(left, at_risk)
            spread += Fraction(left, at_risk * (at_risk - left)) if left < at_risk else 0
            points.append((float(alive), float(alive) * math.sqrt(spread) if alive else None, True))
        else:
            back = min(3, month)
            before, begun = points[-1][0], points[-1 - back][0]
            points.append((before * (before / begun) ** (1 / back) if begun else 0.0, None, False))
    return points


@given(ends_of_customers, st.integers(1, 14))
def test_survival_and_its_error_are_those_of_a_loop(ends: list[tuple[int, bool]], horizon: int) -> None:
    found = points_of(*ends, horizon=horizon)
    survival, error, supported = zip(*told(ends, horizon), strict=True)
    assert found["supported"].to_list() == list(supported)
    assert found["survival"].to_list() == pytest.approx(survival, rel=1e-9, abs=1e-12)
    assert found["error"].to_list() == [None if e is None else pytest.approx(e, abs=1e-12) for e in error]


@settings(max_examples=examples(60))  # each example opens a shop
@given(visits, st.integers(901, 1200), st.integers(1, 24), st.integers(1, 200))
def test_curves_agree_with_the_report(
    dataset_of: DatasetOf, sales: list[Any], as_of: int, horizon: int, churn_gap: int
) -> None:
    dataset, query = dataset_of(sales), Query(as_of=as_of, horizon=horizon, churn_gap=churn_gap)
    for by in ((), ("tier",), ("tier", "orders band")):
        rows, summary = dataset.ask(profile, query, by), dataset.ask(retention_summary, query, by)
        told = [*by, "retention_months", "retention_supported_months", "within_months"]
        assert summary.select(told).rows() == rows.select(told).rows()
        curves = dataset.ask(retention_curves, query, by)
        life = age_table_of(dataset.snapshot(query), *by).filter(pl.col("age_month") < horizon)
        both = [*by, "age_month", "at_risk", "lapsed", "sample", "survival", "supported"]
        # The life table goes as far as LTV was seen, the curve of who was never at risk is not drawn.
        shared = life.select(both).join(curves.select(*by, "age_month"), on=[*by, "age_month"], nulls_equal=True)
        theirs = curves.join(life.select(*by, "age_month"), on=[*by, "age_month"], nulls_equal=True).select(both)
        assert shared.sort(*by, "age_month").equals(theirs.sort(*by, "age_month"))
        assert int(summary["sample"].sum()) == int(curves.filter(pl.col("age_month") == 0)["at_risk"].sum() or 0)
        for *_, lower, alive, upper in curves.select("lower", "survival", "upper").drop_nulls().iter_rows():
            assert 0 <= lower <= alive <= upper <= 1
