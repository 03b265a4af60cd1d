"""The plan of a shop, the order of its lead stages and next steps: written and read back, and what is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ltvtui.days import parse_day
from ltvtui.errors import LtvError
from ltvtui.query.grammar.parsing import parse
from ltvtui.query.query import Filter, Where
from ltvtui.storage.workspace import Workspace
from ltvtui.user_state.filter_steps import Unreadable
from ltvtui.user_state.lead_order import LeadOrder
from ltvtui.user_state.next_steps import NextStep, parse_step, steps_of
from ltvtui.user_state.notes import NO_NOTE, Note, Subject
from ltvtui.user_state.plans import MarketingPlan, read_plan, write_plan
from ltvtui.user_state.state import NoteChange, PlanChange, UserState

VIP = (Filter("tier", "VIP"),)
PLAN = MarketingPlan(
    goal="raise-ltv",
    target=120.0,
    until=parse_day("2027-03-01"),
    method="tiers",
    segments=(VIP, (Filter("country", None), Where(parse("orders >= 3")))),
    weights=(("value", 2.0),),
    set_on=parse_day("2026-06-30"),
    baseline=75.5,
    vip_from=1_304_900,
    segmented_on=parse_day("2026-06-30"),
    changed="2026-07-01T00:00:00+00:00",
)
CALL = "call them; owner Ann; until 2027-03-01; moves ltv"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "data" / "workspace.sqlite")


def test_a_plan_is_read_back_as_it_was_kept(workspace: Workspace) -> None:
    assert workspace.plan("shop") is None
    workspace.change("shop", PlanChange(PLAN))
    workspace.change("other", PlanChange(MarketingPlan(goal="cut-cac", changed="2026-07-02T00:00:00+00:00")))
    assert workspace.plan("shop") == PLAN
    assert workspace.user_state("shop", "").plan == PLAN
    workspace.change("shop", PlanChange(None))
    assert workspace.plan("shop") is None
    assert workspace.plan("other") is not None


def test_a_change_holds_at_once() -> None:
    assert UserState().after([PlanChange(PLAN)]).plan == PLAN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        write_plan(PLAN).replace("raise-ltv", "grow old"),
        write_plan(PLAN).replace("2027-03-01", "soon"),
    ],
)
def test_a_damaged_plan_is_none(workspace: Workspace, text: str) -> None:
    with pytest.raises(Unreadable):
        read_plan(text)
    workspace.change("shop", PlanChange(PLAN))
    with closing(sqlite3.connect(workspace.path)) as connection:
        connection.execute("UPDATE plan SET content = ?", [text])
        connection.commit()
    assert workspace.plan("shop") is None
    assert "is damaged" in workspace.notice
    assert workspace.user_state("shop", "").plan is None


def test_the_order_of_lead_stages_is_given_once(workspace: Workspace) -> None:
    assert workspace.lead_order("shop") == LeadOrder()
    workspace.save_lead_order("shop", LeadOrder(("lead", "deal"), ("lost",)), "2026-07-01T00:00:00+00:00")
    assert workspace.lead_order("shop") == LeadOrder(("lead", "deal"), ("lost",))
    workspace.save_lead_order("shop", LeadOrder(), "2026-07-02T00:00:00+00:00")
    assert workspace.lead_order("shop") == LeadOrder()


def test_next_steps_are_lines_of_a_note(workspace: Workspace) -> None:
    key = Subject(VIP).key
    note = Note("Frugal Fred", "buys on sale", f"{CALL}\n\n- send a card; by 2027-01-02\nask until they answer")
    workspace.change("shop", NoteChange(key, NO_NOTE, note))
    found = workspace.user_state("shop", "").notes.of_trail(VIP)
    day, soon = parse_day("2027-03-01"), parse_day("2027-01-02")
    assert found.steps == (
        NextStep("call them", "Ann", day, "ltv"),
        NextStep("send a card", until=soon),
        NextStep("ask until they answer"),
    )
    assert found.steps[0].write() == CALL
    assert parse_step(CALL) == found.steps[0]


def test_what_is_no_day_is_refused_headless_and_left_in_a_note() -> None:
    assert steps_of("call; until they answer; owner") == (NextStep("call; until they answer; owner"),)
    with pytest.raises(LtvError, match="'they answer' is not a day"):
        parse_step("call; until they answer")
    with pytest.raises(LtvError, match="does not say what to do"):
        parse_step("; until 2027-03-01")
