"""Saved views on screen: saved under a name, gone to, returned from, removed."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from driving import TODAY, Driver, drive
from textual.widgets import Input

from ltvtui.days import parse_day
from ltvtui.query.query import Filter, Query
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.settings_file import load_terms, workspace_path
from ltvtui.storage.workspace import Workspace, database
from ltvtui.tui.app import LtvApp
from ltvtui.tui.dialogs.views import ViewsDialog
from ltvtui.tui.location import Location
from ltvtui.tui.registry import registry_of
from ltvtui.tui.saved_views import write_location
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.registry import VIEWS
from ltvtui.user_state.state import SavedView, ViewChange

REGISTRY = registry_of(VIEWS)
SIZES = [(80, 24), (120, 36)]
LAPSED = parse_day("2024-12-31")


async def opened(app: Driver) -> None:
    """Open the dialog."""
    await app.press("v")
    await app.until(lambda: isinstance(app.app.screen, ViewsDialog), "the dialog")


async def write(app: Driver, field: str, text: str) -> None:
    """Put `text` into a field, as a terminal pastes it."""
    line = app.app.screen.query_one(f"#{field}", Input)
    line.focus()
    line.value = text
    await app.pilot.pause()


async def save(app: Driver, name: str) -> None:
    """Save the present place under `name`."""
    await opened(app)
    await write(app, "name", name)
    await app.press("enter")
    await app.until(lambda: not isinstance(app.app.screen, ViewsDialog), "the dialog to close")


async def go(app: Driver, part: str) -> None:
    """Go to the view that `part` of its name tells."""
    await opened(app)
    await write(app, "narrow", part)
    before = app.location
    await app.press("enter")
    await app.until(lambda: app.location is not before, "another place")
    await app.settled()


def kept(shop: Path) -> list[str]:
    """Names of the views that the workspace has."""
    return [view.name for _, view in Workspace(workspace_path()).views(OpenRequest(shop).shop_key)]


def keep(shop: Path, name: str, told: str) -> None:
    """As if it had been saved before."""
    Workspace(workspace_path()).change(OpenRequest(shop).shop_key, ViewChange(name, SavedView(name, told)))


def notices(app: Driver) -> str:
    """What is said beside the figures, in one line: it breaks anywhere."""
    return " ".join(" ".join(line.partition("▌")[2] for line in app.text.splitlines()).split())


@pytest.mark.parametrize("size", SIZES)
def test_a_place_is_saved_and_gone_to_and_returned_from(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("enter")
        saved = app.location
        await save(app, "[red]VIPs[/red]")
        await app.press("1", "]")
        before = app.location
        await go(app, "RED")
        assert app.location == saved
        assert app.location.view == "explore"
        await app.press("escape")
        assert app.location == before
        await opened(app)
        assert "[red]VIPs[/red]" in app.text
        assert "VIP · explore by" in app.text

    drive(corner, scenario, size=size)
    assert kept(corner) == ["[red]VIPs[/red]"]


def test_the_latest_day_and_a_fixed_day_are_both_kept(corner: Path) -> None:
    """The latest order day is 2024-04-11. A view of the latest day says so, and no day."""
    keep(corner, "latest", write_location(Location("cohorts").having(CohortsState("week")), REGISTRY))
    keep(corner, "fixed", write_location(Location("overview", Query(as_of=LAPSED, horizon=6)), REGISTRY))

    async def scenario(app: Driver) -> None:
        await app.sees("as of 2024-04-11")
        await go(app, "fixed")
        await app.sees("as of 2024-12-31")
        await go(app, "latest")
        await app.sees("as of 2024-04-11")
        assert (app.location.query.as_of, app.location.query.horizon, app.location.state(CohortsState).bucket) == (
            None,
            12,
            "week",
        )
        await app.press("escape")
        assert (app.location.query.as_of, app.location.query.horizon) == (LAPSED, 6)
        await app.press("escape")
        assert app.location.query == Query()

    drive(corner, scenario)


def test_what_is_agreed_on_in_a_view_holds_where_one_returns_to(corner: Path) -> None:
    """Another day is a look, under which the terms of the view do not become the shop's; another horizon is an
    agreement."""
    keep(corner, "fixed", write_location(Location("cohorts", Query(as_of=LAPSED, churn_gap=50)), REGISTRY))

    async def scenario(app: Driver) -> None:
        await go(app, "fixed")
        await app.press("[", "escape")
        assert app.location.query == Query()
        assert load_terms(OpenRequest(corner).shop_key) == {}
        await go(app, "fixed")
        await app.press("A", "tab", "6", "enter")
        await app.until(lambda: app.location.query.horizon == 6, "the horizon")
        await app.press("escape")
        assert (app.location.view, app.location.query.horizon) == ("overview", 6)

    drive(corner, scenario)
    assert load_terms(OpenRequest(corner).shop_key) == {"horizon": "6", "churn_gap": "50"}


def test_a_name_that_is_there_is_asked_for(corner: Path) -> None:
    keep(corner, "Mine", write_location(Location("quality"), REGISTRY))

    async def scenario(app: Driver) -> None:
        await opened(app)
        await write(app, "name", "mine")
        await app.press("enter")
        await app.sees("“Mine” exists already")
        assert isinstance(app.app.screen, ViewsDialog)
        await app.press("escape")
        assert app.main_screen.user_state.view("Mine") is not None
        assert "quality" in str(app.main_screen.user_state.view("Mine"))
        await opened(app)
        await write(app, "name", "mine")
        await app.press("enter", "enter")
        await app.until(lambda: not isinstance(app.app.screen, ViewsDialog), "the dialog to close")
        assert "overview" in str(app.main_screen.user_state.view("Mine"))

    drive(corner, scenario)
    assert kept(corner) == ["Mine"]


def test_a_view_is_removed_when_it_is_asked_twice(corner: Path) -> None:
    for name in ("one", "two"):
        keep(corner, name, write_location(Location("quality"), REGISTRY))

    async def scenario(app: Driver) -> None:
        await opened(app)
        await app.press("down", "delete")
        await app.sees("Press Del again to delete “two”")
        await app.press("up")
        await app.press("delete")
        await app.sees("to delete “one”")
        await app.press("delete")
        await app.sees("“one” was deleted")
        await app.press("escape")

    drive(corner, scenario)
    assert kept(corner) == ["two"]


def test_del_in_the_name_takes_a_letter(corner: Path) -> None:
    keep(corner, "one", write_location(Location("quality"), REGISTRY))

    async def scenario(app: Driver) -> None:
        await opened(app)
        await write(app, "name", "abc")
        line = app.app.screen.query_one("#name", Input)
        line.cursor_position = 0
        await app.press("delete", "delete")
        assert line.value == "c"

    drive(corner, scenario)
    assert kept(corner) == ["one"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (write_location(Location("explore", by=("moon",)), REGISTRY), "This shop has no dimension 'moon'"),
        (
            write_location(Location("overview", Query() & Filter("moon", "full")), REGISTRY),
            "This shop has no dimension 'moon'",
        ),
        ('{"form": 7}', "in an unknown format"),
    ],
)
def test_what_cannot_be_shown_is_said(corner: Path, told: str, said: str) -> None:
    keep(corner, "old", told)

    async def scenario(app: Driver) -> None:
        before = app.location
        await opened(app)
        await app.press("enter")
        await app.until(lambda: "cannot be shown" in notices(app), "a notice")
        assert said in notices(app)
        assert app.location is before

    drive(corner, scenario)


def test_what_cannot_be_written_is_said_and_stays_for_the_session(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another session holds the workspace; it is written as soon as something is looked up again."""
    monkeypatch.setattr(database, "WAIT", 0.05)
    keep(corner, "old", write_location(Location("quality"), REGISTRY))

    async def scenario(app: Driver) -> None:
        await app.until(lambda: app.main_screen.user_state.recordings, "the first recording")
        with closing(sqlite3.connect(workspace_path(), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await save(app, "mine")
            await app.until(lambda: "cannot be used" in notices(app), "a notice")
            assert [view.name for view in app.main_screen.user_state.views] == ["mine", "old"]
            other.execute("ROLLBACK")
        assert kept(corner) == ["old"]
        await app.press("r")
        await app.until(lambda: kept(corner) == ["mine", "old"], "the view in the workspace")

    drive(corner, scenario)


def test_two_sessions_see_each_others_views_when_they_read_again(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        keep(corner, "theirs", write_location(Location("quality"), REGISTRY))
        await save(app, "mine")
        await app.until(lambda: app.main_screen.user_state.view("theirs"), "the other's view")

    drive(corner, scenario)
    assert kept(corner) == ["mine", "theirs"]


def test_the_app_begins_with_a_view(corner: Path) -> None:
    view = SavedView(
        "Danes", write_location(Location("explore", Query() & Filter("country", "DK"), by=("channel",)), REGISTRY)
    )

    async def run() -> None:
        app = LtvApp(OpenRequest(corner), Location("overview"), today=TODAY)
        app.parts.user_state.first_view = view
        async with app.run_test(size=(80, 24)) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: driver.location.view == "explore", "the view")
            await driver.settled()
            assert driver.location.query.describe() == "country: DK"
            await driver.press("escape", "escape")
            assert driver.location == Location("overview")
        app.parts.saving._queue.shutdown()

    asyncio.run(run())
