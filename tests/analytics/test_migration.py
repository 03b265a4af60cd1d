"""Who moved where, by hand; and the laws of moving (metrics.md §5, §8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shops import MOVING

from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE, Cut, Moves, moves
from ltvtui.analytics.segments import profile
from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.query.query import Filter, Moved, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
START = date(2024, 1, 1)


def on(day: int) -> str:
    return (START + timedelta(day)).isoformat()


SALES = [(who, on(day), amount) for who, day, amount in MOVING]
LENS = Query(as_of=19_723 + 100, churn_gap=40, tier_rule=TierRule("threshold", 100, 50))
SINCE = 19_723 + 50


def told(found: Moves) -> dict[tuple[str, str], int]:
    return {(before, after): count for before, after, count, _ in found.frame.rows() if count}


def test_tiers_move_with_frozen_thresholds(dataset_of: DatasetOf) -> None:
    found = dataset_of(SALES).ask(moves, LENS, "tier", SINCE)
    assert told(found) == {
        ("VIP", "VIP"): 1,
        ("middle", "VIP"): 1,
        ("VIP", "lapsed"): 1,
        ("lapsed", "middle"): 1,
        ("new", "economy"): 1,
        ("new", "lapsed"): 1,
        ("economy", "lapsed"): 1,
        ("lapsed", "lapsed"): 1,
    }
    assert dict(found.totals("before").select("before", "customers").rows()) == {
        "new": 2,
        "VIP": 2,
        "middle": 1,
        "economy": 1,
        "lapsed": 2,
    }


def test_a_quantile_rule_is_frozen_in_money(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([("ann", on(0), 30), ("bob", on(0), 10), ("ann", on(9), 70), ("bob", on(9), 5)])
    query = Query(as_of=19_723 + 10, churn_gap=40, tier_rule=TierRule("quantile", 0.5, 0.5))
    # Today's two spent 100 and 15, and that is where VIP and middle begin; then they had spent 30 and 10.
    assert told(dataset.ask(moves, query, "tier", 19_723)) == {("middle", "VIP"): 1, ("economy", "middle"): 1}


def test_stages_move(dataset_of: DatasetOf) -> None:
    # Gaps 30, 45, 60, 60, 94: the 75th percentile is 60, beyond the churn gap. So W is 40 too, and nobody fades.
    found = dataset_of(SALES).ask(moves, LENS, "stage", SINCE)
    assert told(found) == {
        ("regular", "regular"): 1,  # ann
        ("new", "regular"): 1,  # bob
        ("new", "one-time"): 1,  # cat
        ("one-time", "one-time"): 1,  # hal, silent 40 and then 90
        ("one-time", "regular"): 1,  # dan
        ("no order yet", "new"): 1,  # eve
        ("no order yet", "one-time"): 1,  # fay
        ("regular", "lost"): 1,  # gus
    }


def test_changes_are_those_who_came_less_those_who_went(dataset_of: DatasetOf) -> None:
    found = dataset_of(SALES).ask(moves, LENS, "tier", SINCE).changes()
    assert found.columns == ["state", "before", "change", "came", "went"]
    assert found.rows() == [
        ("VIP", 2, 0, 1, 1),  # bob came, cat went
        ("middle", 1, 0, 1, 1),  # dan came back, bob went on
        ("economy", 1, 0, 1, 1),  # eve came, gus went
        ("lapsed", 2, 2, 3, 1),  # cat, fay and gus came, dan went
    ]


@pytest.mark.parametrize("cut", ["tier", "stage"])
def test_the_people_of_a_cell_are_those_it_counts(dataset_of: DatasetOf, cut: Cut) -> None:
    dataset = dataset_of(SALES)
    found = dataset.ask(moves, LENS, cut, SINCE)
    for before, after, count, _ in found.frame.rows():
        assert dataset.snapshot(LENS & Moved(cut, SINCE, before, after)).customers.height == count
    for before, count, _ in found.totals("before").rows():
        assert dataset.snapshot(LENS & Moved(cut, SINCE, before)).customers.height == count


def test_a_step_says_what_it_keeps() -> None:
    assert Moved("tier", SINCE, "VIP", "lapsed").describe() == "tier VIP on 2024-02-20, now lapsed"
    assert Moved("tier", SINCE, "VIP").describe() == "tier VIP on 2024-02-20"
    assert Moved("stage", SINCE, after="lost").describe() == "stage now lost"


def test_a_part_moves_as_it_does_in_the_whole(dataset_of: DatasetOf) -> None:
    dataset = dataset_of([(who, day, money, {"channel": who[0]}) for who, day, money in SALES])
    part = dataset.ask(moves, LENS & Filter("channel", "b"), "tier", SINCE)
    assert told(part) == {("middle", "VIP"): 1}


days = st.integers(0, 200)
sales = st.lists(st.tuples(st.sampled_from("abcdef"), days, st.integers(-50, 99)), min_size=1, max_size=25)


@given(sales, days, days, st.sampled_from(["tier", "stage"]))
def test_moving_conserves_customers(
    dataset_of: DatasetOf, sold: list[tuple[str, int, int]], one: int, other: int, cut: Cut
) -> None:
    dataset = dataset_of([*((who, on(day), money) for who, day, money in sold), ("g", on(0), 10)])
    since, until = (19_723 + day for day in sorted((one, other)))
    query = Query(as_of=until, churn_gap=30)
    found = dataset.ask(moves, query, cut, since)
    everybody = dataset.snapshot(query).customers.height
    assert found.frame["customers"].sum() == everybody
    assert found.frame["revenue"].sum() == dataset.snapshot(query).customers["revenue"].sum()
    assert found.frame.height == len(BEFORE[cut]) * len(AFTER[cut])
    there = dict(found.totals("before").select("before", "customers").rows())
    assert everybody - there[BEFORE[cut][0]] == dataset.snapshot(Query(as_of=since)).customers.height
    if cut == "stage":  # the columns are the stages of the second day
        now = found.totals("after").select("after", "customers").filter(pl.col("customers") > 0)
        assert dict(now.rows()) == dict(dataset.ask(profile, query, ("stage",)).select("stage", "customers").rows())
    if since == until:
        same = {(before, after) for before, after, count, _ in found.frame.rows() if count}
        assert all(before == after for before, after in same)
