"""Where the history of a shop begins, on shops small enough to work out on paper (metrics.md §3).

Customers here come in pairs that pay 20 less and 20 more than a mean, once, unless it is said otherwise. Of forty of
them, each a group of the jackknife of its own, the standard error of LTV is that of a mean, √(s² ÷ n) with
s² = 40 · 20² ÷ 39: its square is 400/39. So LTVs of forty and forty that lie d apart do so by
z = d ÷ √(800/39) standard errors: √19.5 = 4.4159 where d is 20.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest
import slow_path

from ltvtui.analytics.entry import Choice, Entry
from ltvtui.analytics.segments import profile
from ltvtui.analytics.survival import retention_summary
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
Sale = tuple[Any, ...]

GAP = 50
LENS = Query(as_of=1000, churn_gap=GAP)


def came(day: int, many: int, mean: float, later: Sequence[tuple[int, float]] = (), since: int = 0) -> list[Sale]:
    """`many` customers who came on that day, and what all of them bought so many days after it."""
    found: list[Sale] = []
    for number in range(many):
        who = f"{day} {since + number}"
        said = {"channel": "web" if number % 4 < 2 else "shop"}
        found.append((who, day, mean + (20 if number % 2 else -20), said))
        found += [(who, day + after, amount, said) for after, amount in later]
    return found


def shop(early: float = 100, late: float = 80) -> list[Sale]:
    """Forty customers of the first day, twenty of day 60 and twenty of day 120, who bring so much in the mean."""
    return [*came(0, 40, early), *came(60, 20, late), *came(120, 20, late)]


def entry_of(dataset: Dataset, query: Query = LENS) -> Entry:
    return dataset.snapshot(query).entry


def whole(dataset: Dataset, query: Query) -> dict[str, Any]:
    return dataset.ask(profile, query).row(0, named=True)


# --- the three states ------------------------------------------------------------------------------


def test_a_history_that_is_cut_off(dataset_of: DatasetOf) -> None:
    """From day 50 on customers are proven new. Forty came in the 50 days before it, twenty in the 50 after it, less
    than 40 ÷ 1.2; the first ones bring 100 and the others 80."""
    dataset = dataset_of(shop())
    found = entry_of(dataset)
    assert (found.state, found.start, found.border) == ("cut off", 0, 50)
    assert (found.early, found.late, found.since) == (40, 40, 50)
    assert found.z == pytest.approx(math.sqrt(19.5), rel=1e-9)
    assert not found.chosen
    slow_path.assert_same(dataset.snapshot(LENS))


@pytest.mark.parametrize(
    ("apart", "state"),
    [
        (9, "complete"),  # 9 ÷ 4.5291 = 1.987
        (10, "cut off"),  # 2.208
        (0, "complete"),
        (-20, "complete"),  # the first ones bring less
    ],
)
def test_the_first_ones_have_to_bring_more_by_two_standard_errors(
    dataset_of: DatasetOf, apart: float, state: str
) -> None:
    found = entry_of(dataset_of(shop(80 + apart)))
    assert found.z == pytest.approx(apart / math.sqrt(800 / 39), rel=1e-9, abs=1e-9)
    assert (found.state, found.since) == (state, 50 if state == "cut off" else None)


@pytest.mark.parametrize(
    ("next_ones", "state"),
    [
        (33, "cut off"),  # 40 against 1.2 · 33 = 39.6
        (34, "complete"),  # against 40.8
    ],
)
def test_more_have_to_come_at_first_than_next(dataset_of: DatasetOf, next_ones: int, state: str) -> None:
    dataset = dataset_of([*came(0, 40, 100), *came(99, next_ones, 80), *came(100, 40 - next_ones, 80)])
    found = entry_of(dataset)
    assert (found.state, found.early, found.late) == (state, 40, 40)
    # Where no more came at first it is not asked what they bring.
    assert (found.z is None) == (state == "complete")


@pytest.mark.parametrize(("churn_gap", "early", "next_ones"), [(50, 36, 30), (43, 42, 35), (110, 60, 50)])
def test_a_fifth_more_is_enough(dataset_of: DatasetOf, churn_gap: int, early: int, next_ones: int) -> None:
    """To the point: 36 are 1.2 · 30."""
    dataset = dataset_of([*came(0, early, 100), *came(churn_gap, next_ones, 60)])
    assert entry_of(dataset, Query(as_of=1000, churn_gap=churn_gap)).state == "cut off"


@pytest.mark.parametrize(("early", "asked"), [(48, False), (52, True)])
def test_arrivals_are_those_of_the_days_that_were_seen(dataset_of: DatasetOf, early: int, asked: bool) -> None:
    """On day 85 the second 50 days are 36 so far, in which 30 came: 1.2 · 30/36 = 1 a day, and 50 in the first 50.

    Over 50 days it would be .72 a day, and 36 of the first ones were enough. The late ones were seen for 36 days."""
    dataset = dataset_of([*came(0, early, 200), *came(50, 30, 80)])
    found = entry_of(dataset, Query(as_of=85, churn_gap=GAP))
    assert (found.z is not None) == asked
    assert found.state == ("cut off" if asked else "complete")


@pytest.mark.parametrize(
    ("early", "late", "state"),
    [
        (40, 0, "cannot be told"),
        (40, 29, "cannot be told"),
        (40, 30, "cut off"),
        (30, 30, "complete"),  # more came at first by a fifth only of 25
        (29, 30, "complete"),
        (29, 0, "cannot be told"),
    ],
)
def test_how_many_it_takes(dataset_of: DatasetOf, early: int, late: int, state: str) -> None:
    """All late ones come in the second 50 days; 40 are more than 1.2 · 30 of them."""
    found = entry_of(dataset_of([*came(0, early, 200), *came(60, late, 80)]))
    assert (found.state, found.early, found.late) == (state, early, late)


@pytest.mark.parametrize(("early", "state"), [(29, "complete"), (30, "cut off")])
def test_of_fewer_than_thirty_early_ones_nothing_is_told(dataset_of: DatasetOf, early: int, state: str) -> None:
    """Nobody came in the second 50 days, and thirty long after them."""
    found = entry_of(dataset_of([*came(0, early, 200), *came(300, 30, 80)]))
    assert (found.state, found.z is None) == (state, state == "complete")


@pytest.mark.parametrize(("day", "late"), [(49, 0), (50, 30)])
def test_the_border_is_a_churn_gap_behind_the_first_order(dataset_of: DatasetOf, day: int, late: int) -> None:
    found = entry_of(dataset_of([*came(0, 40, 100), *came(day, 30, 80)]))
    assert (found.border, found.early, found.late) == (50, 70 - late, late)


def test_late_ones_who_have_not_been_seen_for_a_month(dataset_of: DatasetOf) -> None:
    """They bring nothing that could be compared yet, so that nothing speaks for a cut."""
    found = entry_of(dataset_of([*came(0, 60, 100), *came(79, 30, 80)]), Query(as_of=90, churn_gap=GAP))
    assert (found.state, found.early, found.late, found.z) == ("complete", 60, 30, None)


# --- at a common age -------------------------------------------------------------------------------


def test_both_are_compared_at_the_same_age(dataset_of: DatasetOf) -> None:
    """The first ones bring 1 000 more on their day 200, in month 6. By day 260 twenty of the late ones were seen for
    201 days, 6 months (6.60), and twenty for 161, 5 (5.29): up to month 5 all bring the same, 100."""
    late = [*came(60, 20, 100), *came(100, 20, 100)]
    found = entry_of(dataset_of([*came(0, 40, 100, [(200, 1000)]), *late]), Query(as_of=260, churn_gap=GAP))
    assert (found.state, found.z) == ("complete", pytest.approx(0, abs=1e-9))
    # On day 290 they were seen for 231 and 191 days, 7.59 and 6.28: month 6 counts, and tells of 1 100 against 100.
    later = entry_of(dataset_of([*came(0, 40, 100, [(200, 1000)]), *late]), Query(as_of=290, churn_gap=GAP))
    assert later.state == "cut off"


@pytest.mark.parametrize("horizon", [1, 3, 12, 24])
def test_another_horizon_does_not_change_the_state(dataset_of: DatasetOf, horizon: int) -> None:
    """Within a month all bring 90; the first ones bring 20 more on day 153, in month 5."""
    dataset = dataset_of([*came(0, 40, 90, [(153, 20)]), *came(60, 20, 90), *came(120, 20, 90)])
    query = Query(as_of=1000, churn_gap=GAP, horizon=horizon)
    found = entry_of(dataset, query)
    assert (found.state, found.since) == ("cut off", 50)
    assert found.z == pytest.approx(math.sqrt(19.5), rel=1e-9)
    row = whole(dataset, query)
    assert (row["ltv"], row["counted"], row["within_months"]) == (pytest.approx(90, rel=1e-12), 40, horizon)
    assert entry_of(dataset, LENS) == found
    assert dataset.snapshot(LENS).over(horizon).entry == found


def test_what_comes_after_the_first_year_of_a_customer_does_not_count(dataset_of: DatasetOf) -> None:
    """366 days are 12.02 months."""
    dataset = dataset_of([*came(0, 40, 90, [(366, 900)]), *came(60, 20, 90), *came(120, 20, 90)])
    for horizon in (12, 24):
        found = entry_of(dataset, Query(as_of=1000, churn_gap=GAP, horizon=horizon))
        assert (found.state, found.z) == ("complete", pytest.approx(0, abs=1e-9))


# --- what moves it -----------------------------------------------------------------------------------


def test_as_of_an_earlier_day_it_cannot_be_told(dataset_of: DatasetOf) -> None:
    """On day 119 the last twenty had not come yet."""
    dataset = dataset_of(shop())
    found = entry_of(dataset, Query(as_of=119, churn_gap=GAP))
    assert (found.state, found.early, found.late, found.since) == ("cannot be told", 40, 20, None)


@pytest.mark.parametrize(("gap", "state", "late"), [(61, "cannot be told", 20), (60, "cut off", 40)])
def test_the_churn_gap_moves_the_border(dataset_of: DatasetOf, gap: int, state: str, late: int) -> None:
    found = entry_of(dataset_of(shop()), Query(as_of=1000, churn_gap=gap))
    assert (found.state, found.border, found.late) == (state, gap, late)


def test_a_part_of_the_shop_has_the_beginning_of_the_shop(dataset_of: DatasetOf) -> None:
    """Half of all bought by web; alone they would be too few for anything to be told."""
    dataset = dataset_of(shop())
    part = dataset.snapshot(LENS & Filter("channel", "web"))
    assert part.entry == entry_of(dataset)
    row = whole(dataset, LENS & Filter("channel", "web"))
    assert (row["customers"], row["counted"], row["ltv"]) == (40, 20, pytest.approx(80, rel=1e-12))


def test_a_margin_changes_nothing_but_ltv(dataset_of: DatasetOf) -> None:
    """Both LTVs and their errors shrink alike."""
    dataset = dataset_of(shop())
    found = entry_of(dataset, Query(as_of=1000, churn_gap=GAP, margin=0.25))
    assert found.z == pytest.approx(math.sqrt(19.5), rel=1e-9)
    assert whole(dataset, Query(as_of=1000, churn_gap=GAP, margin=0.25))["ltv"] == pytest.approx(20, rel=1e-12)


def test_refunds_of_the_first_ones_count_against_them(dataset_of: DatasetOf) -> None:
    """All of the first forty get 20 back in month 2."""
    found = entry_of(dataset_of([*came(0, 40, 100, [(70, -20)]), *shop()[40:]]))
    assert (found.state, found.z) == ("complete", pytest.approx(0, abs=1e-9))


# --- whose LTV is counted ----------------------------------------------------------------------------

CHOICES: list[tuple[Choice, int | None, int, float]] = [
    ("auto", 50, 40, 80),
    ("all", None, 80, 90),
    ("proven", 50, 40, 80),
    (0, 0, 80, 90),
    (50, 50, 40, 80),
    (61, 61, 20, 80),
    (120, 120, 20, 80),
]


@pytest.mark.parametrize(("choice", "since", "counted", "ltv"), CHOICES)
def test_who_counts_where_the_history_is_cut_off(
    dataset_of: DatasetOf, choice: Choice, since: int | None, counted: int, ltv: float
) -> None:
    """The mean of all eighty is 90. Whatever is chosen, the state is what it is."""
    query = Query(as_of=1000, churn_gap=GAP, entry=choice)
    dataset = dataset_of(shop())
    found = entry_of(dataset, query)
    assert (found.state, found.choice, found.since) == ("cut off", choice, since)
    assert found.chosen == (choice != "auto")
    row = whole(dataset, query)
    assert (row["counted"], row["ltv"]) == (counted, pytest.approx(ltv, rel=1e-12))
    assert [row[f"ltv_{age}"] for age in (1, 3, 6, 12)] == [pytest.approx(ltv, rel=1e-12)] * 4
    assert row["few"] == (counted < 30)
    slow_path.assert_same(dataset.snapshot(query))


@pytest.mark.parametrize(
    ("choice", "counted", "ltv"), [("auto", 80, 80), ("all", 80, 80), ("proven", 40, 80), (100, 20, 80)]
)
def test_who_counts_where_the_history_is_complete(
    dataset_of: DatasetOf, choice: Choice, counted: int, ltv: float
) -> None:
    dataset, query = dataset_of(shop(80)), Query(as_of=1000, churn_gap=GAP, entry=choice)
    row = whole(dataset, query)
    assert entry_of(dataset, query).state == "complete"
    assert (row["counted"], row["ltv"]) == (counted, pytest.approx(ltv, rel=1e-12))


@pytest.mark.parametrize(("choice", "counted"), [("auto", 60), ("all", 60), ("proven", 20)])
def test_who_counts_where_it_cannot_be_told(dataset_of: DatasetOf, choice: Choice, counted: int) -> None:
    dataset, query = (
        dataset_of([*came(0, 40, 100), *came(60, 20, 80)]),
        Query(as_of=1000, churn_gap=GAP, entry=choice),
    )
    assert entry_of(dataset, query).state == "cannot be told"
    assert whole(dataset, query)["counted"] == counted


def test_the_early_ones_stay_in_everything_else(dataset_of: DatasetOf) -> None:
    """80 customers, 80 orders, 40 · 100 + 40 · 80 = 7 200. The twenty highest of them paid 120, all of them early:
    a quarter are more than the top fifth, and ties never split."""
    dataset = dataset_of(shop())
    row = whole(dataset, LENS)
    assert (row["customers"], row["orders"], row["revenue"]) == (80, 80, 7200)
    assert (row["average_check"], row["orders_per_customer"]) == (90, 1)
    snapshot = dataset.snapshot(LENS)
    assert snapshot.thresholds.vip == 1_200_000
    rows = dataset.ask(profile, LENS, ("tier",))
    assert rows.select("tier", "customers", "revenue", "counted").rows()[0] == ("VIP", 20, 2400, 0)
    # Of a tier of early ones alone no LTV can be told; it is few.
    assert rows.select("ltv", "within_months", "retention_months", "few").rows()[0] == (None, 0, None, True)
    assert rows["customers"].sum() == 80
    early = pl.col("first") < 50
    for name in ("seen", "months", "lapsed"):
        assert snapshot.customers.filter(early)[name].null_count() == 40
        assert snapshot.customers.filter(~early)[name].null_count() == 0


def test_retention_is_that_of_those_who_count(dataset_of: DatasetOf) -> None:
    """The forty early ones came back in month 8, the late ones never did: S = 1, 0 of the latter."""
    dataset = dataset_of([*came(0, 40, 100, [(250, 1)]), *shop()[40:]])
    ((sample, lapsed, median, months, supported, within),) = dataset.ask(retention_summary, LENS).rows()
    assert (sample, lapsed, median, months, supported, within) == (40, 40, 1, 1, 2, 12)
    everybody = dataset.ask(retention_summary, Query(as_of=1000, churn_gap=GAP, entry="all"))
    # Half of eighty stay up to month 8: 1 + 8 · 1/2, and S(9) = 0.
    assert everybody.select("sample", "lapsed", "retention_months").rows() == [(80, 80, pytest.approx(5))]


def test_nobody_counts(dataset_of: DatasetOf) -> None:
    """From a day on which nobody came any more."""
    row = whole(dataset_of(shop()), Query(as_of=1000, churn_gap=GAP, entry=121))
    assert (row["customers"], row["revenue"], row["counted"], row["few"]) == (80, 7200, 0, True)
    assert (row["ltv"], row["check"], row["frequency"], row["retention_months"]) == (None,) * 4
    assert row["within_months"] == 0
