"""A plan worked by hand on small shops: figures, effects, and what moved between two days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shops import COSTS, MOVING_TERMS, SALES, build, moving_shop

from ltvtui.days import parse_day
from ltvtui.query.query import Filter
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.planning.plan import plan_of, to_save
from ltvtui.session.planning.question import PlanQuestion
from ltvtui.user_state.next_steps import NextStep
from ltvtui.user_state.notes import Note, Notebook, Subject
from ltvtui.user_state.plan_answer import PlanAnswer
from ltvtui.user_state.plans import MarketingPlan

DAY_50, DAY_100, DAY_150 = (parse_day(day) for day in ("2024-02-20", "2024-04-10", "2024-05-30"))
NOW = "2024-04-10T12:00:00+00:00"


@pytest.fixture
def moving(tmp_path: Path) -> PlanQuestion:
    """The shop of MOVING on day 100: VIP from 100, middle from 50, lapsed after 40 days."""
    opened = open_shop(OpenRequest(moving_shop(tmp_path), terms=MOVING_TERMS))
    return PlanQuestion(opened.dataset, opened.query, opened.budget)


def on(asked: PlanQuestion, day: int, plan: MarketingPlan, notebook: Notebook | None = None) -> PlanAnswer:
    """The plan on that day."""
    query = replace(asked.query, as_of=day)
    return plan_of(replace(asked, query=query, plan=plan, notebook=notebook or Notebook()))


def effects(found: PlanAnswer) -> dict[str, Any]:
    """Kind, customers, each and total by segment."""
    rows = {measure.segment: measure.effect for measure in found.measures}
    keys = ("kind", "customers", "each", "total")
    return {name: None if row is None else tuple(row[key] for key in keys) for name, row in rows.items()}


def test_customers_won_back_are_counted_from_the_day_of_the_goal(moving: PlanQuestion) -> None:
    """On day 50 dan (silent 45) and hal (40) have lapsed; until day 100 dan has ordered again."""
    first = on(moving, DAY_50, MarketingPlan(goal="win-back", target=2.0, until=DAY_150, method="tiers"))
    assert (first.goal.now.value, first.goal.progress, first.saved) == (0, None, False)
    plan = to_save(first, None, NOW)
    assert (plan.set_on, plan.baseline, plan.segmented_on) == (DAY_50, 0, DAY_50)

    later = on(moving, DAY_100, plan)
    moved = later.goal.progress
    assert moved is not None
    assert (moved.then.value, moved.now.value, moved.now.customers) == (0, 1, 2)
    assert (moved.share, moved.time, moved.days_left) == (0.5, 0.5, 50)
    assert not moved.is_changed


def test_vips_are_counted_from_the_amount_of_the_day_of_the_goal(moving: PlanQuestion) -> None:
    """On day 50 ann (110) and cat (200); on day 100 ann and bob (120), for cat has lapsed."""
    first = on(moving, DAY_50, MarketingPlan(goal="grow-vips"))
    assert (first.goal.now.value, first.goal.target, first.method.method) == (2, 3, "tiers")
    plan = to_save(first, None, NOW)
    assert (plan.vip_from, plan.baseline) == (100 * 10_000, 2)
    other_rule = replace(moving.query, tier_rule=replace(moving.query.tier_rule, vip=500.0, middle=100.0))
    later = on(replace(moving, query=other_rule), DAY_100, plan)
    assert later.goal.now.value == 2
    assert later.goal.progress is not None
    assert later.goal.progress.share == 0


def test_who_changed_segment_since(moving: PlanQuestion) -> None:
    """bob middle to VIP, cat VIP to lapsed, dan lapsed to middle, gus economy to lapsed; eve and fay are new; ann and
    hal are what they were."""
    plan = to_save(on(moving, DAY_50, MarketingPlan(method="tiers")), None, NOW)
    found = on(moving, DAY_100, plan)
    changes = found.changes
    assert changes is not None
    assert (changes.since, changes.moved, changes.joined, changes.stayed) == (DAY_50, 4, 2, 2)
    assert changes.customers.select("id", "before", "after", "revenue").rows() == [
        ("cat", "VIP", "lapsed", 200),
        ("bob", "middle", "VIP", 120),
        ("dan", "lapsed", "middle", 61),
        ("gus", "economy", "lapsed", 11),
        ("eve", "no order yet", "economy", 10),
        ("fay", "no order yet", "lapsed", 10),
    ]
    assert (found.age, found.is_old) == (50, True)  # the churn gap is 40 days
    assert on(moving, DAY_50 + 40, plan).is_old is False
    assert on(moving, DAY_50, plan).changes is None


def test_own_filters_have_changes_too(moving: PlanQuestion) -> None:
    """On day 50 ann alone has two orders; on day 100 ann has three, bob, dan and gus have two (gus from day 45)."""
    two = (Filter("orders band", "2"),)
    plan = to_save(on(moving, DAY_50, MarketingPlan(method="filter", segments=(two,))), None, NOW)
    changes = on(moving, DAY_100, plan).changes
    assert changes is not None
    assert sorted(changes.customers.select("id", "before", "after").rows()) == [
        ("ann", "orders band: 2", "none of them"),
        ("bob", "none of them", "orders band: 2"),
        ("dan", "none of them", "orders band: 2"),
        ("eve", "no order yet", "none of them"),
        ("fay", "no order yet", "none of them"),
    ]


def test_what_one_more_order_brings_at_most(moving: PlanQuestion) -> None:
    """VIP who have not lapsed: ann and bob, 235 in five orders; middle: dan, 61 in two; economy: eve, 10 in one."""
    found = on(moving, DAY_100, MarketingPlan(method="tiers"))
    assert effects(found) == {
        "VIP": ("order", 2, 47, 94),
        "middle": ("order", 1, 30.5, 30.5),
        "economy": ("order", 1, 10, 10),
    }
    assert [measure.suggested for measure in found.measures] == [True] * 3


def test_what_winning_back_brings_at_most_without_a_forecast(moving: PlanQuestion) -> None:
    """Lapsed with what they brought within the year: cat 200; hal 70; fay 10 and gus 70 - 60 + 1."""
    found = on(moving, DAY_100, MarketingPlan(goal="win-back", method="tiers"))
    assert effects(found) == {
        "VIP": ("lately", 1, 200, 200),
        "middle": ("lately", 1, 70, 70),
        "economy": ("lately", 2, 10.5, 21),
    }


def test_who_is_one_order_below_vip(moving: PlanQuestion) -> None:
    """On day 50 bob has 60 in one order: one more makes 120; cat and ann are VIPs, and nobody fades."""
    found = on(moving, DAY_50, MarketingPlan(goal="grow-vips"))
    assert effects(found) == {"middle": ("near", 1, None, 1)}


def test_next_steps_of_the_segments_are_the_measures(moving: PlanQuestion) -> None:
    note = Note("Big Ann", "buys for two", "call them; owner Ann; until 2024-05-01; moves LTV\nsend a card")
    notebook = Notebook({Subject((Filter("tier", "VIP"),)).key: note})
    plan = MarketingPlan(method="tiers", segments=((Filter("tier", "VIP"),),))
    found = on(moving, DAY_100, plan, notebook)
    steps = [(measure.step, measure.suggested) for measure in found.measures]
    assert steps == [
        (NextStep("call them", "Ann", parse_day("2024-05-01"), "LTV"), False),
        (NextStep("send a card"), False),
    ]
    assert found.profiles[0].note.name == "Big Ann"


def test_a_goal_counts_from_the_day_of_its_number(moving: PlanQuestion) -> None:
    """Another day for the same number is the same goal; another number begins anew; so do segments chosen again."""
    first = to_save(on(moving, DAY_50, MarketingPlan(goal="win-back", target=2.0, method="tiers")), None, NOW)
    same = to_save(on(moving, DAY_100, replace(first, until=DAY_150 + 9)), first, NOW)
    assert (same.set_on, same.segmented_on, same.until) == (DAY_50, DAY_50, DAY_150 + 9)
    again = to_save(on(moving, DAY_100, first), first, NOW, again=True)
    assert (again.set_on, again.segmented_on) == (DAY_50, DAY_100)
    other = replace(first, target=3.0, set_on=None, baseline=None, vip_from=None)
    assert to_save(on(moving, DAY_100, other), first, NOW).set_on == DAY_100


def test_what_a_dear_channel_can_save(tmp_path: Path) -> None:
    """Of two months a customer of ads brings 13 at a CAC of 360 ÷ 30 = 12; the max CAC is 13 ÷ 3; mail costs 1."""
    shop = build(tmp_path, SALES + COSTS)
    opened = open_shop(OpenRequest(shop, terms={"horizon": "2", "as_of": "2024-03-03"}))
    asked = PlanQuestion(opened.dataset, opened.query, opened.budget, MarketingPlan(goal="cut-cac"))
    found = plan_of(asked)
    assert found.method.by == ("channel",)
    assert found.goal.now.value == pytest.approx((360 + 30) / 60)
    assert found.goal.target == pytest.approx(6.5 * 0.9)
    (measure,) = found.measures
    assert measure.segment == "channel: ads"
    assert measure.effect is not None
    assert (measure.effect["customers"], measure.effect["own"]) == (30, 12)
    assert measure.effect["total"] == pytest.approx(30 * (12 - 13 / 3))
    # LTV - CAC: 13 - 12, 13 - 1; of organic nothing is spent.
    net = dict(found.matrix.rows.select("segment", "net").iter_rows())
    assert net == {"channel: ads": 1, "channel: mail": 12, "channel: organic": None}


@pytest.mark.parametrize("goal", ["cut-cac", "check-budget"])
def test_without_spend_it_says_what_is_missing(moving: PlanQuestion, goal: str) -> None:
    found = on(moving, DAY_100, MarketingPlan(goal=goal))
    assert found.goal.now.value is None
    assert "No spend is known" in found.goal.now.missing
    assert {measure.effect for measure in found.measures} <= {None}
    plan = to_save(found, None, NOW)
    assert on(moving, DAY_100, plan).goal.progress is not None


def test_rare_purchases_switch_xyz_off(moving: PlanQuestion) -> None:
    """Of eight customers nobody has four order days."""
    found = on(moving, DAY_100, MarketingPlan(method="abc-xyz"))
    assert found.method.facts.regular == 0
    assert found.method.by == ("ABC",)
