"""Figures on screen before attributes: what can be done meanwhile, and that the analyst stays where they are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from driving import Driver, drive, watch_questions
from shops import LARGE_SHOP, build
from textual.events import Key
from textual_internals import send_key

from ltvtui.errors import Cancelled
from ltvtui.query.query import Filter
from ltvtui.session import open_dataset
from ltvtui.session.dataset import Dataset
from ltvtui.sources import read as reading
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.answers import Answers
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.matrix.state import MatrixState


@pytest.fixture
def rest_waits(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The second reading waits until this is set."""
    may_go, rest = threading.Event(), open_dataset.read_rest
    monkeypatch.setattr(reading, "WAITS_FROM", 0)

    def slow(*args: Any, cancelled: Callable[[], bool] | None = None, **how: Any) -> Any:
        while not may_go.wait(0.01):
            if cancelled is not None and cancelled():
                raise Cancelled
        return rest(*args, cancelled=cancelled, **how)

    monkeypatch.setattr(open_dataset, "read_rest", slow)
    return may_go


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A shop whose attributes can wait."""
    return build(tmp_path, LARGE_SHOP.format(status="NULL"))


def test_attributes_come_after_the_figures(large: Path, rest_waits: threading.Event) -> None:
    async def scenario(app: Driver) -> None:
        await app.sees("reading attributes…")
        assert "channel" not in app.main_screen.dataset.dimensions
        await app.press("down", "enter")
        assert app.location.view == "explore"
        before = app.location
        rest_waits.set()
        await app.until(lambda: "channel" in app.main_screen.dataset.dimensions, "attributes")
        await app.until(lambda: "reading attributes" not in app.text, "the word to go")
        assert app.location == before
        assert app.location.query.trail == (Filter("tier", "middle"),)
        await app.press("escape")
        assert app.location.view == "overview"
        await app.press("d")
        await app.sees("channel")

    drive(large, scenario)


def test_a_card_stays_open(large: Path, rest_waits: threading.Event) -> None:
    async def scenario(app: Driver) -> None:
        await app.sees("reading attributes…")
        await app.press("c", "enter")
        assert "channel" not in app.text
        assert app.location.view == "customer"
        before = app.location
        rest_waits.set()
        await app.until(lambda: "channel" in app.main_screen.dataset.dimensions, "attributes")
        await app.settled()
        assert app.location == before
        await app.sees("channel")

    drive(large, scenario)


def test_a_filter_finds_what_has_come_meanwhile(large: Path, rest_waits: threading.Event) -> None:
    async def scenario(app: Driver) -> None:
        await app.sees("reading attributes…")
        await app.press("f")
        await app.pilot.press(*"channel")
        await app.sees("A comparison is missing after 'channel'.")
        assert "first channel" not in app.text
        rest_waits.set()
        await app.until(lambda: "channel" in app.main_screen.dataset.dimensions, "attributes")
        await app.pilot.press("space", *"~", "space", "c", "1")
        await app.sees("of 977 customers")
        await app.pilot.press("enter")
        await app.until(lambda: app.location.query.describe() == "channel ~ c1", "the filter")

    drive(large, scenario)


def test_leaving_while_attributes_are_read(large: Path, rest_waits: threading.Event) -> None:
    async def scenario(app: Driver) -> None:
        await app.sees("reading attributes…")
        app.app.exit()

    drive(large, scenario)
    rest_waits.set()


@pytest.fixture
def cohorts_wait(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Cohorts are answered when this is set."""
    answer = threading.Event()

    def wait(location: Location) -> None:
        assert location.view != "cohorts" or answer.wait(60)

    watch_questions(monkeypatch, wait)
    return answer


def test_keys_behind_one_that_waits_wait_too(corner: Path, cohorts_wait: threading.Event) -> None:
    """`d` waits for the cohorts it is to cut; `c` is meant for the list that it opens, not for the rows before."""

    async def scenario(app: Driver) -> None:
        for key in ("3", "d", "c", "enter"):
            await send_key(app.app, key)
        cohorts_wait.set()
        await app.until(lambda: app.location.state(CohortsState).by == "country", "cohorts by country")

    drive(corner, scenario)


