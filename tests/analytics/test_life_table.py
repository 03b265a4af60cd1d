"""Churn gap, censoring and the life table, on lists short enough to work out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from ltvtui.analytics.retention import censor, churn_gap, life_table
from ltvtui.analytics.schema import age_month
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

BookOf = Callable[..., Dataset]


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
    dataset = book_of(
        [
            *(("anna", 0, 5), ("anna", 10, 5), ("anna", 10, 7), ("anna", 40, 5)),
            ("bert", 5, 9),
            *(("cleo", 3, 9), ("cleo", 5, -2), ("cleo", 8, 9)),
        ]
    )
    # One gap of 10 days and one of 30 (anna), one of 5 (cleo).
    assert dataset.activity_index.totals(40).gaps.rows() == [(5, 1), (10, 1), (30, 1)]
    assert dataset.activity_index.totals(39).gaps.rows() == [(5, 1), (10, 1)]
    assert dataset.activity_index.totals(7).gaps.rows() == []


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


def watched(first: int, last: int, since: int | None = None) -> tuple[int | None, bool | None]:
    """months and lapsed of a customer of the shop of A = 1000, G = 100: the cut is day 900."""
    customers = pl.DataFrame({"first": [first], "last": [last]}, schema={"first": pl.Int32, "last": pl.Int32})
    row = censor(customers, 1000, 100, since).row(0, named=True)
    return row["months"], row["lapsed"]


@pytest.mark.parametrize(
    ("first", "last", "months", "lapsed"),
    [
        # Who came after the cut, or was not seen for one complete month up to it, is out.
        *((901, 901, None, None), (901, 990, None, None)),
        *((900, 900, None, None), (900, 950, None, None)),
        *((870, 870, None, None), (870, 900, None, None), (870, 1000, None, None)),  # 30 days are not a month
        *((869, 869, 1, True), (869, 1000, 1, False)),  # 31 are
        *((840, 1000, 1, False), (839, 1000, 2, False)),  # 60 days are one, 61 are two
        # 100 days up to the cut are three complete months, and what came after the cut does not count.
        *((800, 901, 3, False), (800, 1000, 3, False)),
        *((800, 800, 1, True), (800, 830, 1, True), (800, 831, 2, True)),
        (800, 891, 3, True),  # 91 days: in month 2, which is over on the cut
        (800, 892, 3, False),  # 92 days: in month 3, which is not, so that it cannot be told from an active one
        (800, 900, 3, False),
        *((869, 899, 1, True), (869, 900, 1, False)),  # 30 days: month 0, which is over; 31: month 1, which is not
        # 900 days are 29.57 months; 29 of them are 882.69 days.
        *((0, 0, 1, True), (0, 882, 29, True), (0, 883, 29, False)),
    ],
)
def test_censoring_at_its_boundaries(first: int, last: int, months: int | None, lapsed: bool | None) -> None:
    assert watched(first, last) == (months, lapsed)


def test_who_came_before_a_day_is_not_in_the_sample() -> None:
    assert watched(800, 850, since=800) == watched(800, 850) == (2, True)
    assert watched(800, 850, since=801) == (None, None)


# --- life table ----------------------------------------------------------------------------------


def test_life_table_by_hand() -> None:
    """Five customers: two lapsed in month 0, one in 1, one seen for three months, one lapsed in month 3.

    At risk 5, 3, 2, 1; S = 1, 1 − 2/5 = 0.6, 0.6 · (1 − 1/3) = 0.4, 0.4 · (1 − 0/2) = 0.4, and 0.4 · (1 − 1/1) = 0.
    One at risk is enough (m = ⌈5 ÷ 10⌉), so that S(4), of month 3, is the last that is supported.
    """
    found = life_table(sample((1, True), (1, True), (2, True), (3, False), (4, True)), (), 6)
    assert found["age_month"].to_list() == [0, 1, 2, 3, 4, 5]
    assert found["at_risk"].to_list() == [5, 3, 2, 1, 0, 0]
    assert found["lapsed"].to_list() == [2, 1, 0, 1, 0, 0]
    assert found["survival"].to_list() == [pytest.approx(s) for s in (1, 0.6, 0.4, 0.4, 0, 0)]
    assert found["supported"].to_list() == [True] * 5 + [False]
    assert found["sample"].to_list() == [5] * 6


def test_life_table_of_segments_stand_apart() -> None:
    """a: one of two lapses at once, the other in month 1. b: seen for two months. Unknown: one, lapsed.

    S(2) rests on month 1, in which of a and of b somebody was at risk, and of the unknown nobody was."""
    customers = sample((1, True), (2, True), (2, False), (1, True)).with_columns(
        pl.Series("channel", ["a", "a", "b", None], dtype=pl.Categorical)
    )
    found = life_table(customers, ("channel",), 3)
    assert found["channel"].to_list() == ["a"] * 3 + ["b"] * 3 + [None] * 3
    assert found["at_risk"].to_list() == [2, 1, 0, 1, 1, 0, 1, 0, 0]
    assert found["lapsed"].to_list() == [1, 1, 0, 0, 0, 0, 1, 0, 0]
    assert found["survival"].to_list() == [1, 0.5, 0, 1, 1, 1, 1, 0, 0]
    assert found["supported"].to_list() == [True] * 8 + [False]


def test_what_ends_beyond_the_horizon_is_at_risk_up_to_it() -> None:
    found = life_table(sample((2, True), (3, True), (4, True), (40, True), (41, False)), (), 3)
    assert found["at_risk"].to_list() == [5, 5, 4]
    assert found["lapsed"].to_list() == [0, 1, 1]
    assert found["survival"].to_list() == [1, 1, pytest.approx(0.8)]
    assert found["supported"].to_list() == [True] * 3


@pytest.mark.parametrize(
    ("customers", "needed"),
    [(1, 1), (10, 1), (11, 2), (20, 2), (95, 10), (290, 29), (291, 30), (300, 30), (301, 30), (1000, 30)],
)
def test_a_month_tells_something_while_enough_are_at_risk(customers: int, needed: int) -> None:
    """m = min(30, ⌈sample ÷ 10⌉): with m customers left in month 1 S(2) is supported, with m − 1 it is not."""
    just = sample(*[(2, False)] * needed, *[(1, True)] * (customers - needed))
    assert life_table(just, (), 4)["supported"].to_list() == [True, True, True, False]
    if customers > needed:
        short = sample(*[(2, False)] * (needed - 1), *[(1, True)] * (customers - needed + 1))
        assert life_table(short, (), 4)["supported"].to_list() == [True, True, False, False]


# --- behind the supported months -----------------------------------------------------------------


def test_survival_goes_on_at_the_hazard_of_the_months_before() -> None:
    """100 customers, of whom ten have to be at risk: 36 leave in month 0, and of the other 64 all but nine go out of
    sight after two months. S = 1, .64, .64, of which the last rests on month 1.

    S(3) = .64 · √(.64 ÷ 1) = .64 · .8 = .512: two months lie before S(2). S(4) = .512 · ∛(.512 ÷ 1) = .512 · .8
    = .4096, and S(5) = .4096 · ∛(.4096 ÷ .64) = .4096 · ∛.64 = .4096 · .8617739 = .3529826.
    The one of nine who leaves in month 2 is too few to tell anything.
    """
    ends = [(1, True)] * 36 + [(2, False)] * 55 + [(3, True)] + [(9, False)] * 8
    found = life_table(sample(*ends), (), 6)
    assert found["at_risk"].to_list() == [100, 64, 9, 8, 8, 8]
    assert found["supported"].to_list() == [True] * 3 + [False] * 3
    assert found["survival"].to_list()[:5] == [pytest.approx(s, rel=1e-12) for s in (1, 0.64, 0.64, 0.512, 0.4096)]
    assert found["survival"][5] == pytest.approx(0.3529826, abs=5e-8)


def test_survival_goes_on_from_one_month() -> None:
    """300 customers: 30 have to be at risk. 275 leave in month 0: S(1) = 25/300 is supported, and only it.

    S(2) = S(1) · (S(1) ÷ S(0)) = 1/12 · 1/12, S(3) = S(2) · √(S(2) ÷ S(0)) = 1/144 · 1/12."""
    found = life_table(sample(*[(1, True)] * 275, *[(2, True)] * 25), (), 4)
    assert found["survival"].to_list() == [pytest.approx(12.0**-k, rel=1e-12) for k in range(4)]
    assert found["supported"].to_list() == [True, True, False, False]


def test_survival_stays_where_nobody_was_seen_to_leave() -> None:
    """… and where all have left."""
    assert life_table(sample((2, False)), (), 9)["survival"].to_list() == [1] * 9
    assert life_table(sample((1, True), (2, True)), (), 6)["survival"].to_list() == [1, 0.5, 0, 0, 0, 0]


def test_segments_go_on_each_at_its_own_hazard() -> None:
    """a: S(1) = 1/2, one month seen: 1/4, 1/8. b: S(1) = S(2) = 3/4, two months seen: 3/4 · √(3/4)."""
    ends = {"a": [(1, True), (1, False)], "b": [(1, True), (2, False), (2, False), (2, False)]}
    customers = sample(*ends["a"], *ends["b"]).with_columns(pl.Series("channel", list("aabbbb")))
    found = life_table(customers, ("channel",), 4)
    a, b = ([*part["survival"]] for _, part in found.group_by("channel", maintain_order=True))
    assert a == [1, 0.5, pytest.approx(1 / 4), pytest.approx(1 / 8)]
    assert b == [1, 0.75, 0.75, pytest.approx(0.75**1.5)]
    assert found["supported"].to_list() == [True, True, False, False, True, True, True, False]


# --- published figures ---------------------------------------------------------------------------


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
    # Three of 21 have to be at risk: in week 31 (those of 32, 32, 34, 35) four are, in week 32 but two.
    assert found["supported"].to_list() == [True] * 33 + [False] * 3


def test_survival_of_a_shop(book_of: BookOf) -> None:
    """From orders to S: the cut is day 1000 − 100, up to which three months of those of day 800 are over.

    anna lapsed in month 0, emil in month 2 (91 days), bert in month 3 (100 days), which is not over; cleo is active,
    dora came after the cut. At risk 4, 3, 3: S = 1, 3/4, 3/4, 3/4 · 2/3 = 1/2; then 1/2 · ∛(1/2)."""
    dataset = book_of(
        [
            ("anna", 800, 1),
            *(("bert", 800, 1), ("bert", 900, 1)),
            *(("cleo", 800, 1), ("cleo", 950, 1)),
            *(("dora", 905, 1), ("dora", 1000, 1)),
            *(("emil", 800, 1), ("emil", 891, 1)),
        ]
    )
    customers = dataset.snapshot(Query(churn_gap=100)).customers
    assert customers["months"].to_list() == [1, 3, 3, None, 3]
    assert customers["lapsed"].to_list() == [True, False, False, None, True]
    in_sample = customers.filter(pl.col("months").is_not_null())
    found = life_table(in_sample, (), 5)
    assert found["survival"].to_list() == [pytest.approx(s) for s in (1, 3 / 4, 3 / 4, 1 / 2, 2 ** (-4 / 3))]
    assert found["supported"].to_list() == [True] * 4 + [False]
