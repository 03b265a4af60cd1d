"""The filter line on screen: typed, completed, applied, changed, taken away."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from driving import Driver, drive
from shops import LARGE_SHOP, build
from textual.widgets import Input

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.query.query import Filter, Where
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.dialogs.filter import FilterDialog
from ltvtui.tui.location import Location

SIZES = [(80, 24), (120, 36)]
ALL_LAPSED = {"as_of": "2024-12-31"}


async def write(app: Driver, text: str) -> None:
    """Put `text` where the cursor is, as a terminal pastes it."""
    app.app.screen.query_one(Input).insert_text_at_cursor(text)
    await app.pilot.pause()


async def opened(app: Driver) -> None:
    """Open the filter, and wait for what it offers."""
    await app.press("f")
    await app.until(lambda: isinstance(app.app.screen, FilterDialog), "the dialog")
    await app.until(lambda: "customers" in app.text and "Tab accept" in app.text, "the hint")


async def apply(app: Driver, text: str) -> None:
    """Filter by `text`."""
    await opened(app)
    await write(app, text)
    await app.pilot.press("enter")
    await app.until(lambda: not isinstance(app.app.screen, FilterDialog), "the dialog to close")
    await app.settled()


def trail(app: Driver) -> list[str]:
    return [step.describe() for step in app.location.query.trail]


def value(app: Driver) -> str:
    return app.app.screen.query_one(Input).value


@pytest.mark.parametrize("size", SIZES)
def test_a_filter_is_completed_told_and_applied(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await opened(app)
        await app.sees("10 of 10 customers")
        await app.pilot.press(*"coun", "tab")
        await app.until(lambda: value(app) == "country ", "the name")
        await app.pilot.press("tab")
        await app.until(lambda: value(app) == "country = ", "the sign")
        await app.sees("A value is missing after =.")
        await app.until(lambda: "unknown" in app.text, "the values")
        await app.pilot.press("down", "up", "down", "tab")  # DK, SE
        await app.until(lambda: value(app) == "country = SE ", "the value")
        await app.sees("4 of 10 customers")  # cat, dan, gus, ida
        await write(app, "and orders >= 2")
        await app.sees("2 of 10 customers")  # cat, dan
        await app.press("enter")
        await app.until(lambda: trail(app) == ["country = SE and orders >= 2"], "the step")
        await app.settled()
        assert app.location.view == "overview"
        assert "country = SE and orders >= 2" in app.text.splitlines()[0]
        await app.sees("900.00")  # cat 500 and dan 400
        await app.press("escape")
        assert trail(app) == []
        await app.sees("LTV ≥ 350.00 ±255.85" if size[0] < 100 else "3 500")  # the interval goes before the revenue

    drive(corner, scenario, size=size, terms=ALL_LAPSED)


@pytest.mark.parametrize("size", SIZES)
def test_a_mistake_is_pointed_at(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await opened(app)
        await write(app, "orders > 1 and contry = SE")
        await app.sees("This shop has no field 'contry'.")
        await app.sees("Did you mean country?")
        lines = app.text.splitlines()
        (caret,) = (n for n, line in enumerate(lines) if line.strip(" │").startswith("^") or " ^ " in line)
        assert lines[caret - 1].index("contry") == lines[caret].index("^")
        assert all(len(line) <= size[0] for line in lines)
        await app.pilot.press("enter")  # nothing is applied
        await app.pilot.pause()
        assert isinstance(app.app.screen, FilterDialog)
        await app.pilot.press("escape")
        await app.settled()
        assert trail(app) == []

    drive(corner, scenario, size=size, terms=ALL_LAPSED)


def test_a_dimension_with_its_value_is_the_plain_step(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "country = dk")
        assert app.location.query.trail == (Filter("country", "DK"),)
        await opened(app)  # on top of it, not instead
        assert value(app) == ""
        await app.sees("5 of 5 customers")

    drive(corner, scenario, terms=ALL_LAPSED)


@pytest.mark.parametrize("view", ["overview", "explore", "cohorts", "customers"])
def test_it_stays_in_its_view(corner: Path, view: str) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "channel = shop and not channel = web")  # bob, eve, hal; cat came by both
        assert app.location.view == view
        assert trail(app) == ["channel = shop and not channel = web"]
        await app.sees("1 200")  # 800 and 300 and 100
        await app.press("escape")
        assert (app.location.view, trail(app)) == (view, [])

    drive(corner, scenario, terms=ALL_LAPSED, start=Location(view))


def test_the_last_filter_is_changed_and_taken_away(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "orders > 1")
        await opened(app)
        assert value(app) == "orders > 1"
        await app.pilot.press("backspace", "2")
        await app.sees("2 of 10 customers")  # ann, bob
        await app.press("enter")
        await app.until(lambda: trail(app) == ["orders > 2"], "the change")
        await app.settled()
        await app.press("escape")  # up from it is where it began
        assert trail(app) == []
        await apply(app, "orders > 1 or country = SE")
        await opened(app)
        await app.pilot.press("home", "ctrl+k")
        await app.sees("10 of 10 customers")
        await app.press("enter")
        await app.until(lambda: trail(app) == [], "nothing")
        await app.settled()
        assert app.main_screen.navigator.previous_location is None  # not to go up twice

    drive(corner, scenario, terms=ALL_LAPSED)


def test_taken_away_elsewhere_it_keeps_the_view(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "orders > 1")
        await app.press("2")
        await opened(app)
        await app.pilot.press("home", "ctrl+k", "enter")
        await app.until(lambda: trail(app) == [], "nothing")
        await app.settled()
        assert app.location.view == "explore"
        await opened(app)
        await app.pilot.press("enter")  # an empty line changes nothing
        await app.settled()
        assert (app.location.view, trail(app)) == ("explore", [])

    drive(corner, scenario, terms=ALL_LAPSED)


def test_what_was_typed_comes_back(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "orders = 1")
        await app.press("escape")
        await apply(app, "orders > 1")
        await app.press("escape")
        await opened(app)
        assert "↑ previous filter" in app.text
        await app.pilot.press("up")
        await app.until(lambda: value(app) == "orders > 1", "the last one")
        await app.pilot.press("up")
        await app.until(lambda: value(app) == "orders = 1", "the one before it")
        await app.sees("5 of 10 customers")
        await app.press("enter")
        await app.until(lambda: trail(app) == ["orders = 1"], "the step")
        assert app.main_screen.expressions == ("orders = 1", "orders > 1")

    drive(corner, scenario, terms=ALL_LAPSED)


def test_nobody_is_an_empty_screen(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "orders > 99")
        await app.sees("No customers in this selection: Esc goes back up.")
        for key in ("2", "3", "1"):
            await app.press(key)
        await app.press("escape", "escape", "escape", "escape")
        assert trail(app) == []

    drive(corner, scenario, size=(80, 24), terms=ALL_LAPSED)


def test_a_long_filter_is_cut_and_can_be_read_where_it_is_changed(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        said = "country in (DK, SE) and orders >= 1 and last >= 2024-01-01 and revenue < 100000.5"
        await apply(app, said)
        await app.press("2")
        assert trail(app) == [said]
        line = app.text.splitlines()[0]
        assert line.startswith(" corner.sqlite ▸ country in (DK, SE)")
        assert "… ▸ by " in line
        await opened(app)
        await app.sees("< 100000.5")  # the end, where one goes on

    drive(corner, scenario, size=(80, 24), terms=ALL_LAPSED)


def test_a_filter_follows_the_as_of_day(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "last >= -31d")  # 2024-03-11 to 2024-04-11: ann, bob
        assert "2 cust" in app.text
        await app.press("left_square_bracket")  # as of 2024-03-11: from 2024-02-09 on, everybody
        await app.sees("10 cust")
        assert trail(app) == ["last >= -31d"]

    drive(corner, scenario, size=(80, 24))


def test_it_does_not_work_where_nobody_is_selected(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("8", "f")
        await app.sees("Filters need a screen of customers")

    drive(corner, scenario)


def test_enter_and_tab_wait_for_what_is_typed(corner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ltvtui.tui.actions import filtering

    may_go, told, offered = threading.Event(), filtering.step_of, filtering.complete

    def slow_step(*args: object) -> object:
        may_go.wait(60)
        return told(*args)  # type: ignore[arg-type]

    def slow_offer(*args: object) -> object:
        may_go.wait(60)
        return offered(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(filtering, "step_of", slow_step)
    monkeypatch.setattr(filtering, "complete", slow_offer)

    async def scenario(app: Driver) -> None:
        await app.press("f")
        await write(app, "orders > 1 and coun")
        await app.pilot.press("tab")
        may_go.set()
        await app.until(lambda: value(app) == "orders > 1 and country ", "the name")
        may_go.clear()
        await write(app, "= SE")
        await app.pilot.press("enter")
        assert isinstance(app.app.screen, FilterDialog)
        may_go.set()
        await app.until(lambda: trail(app) == ["orders > 1 and country = SE"], "the step")
        await app.settled()

    drive(corner, scenario, terms=ALL_LAPSED)


def test_a_filter_that_cannot_be_any_more_is_left(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "channel = web and orders > 1")
        dataset, mapping = app.main_screen.dataset, app.app.parts.shop.mapping
        assert mapping is not None
        less = replace(dataset, cleaned=replace(dataset.cleaned, attributes=()))
        app.main_screen.updates.open(
            OpenedDataset(less, app.location.query, BudgetTerms(), mapping, None, (), CleaningPolicy())
        )
        await app.until(lambda: trail(app) == [], "the whole shop")
        await app.settled()
        assert app.location.view == "overview"

    drive(corner, scenario, terms=ALL_LAPSED)


def test_of_a_large_shop_it_is_asked_beside_the_keyboard(tmp_path: Path) -> None:
    async def scenario(app: Driver) -> None:
        await apply(app, "channel in (c1, c2) and revenue > 1000")
        (step,) = app.location.query.trail
        assert isinstance(step, Where)
        assert trail(app) == ["channel in (c1, c2) and revenue > 1000"]

    drive(build(tmp_path, LARGE_SHOP.format(status="NULL")), scenario)
