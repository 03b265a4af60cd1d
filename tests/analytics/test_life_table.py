"""Churn gap, censoring and the life table, on lists short enough to work out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from ltvtui.analytics.retention import censor, churn_gap, life_table
from ltvtui.analytics.schema import age_month
from ltvtui.book import Book
from ltvtui.lens import Lens

BookOf = Callable[..., Book]


def sample(*ends: tuple[int, bool]) -> pl.DataFrame:
    """Customers as (months, lapsed)."""
    return pl.DataFrame(ends, schema={"months": pl.Int32, "lapsed": pl.Boolean}, orient="row")


# --- the clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "month"),
    [
        *((0, 0), (30, 0), (31, 1)),  # a month is 30.4375 days
        *((60, 1), (61, 2)),  # two are 60.875
        *((91, 2), (92, 3)),  # three are 91.3125
        *((121, 3), (122, 4)),  # four are 121.75
        *((365, 11), (366, 12)),  # twelve are 365.25
        *((486, 15), (487, 16)),  # sixteen are 487 to the day
        *((730, 23), (731, 24)),  # twenty-four are 730.5
    ],
)
def test_age_month_at_its_boundaries(days: int, month: int) -> None:
    assert pl.select(age_month(pl.lit(days, dtype=pl.Int32))).item() == month


def test_age_month_is_exact_over_thirty_years() -> None:
    days = pl.Series("day", range(11_000), dtype=pl.Int32)
    told = [int(Decimal(day) / Decimal("30.4375")) for day in range(11_000)]
    assert pl.select(age_month(days)).to_series().to_list() == told


# --- gaps ----------------------------------------------------------------------------------------


def test_gaps_lie_between_order_days(book_of: BookOf) -> None:
    """anna: two orders on day 10 are one visit; cleo: a refund on day 5 is none; bert came once."""
    book = book_of(
        [
            *(("anna", 0, 5), ("anna", 10, 5), ("anna", 10, 7), ("anna", 40, 5)),
            ("bert", 5, 9),
            *(("cleo", 3, 9), ("cleo", 5, -2), ("cleo", 8, 9)),
        ]
    )
    # One gap of 10 days and one of 30 (anna), one of 5 (cleo).
    assert book.timeline.standing(40).gaps.rows() == [(5, 1), (10, 1), (30, 1)]
    assert book.timeline.standing(39).gaps.rows() == [(5, 1), (10, 1)]
    assert book.timeline.standing(7).gaps.rows() == []


def counted(*gaps: int) -> pl.DataFrame:
    """Gaps with how many there are of each."""
    listed = [(gap, gaps.count(gap)) for gap in sorted(set(gaps))]
    return pl.DataFrame(listed, schema={"gap": pl.Int32, "len": pl.UInt32}, orient="row")


def measured(*days: int) -> int:
    return churn_gap(counted(*days), pl.Series([], dtype=pl.Int32)).days


@pytest.mark.parametrize(
    ("seen", "days"),
    [
        # Type 7: the value at place (n − 1) · 0.9 of the sorted gaps, counted from 0, between neighbours by parts.
        ((10, 20, 30, 40, 100), 76),  # place 3.6: 40 + 0.6 · 60
        ((100, 40, 30, 20, 10), 76),
        ((10, 20, 30, 40, 50, 61), 56),  # place 4.5: 55.5, rounded up
        ((10, 20, 30, 32), 32),  # place 2.7: 31.4, rounded up
        (tuple(range(10, 120, 10)), 100),  # place 9 to the point: not rounded up
        ((50,), 50),
        ((10, 10, 10, 80, 80, 80), 80),  # place 4.5, between equals
        ((5, 6, 7), 30),  # 6.8, held at 30
        ((400, 500), 365),  # 490, held at 365
        ((30,), 30),
        ((365,), 365),
    ],
)
def test_measured_churn_gap(seen: tuple[int, ...], days: int) -> None:
    assert measured(*seen) == days


def test_churn_gap_without_gaps_is_a_year() -> None:
    assert measured() == 365


def test_a_chosen_churn_gap_is_not_held_anywhere() -> None:
    seen = counted(10, 20)
    silences = pl.Series([1, 2], dtype=pl.Int32)
    found = churn_gap(seen, silences, 7)
    assert (found.days, found.chosen, found.gaps) == (7, True, 2)
    assert not churn_gap(seen, silences).chosen


def test_share_of_long_silences_that_ended() -> None:
    """G = 76. Silences over 76 days: the gap of 100 ended, those of 77 and 200 days go on; 76 is not over."""
    seen = counted(10, 20, 30, 40, 100)
    found = churn_gap(seen, pl.Series([0, 76, 77, 200], dtype=pl.Int32))
    assert found.returned == pytest.approx(1 / 3)


def test_share_of_long_silences_without_any() -> None:
    seen = counted(40)
    assert churn_gap(seen, pl.Series([40], dtype=pl.Int32)).returned is None


# --- censoring -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "months", "lapsed"),
    [
        (900, 900, 1, True),  # both on the cut: in, and lapsed
        (901, 901, None, None),  # first after the cut: out
        (901, 990, None, None),
        (800, 900, 4, True),  # lapsed, 100 days: ⌊3.29⌋ + 1
        (800, 901, 3, False),  # active, and 100 days seen up to the cut: three complete months
        (800, 1000, 3, False),  # what came after the cut does not count
        (900, 950, None, None),  # active, not one complete month seen
        (870, 1000, None, None),  # 30 days are not a month
        (869, 1000, 1, False),  # 31 are
        (839, 1000, 2, False),  # 61 are two
        (840, 1000, 1, False),  # 60 are not
        (870, 900, 1, True),  # lapsed after 30 days: month 0 was the last
        (869, 900, 2, True),  # lapsed after 31: month 1 was
        (0, 0, 1, True),
    ],
)
def test_censoring_at_its_boundaries(first: int, last: int, months: int | None, lapsed: bool | None) -> None:
    """A = 1000, G = 100: the cut is day 900."""
    customers = pl.DataFrame({"first": [first], "last": [last]}, schema={"first": pl.Int32, "last": pl.Int32})
    row = censor(customers, 1000, 100).row(0, named=True)
    assert (row["months"], row["lapsed"]) == (months, lapsed)


# --- life table ----------------------------------------------------------------------------------


def test_life_table_by_hand() -> None:
    """Five customers: two lapsed in month 0, one in 1, one seen for three months, one lapsed in month 3.

    At risk 5, 3, 2, 1; S = 1, 1 − 2/5 = 0.6, 0.6 · (1 − 1/3) = 0.4, 0.4 · (1 − 0/2) = 0.4.
    """
    found = life_table(sample((1, True), (1, True), (2, True), (3, False), (4, True)), (), 6)
    assert found["age_month"].to_list() == [0, 1, 2, 3, 4, 5]
    assert found["at_risk"].to_list() == [5, 3, 2, 1, 0, 0]
    assert found["lapsed"].to_list() == [2, 1, 0, 1, 0, 0]
    assert found["survival"].to_list() == [pytest.approx(s) for s in (1, 0.6, 0.4, 0.4)] + [None, None]
    assert found["observed"].to_list() == [True] * 4 + [False] * 2
    assert found["sample"].to_list() == [5] * 6


def test_life_table_of_segments_stand_apart() -> None:
    """a: one of two lapses at once, the other in month 1. b: seen for two months. Unknown: one, lapsed."""
    customers = sample((1, True), (2, True), (2, False), (1, True)).with_columns(
        pl.Series("channel", ["a", "a", "b", None], dtype=pl.Categorical)
    )
    found = life_table(customers, ("channel",), 3)
    assert found["channel"].to_list() == ["a"] * 3 + ["b"] * 3 + [None] * 3
    assert found["at_risk"].to_list() == [2, 1, 0, 1, 1, 0, 1, 0, 0]
    assert found["lapsed"].to_list() == [1, 1, 0, 0, 0, 0, 1, 0, 0]
    assert found["survival"].to_list() == [1, 0.5, None, 1, 1, None, 1, None, None]


def test_what_ends_beyond_the_horizon_is_at_risk_up_to_it() -> None:
    found = life_table(sample((2, True), (3, True), (4, True), (40, True), (41, False)), (), 3)
    assert found["at_risk"].to_list() == [5, 5, 4]
    assert found["lapsed"].to_list() == [0, 1, 1]
    assert found["survival"].to_list() == [1, 1, pytest.approx(0.8)]


@pytest.mark.parametrize(
    ("customers", "needed"),
    [(1, 1), (10, 1), (11, 2), (20, 2), (95, 10), (290, 29), (291, 30), (300, 30), (301, 30), (1000, 30)],
)
def test_months_count_while_enough_are_at_risk(customers: int, needed: int) -> None:
    """m = min(30, ⌈sample ÷ 10⌉): with m customers left month 1 counts, with m − 1 it does not."""
    just = sample(*[(2, False)] * needed, *[(1, True)] * (customers - needed))
    assert life_table(just, (), 2)["observed"].to_list() == [True, True]
    if customers > needed:
        short = sample(*[(2, False)] * (needed - 1), *[(1, True)] * (customers - needed + 1))
        assert life_table(short, (), 2)["observed"].to_list() == [True, False]


def test_kaplan_meier_of_remission_times() -> None:
    """6-MP arm of Freireich and others (1963), weeks; the published product-limit estimate.

    An end L = k + 1 is an event in month k, and Y_k counts those with L > k. So a time t is written as L = t:
    then Y_{t−1} counts all with a time of at least t, those censored at t among them, as the published risk set
    at t does, and S(t) here, the product over months 0 … t − 1, is the published S just after time t.
    """
    events = (6, 6, 6, 7, 10, 13, 16, 22, 23)
    censored = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    found = life_table(sample(*((t, True) for t in events), *((t, False) for t in censored)), (), 36)
    at_risk, survival = found["at_risk"].to_list(), found["survival"].to_list()
    published = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert {t: round(survival[t], 4) for t in published} == published
    assert {t: at_risk[t - 1] for t in published} == {6: 21, 7: 17, 10: 15, 13: 12, 16: 11, 22: 7, 23: 6}
    assert survival[5] == 1  # no event before week 6
    # S is a step function, so that its area from 0 to 35 weeks is Σ S(k) over k < 35.
    assert sum(survival[:35]) == pytest.approx(23.287, abs=5e-4)
    assert survival[35] is None


def test_survival_of_a_shop(book_of: BookOf) -> None:
    """From orders to S: the cut is day 1000 − 100. anna lapsed in month 0, bert in month 3 (100 days), cleo is
    active and seen for three months, dora came after the cut."""
    book = book_of(
        [
            ("anna", 800, 1),
            *(("bert", 800, 1), ("bert", 900, 1)),
            *(("cleo", 800, 1), ("cleo", 950, 1)),
            *(("dora", 905, 1), ("dora", 1000, 1)),
        ]
    )
    customers = book.snapshot(Lens(churn_gap=100)).customers
    assert customers["months"].to_list() == [1, 4, 3, None]
    assert customers["lapsed"].to_list() == [True, True, False, None]
    in_sample = customers.filter(pl.col("months").is_not_null())
    assert life_table(in_sample, (), 5)["survival"].to_list() == [1, *[pytest.approx(2 / 3)] * 3, None]
