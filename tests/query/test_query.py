"""What the analyst is looking at, as a value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.analytics.entry import CHOICES, Choice
from ltvtui.analytics.tiers.tiers import TierRule, parse_rule
from ltvtui.errors import LtvError
from ltvtui.query.query import Filter, Query
from ltvtui.query.terms import (
    parse_churn_gap,
    parse_discount,
    parse_entry,
    parse_horizon,
    parse_margin,
    parse_week_start,
    write_entry,
)

VIP, ROME, NOWHERE = Filter("tier", "VIP"), Filter("city", "Rome"), Filter("city", None)


def test_defaults() -> None:
    query = Query()
    assert (query.as_of, query.horizon, query.churn_gap, query.margin, query.discount) == (None, 12, None, None, 0)
    assert query.entry == "auto"
    assert (query.tier_rule.kind, query.tier_rule.vip, query.tier_rule.middle) == ("quantile", 0.2, 0.3)
    assert query.trail == ()


@pytest.mark.parametrize(("step", "words"), [(VIP, "VIP"), (ROME, "city: Rome"), (NOWHERE, "city: unknown")])
def test_a_step_in_words(step: Filter, words: str) -> None:
    assert step.describe() == words


def test_a_trail_in_words() -> None:
    assert Query().describe() == "all customers"
    assert (Query() & VIP).describe() == "VIP"
    assert (Query() & VIP & ROME).describe() == "VIP ▸ city: Rome"


def test_narrowing_keeps_the_terms_and_the_lens_itself() -> None:
    query = Query(as_of=5, horizon=6, churn_gap=40, margin=0.4, discount=0.1, tier_rule=parse_rule("share:50/80"))
    narrow = query & VIP
    assert narrow.trail == (VIP,)
    assert replace(narrow, trail=()) == query
    assert query.trail == ()
    with pytest.raises(FrozenInstanceError):
        query.horizon = 3  # type: ignore[misc]


def test_a_step_on_the_trail_changes_nothing() -> None:
    query = Query() & VIP & ROME
    assert query & VIP is query
    assert query & Filter("city", "Rome") is query
    assert (query & NOWHERE).trail == (VIP, ROME, NOWHERE)


def test_going_up_from_the_top_stays_there() -> None:
    assert Query().up() == Query()
    assert (Query(horizon=6) & VIP & ROME).whole() == Query(horizon=6)


steps = st.builds(Filter, st.sampled_from(["tier", "city", "age band"]), st.sampled_from(["VIP", "a", "b", None]))
trails = st.lists(steps, unique=True, max_size=5)


@given(trails, steps, st.integers(1, 36))
def test_down_and_up_again(trail: list[Filter], step: Filter, horizon: int) -> None:
    query = Query(horizon=horizon)
    for done in trail:
        query &= done
    assert query.trail == tuple(trail)
    if step not in trail:
        assert (query & step).up() == query
        assert hash((query & step).up()) == hash(query)
        assert query & step != query
    for _ in trail:
        query = query.up()
    assert query == Query(horizon=horizon)


def test_terms_leave_out_what_is_default() -> None:
    assert Query().terms() == {}
    assert (Query(as_of=19_000) & VIP).terms() == {}
    assert Query(
        horizon=6,
        churn_gap=40,
        entry="proven",
        margin=0.4,
        discount=0.1,
        tier_rule=TierRule("threshold", 500, 100),
        week_start=6,
    ).terms() == {
        "horizon": "6",
        "churn_gap": "40",
        "entry": "proven",
        "margin": "0.4",
        "discount": "0.1",
        "tier_rule": "threshold:500/100",
        "week_start": "sunday",
    }


@given(
    st.integers(1, 120),
    st.one_of(st.none(), st.integers(1, 3650)),
    st.one_of(st.sampled_from(CHOICES), st.integers(-20_000, 80_000)),
    st.one_of(st.none(), st.floats(0.0001, 1)),
    st.floats(0, 10),
    st.sampled_from(["quantile:20/30", "quantile:7/29", "share:50/80", "threshold:130.49/43.06"]),
    st.integers(0, 6),
)
def test_terms_are_read_back_alike(
    horizon: int,
    churn_gap: int | None,
    entry: Choice,
    margin: float | None,
    discount: float,
    rule: str,
    week_start: int,
) -> None:
    query = Query(horizon, churn_gap, entry, margin, discount, parse_rule(rule), week_start)
    readers: dict[str, Any] = {
        "horizon": parse_horizon,
        "churn_gap": parse_churn_gap,
        "entry": parse_entry,
        "margin": parse_margin,
        "discount": parse_discount,
        "tier_rule": parse_rule,
        "week_start": parse_week_start,
    }
    assert Query(**{name: readers[name](word) for name, word in query.terms().items()}) == query


@pytest.mark.parametrize(
    ("word", "choice"), [("auto", "auto"), (" ALL ", "all"), ("Proven", "proven"), ("2024-07-01", 19_905)]
)
def test_an_entry_as_people_write_it(word: str, choice: Choice) -> None:
    assert parse_entry(word) == choice
    assert parse_entry(write_entry(choice)) == choice


@pytest.mark.parametrize("word", ["", "new", "none", "2024-02-30", "19905"])
def test_no_entry(word: str) -> None:
    with pytest.raises(LtvError) as refused:
        parse_entry(word)
    assert refused.value.exit_code == 2
    assert word in refused.value.what
    assert "auto, all, proven, or a day" in refused.value.mend


@pytest.mark.parametrize(
    ("word", "day"), [("monday", 0), ("Mon", 0), (" SUNDAY ", 6), ("sun", 6), ("thu", 3), ("Saturday", 5)]
)
def test_a_weekday_as_people_write_it(word: str, day: int) -> None:
    assert parse_week_start(word) == day


@pytest.mark.parametrize("word", ["", "m", "mond", "7", "1", "sonntag"])
def test_no_weekday(word: str) -> None:
    with pytest.raises(LtvError) as refused:
        parse_week_start(word)
    assert refused.value.exit_code == 2
    assert "monday" in refused.value.mend
