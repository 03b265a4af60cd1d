"""The plan on screen: its boards, choosing and saving, and that it is the plan of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import MOVING_TERMS, moving_shop
from textual.widgets import Input, TextArea

from ltvtui.cli import main
from ltvtui.query.query import Filter, Moved
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.settings_file import workspace_path
from ltvtui.storage.workspace import Workspace
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.note import NoteDialog
from ltvtui.tui.dialogs.plan import PlanDialog
from ltvtui.tui.views.plan.state import BOARDS, PlanState
from ltvtui.user_state.plans import MarketingPlan

SIZES = [(80, 24), (120, 36)]
VIP, MIDDLE, ECONOMY = ((Filter("tier", name),) for name in ("VIP", "middle", "economy"))
GIVEN = ("--churn-gap", "40", "--tier-rule", "threshold:100/50")


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of one test are not those of another."""
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The shop of MOVING."""
    return moving_shop(tmp_path)


def state(app: Driver) -> PlanState:
    return app.location.state(PlanState)


def saved(shop: Path) -> MarketingPlan | None:
    return Workspace(workspace_path()).plan(OpenRequest(shop).shop_key)


async def says(app: Driver, text: str) -> None:
    """A sentence that may break anywhere."""
    await app.until(lambda: text in " ".join(app.text.split()), text)


async def to(app: Driver, board: str) -> None:
    """Tab until the board is there."""
    for _ in BOARDS:
        if state(app).board == board:
            return
        await app.press("tab")
    assert state(app).board == board


@pytest.mark.parametrize("size", SIZES)
def test_five_steps_filled_from_the_data(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+n")
        assert app.main_screen.view == "plan"
        await app.sees("Raise LTV: LTV")
        for board, seen in (
            ("criteria", "No dimension known at the first order"),
            ("method", "✓"),
            ("segments", "few"),
            ("profiles", "months of data"),
            ("measures", "at most"),
            ("changes", "No segments were saved on an earlier day"),
        ):
            await app.press("tab")
            assert state(app).board == board
            await app.sees(seen)
        await app.press("tab")
        assert state(app).board == "goal"
        await app.press("shift+tab")
        assert state(app).board == "changes"

    drive(shop, scenario, size=size, terms=MOVING_TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_chosen_is_saved_and_there_again(shop: Path, size: tuple[int, int]) -> None:
    """The goal is typed, a segment left out; VIP of day 50 are ann and cat, of day 100 ann and bob."""

    async def first(app: Driver) -> None:
        await app.press("ctrl+n", "ctrl+g")
        await app.until(lambda: isinstance(app.app.screen, PlanDialog), "the dialog")
        for name, text in (("goal", "grow-vips"), ("target", "4"), ("until", "2024-05-30")):
            app.app.screen.query_one(f"#{name}", Input).value = text
        await app.press("enter")
        await app.sees("Grow VIPs: VIPs 2 today, 4 wanted by 2024-05-30")
        await to(app, "segments")
        await app.press("space")
        await app.sees("A plan needs a segment")
        await app.press("down", "space")
        assert len(state(app).plan.segments) == 2
        await app.press("ctrl+s")
        await app.until(lambda: saved(shop) is not None, "the plan to be written")
        await app.until(lambda: state(app).draft is None, "the saved plan")

    drive(shop, first, size=size, terms={**MOVING_TERMS, "as_of": "2024-02-20"})

    async def later(app: Driver) -> None:
        await app.press("ctrl+n")
        await says(app, "on 2024-02-20, when it was set, it was 2")
        await to(app, "changes")
        await says(app, "4 customers have changed segment since 2024-02-20")
        await says(app, "egments are 50 days old")
        await app.press("enter")
        await app.settled()
        (step,) = app.location.query.trail
        assert isinstance(step, Moved)
        await app.press("escape")
        await app.press("ctrl+r", "ctrl+s")
        await app.until(lambda: (saved(shop) or MarketingPlan()).segmented_on == 19_823, "the new segmentation")

    drive(shop, later, size=size, terms=MOVING_TERMS)


def test_a_plan_of_the_command_line_is_on_screen(shop: Path) -> None:
    from click.testing import CliRunner

    words = ("plan", str(shop), *GIVEN, "--as-of", "2024-02-20", "--goal", "win-back", "--target", "2", "--keep")
    assert CliRunner().invoke(main, [*words, "--until", "2024-05-30"]).exit_code == 0

    async def scenario(app: Driver) -> None:
        await app.press("ctrl+n")
        await app.sees("customers won back 1 today, 2 wanted by 2024-05-30")
        await says(app, "50 % of the way in 50 % of the time")

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_a_note_on_a_segment_is_its_measure(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+n")
        app.main_screen.go(app.location.changed(PlanState, draft=MarketingPlan(method="tiers")), way="stay")
        await to(app, "measures")
        await app.sees("(suggested)")
        assert app.main_screen.active.steps() == VIP
        await app.press("n")
        await app.until(lambda: isinstance(app.app.screen, NoteDialog), "the dialog")
        app.app.screen.query_one("#name", Input).value = "Frugal Fred"
        app.app.screen.query_one("#actions", TextArea).text = "call them; until 2024-05-01; moves revenue"
        await app.press("ctrl+s")
        await app.sees("call them")
        await app.sees("2024-05-01")
        await to(app, "profiles")
        await app.sees("Frugal Fred")

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_the_method_is_changed_and_rows_lead_on(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+n", "d")
        await app.until(lambda: isinstance(app.app.screen, ChoiceDialog), "the dialog")
        await app.press("c", "enter")
        await app.sees("plan: goal")
        assert state(app).plan.method == "cohorts"
        await to(app, "segments")
        await app.sees("first quarter: 2024 Q1")
        await app.press("c")
        assert app.main_screen.view == "customers"
        assert app.location.query.trail == (Filter("first quarter", "2024 Q1"),)
        await app.press("backspace")
        assert app.main_screen.view == "plan"

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_segments_of_explore_are_scored(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "ctrl+t")
        assert (app.main_screen.view, state(app).board) == ("plan", "segments")
        await app.sees("VIP")
        await app.press("escape")

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_a_plan_of_a_part_is_not_saved(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        app.main_screen.go(app.location.at("explore", app.location.query & VIP[0]))
        await app.settled()
        await app.press("ctrl+t", "ctrl+s")
        await app.sees("A saved plan is about all customers")
        assert saved(shop) is None

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_the_whole_plan_is_exported(shop: Path, tmp_path: Path) -> None:
    target = tmp_path / "plan.md"

    async def scenario(app: Driver) -> None:
        await app.press("ctrl+n", "x")
        await app.sees("the whole plan, as .md, .html")
        app.app.screen.query_one("#file", Input).value = str(target)
        await app.press("enter")
        await app.until(target.exists, "the file")

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)
    assert target.read_text("utf-8").startswith("# Plan: raise LTV\n")