def test_escape_drops_the_keys_that_wait(corner: Path, cohorts_wait: threading.Event) -> None:
    async def scenario(app: Driver) -> None:
        for key in ("3", "c", "enter", "escape"):
            await send_key(app.app, key)
        cohorts_wait.set()
        await app.press("2")
        assert app.location.view == "explore"
        assert app.app.screen is app.main_screen

    drive(corner, scenario)


@pytest.mark.parametrize(("keys", "view"), [("3dc\r", "cohorts"), ("dc\r", "explore")])
def test_keys_that_come_at_once_are_taken_one_after_the_other(corner: Path, keys: str, view: str) -> None:
    """As over a slow line: the list to which `d` leads is not there yet when `c` and Enter come."""

    async def scenario(app: Driver) -> None:
        for key in keys:
            app.app.post_message(Key("enter" if key == "\r" else key, key))
        await app.until(lambda: app.location.view == view, view)
        await app.settled()
        assert "country" in (app.location.state(CohortsState).by, *app.location.by)
        assert app.app.screen is app.main_screen

    drive(corner, scenario)


def test_keys_after_a_dialog_are_not_meant_for_it(corner: Path) -> None:
    """Enter takes the country; the arrow after it goes to the next row of the table."""

    async def scenario(app: Driver) -> None:
        for key in ("2", "d", "c", "enter", "down", "down"):
            app.app.post_message(Key(key, key if len(key) == 1 else None))
        await app.until(lambda: app.location.by == ("country",), "the country")
        await app.settled()
        assert app.app.screen is app.main_screen

    drive(corner, scenario)


def test_a_filter_is_put_on_what_the_keys_before_it_asked_for(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        for key in ("3", "d", "c", "enter", "f", *"orders > 1", "enter"):
            app.app.post_message(Key("space" if key == " " else key, key if len(key) == 1 else None))
        await app.until(lambda: app.location.query.describe() == "orders > 1", "the filter")
        assert app.location.state(CohortsState).by == "country"

    drive(corner, scenario)


VIP = Filter("tier", "VIP")


@pytest.mark.parametrize(
    ("keys", "view", "shown", "back"),
    [
        (("enter", "3"), "cohorts", {"trail": (VIP,), "bucket": "month"}, "start"),
        (("enter", "1"), "overview", {"trail": (VIP,)}, "start"),
        (("3", "b"), "cohorts", {"trail": (), "bucket": "quarter"}, "start"),
        (("3", "b", "m", "4", "3"), "cohorts", {"bucket": "quarter", "metric": "customers"}, "cohorts"),
        (("4", "tab"), "matrix", {"board": "ABC × XYZ"}, "start"),
        (("c", "S"), "customers", {"trail": (VIP,), "sort": ("revenue", False)}, "start"),
        (("c", "S", "S"), "customers", {"sort": ("revenue", True)}, "start"),
        (("3", "1"), "overview", {"trail": ()}, ""),
        (("c", "enter"), "customer", {"trail": (VIP,)}, "customers"),
    ],
)
def test_keys_mean_what_those_before_bring(
    corner: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[str, ...],
    view: str,
    shown: dict[str, object],
    back: str,
) -> None:
    """All of them come before anything is answered."""
    answer, make = threading.Event(), Answers.make

    def slow(self: Answers, dataset: Dataset, location: Location) -> Any:
        assert answer.wait(60)
        return make(self, dataset, location)

    def told(location: Location) -> dict[str, object]:
        all_told = {"trail": location.query.trail, "sort": location.sort, "board": location.state(MatrixState).board}
        all_told |= {"bucket": location.state(CohortsState).bucket, "metric": location.state(CohortsState).metric}
        return {name: all_told[name] for name in shown}

    async def scenario(app: Driver) -> None:
        start = app.location
        monkeypatch.setattr(Answers, "make", slow)
        for key in keys:
            await send_key(app.app, key)
        assert app.location is start
        answer.set()
        await app.until(lambda: app.location.view == view and told(app.location) == shown, "where they lead")
        await app.settled()
        assert (app.location.view, told(app.location)) == (view, shown)
        assert (app.main_screen.navigator.previous_location is start) == (back == "start")
        assert (app.main_screen.navigator.previous_location is None) == (back == "")

    drive(corner, scenario, terms={"as_of": "2024-12-31"})
