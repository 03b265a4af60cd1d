"""The tour of the demo shop: four steps, each gone on from by doing it, closed for good."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from driving import Driver, drive
from textual.widget import Widget

from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.tour import STEPS, Tour
from ltvtui.tui.widgets.keybar import KeyBar

TERMS = {"as_of": "2024-12-31"}
SIZES = [(80, 24), (120, 36), (200, 60)]


def line(app: Driver) -> str:
    """What is shown above the keys."""
    return app.text.splitlines()[-1 - app.main_screen.query_one(KeyBar).lines]


def begun(app: Driver) -> None:
    """As `ltvtui demo` opens it: the tour is wanted when the first location comes."""
    tour = app.main_screen.frame.tour
    tour.is_wanted = True
    tour.arrive(None, app.location)


@pytest.mark.parametrize("size", SIZES)
def test_each_step_leads_to_the_next(corner: Path, size: tuple[int, int], settings: Path) -> None:
    async def scenario(app: Driver) -> None:
        begun(app)
        await app.sees(STEPS[0].hint)
        assert line(app).startswith(" 1/4 ")
        assert line(app).endswith("X ✕")
        await app.press("enter")
        await app.sees(STEPS[1].hint)
        await app.press("d", "down", "enter")
        await app.sees(STEPS[2].hint)
        await app.press("c")
        await app.sees(STEPS[3].hint)
        assert line(app).startswith(" 4/4 ")
        await app.press("5")
        await app.sees("That was the tour.")
        assert "X ✕" not in app.text
        await app.until((settings / "config.toml").exists, "the settings")

    drive(corner, scenario, size=size, terms=TERMS)
    assert tomllib.loads((settings / "config.toml").read_text("utf-8"))["tour"] == "done"


@pytest.mark.parametrize("size", SIZES)
def test_it_takes_a_line_from_the_view_and_gives_it_back(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        def height() -> int:
            return app.main_screen.active.size.height

        before = height()
        begun(app)
        await app.until(lambda: height() == before - 1, "a line less")
        assert app.main_screen.frame.room.height == before - 1
        await app.press("X")
        await app.until(lambda: height() == before, "the line again")

    drive(corner, scenario, size=size, terms=TERMS)


def test_its_key_closes_it_for_good(corner: Path, settings: Path) -> None:
    async def scenario(app: Driver) -> None:
        begun(app)
        await app.sees(STEPS[0].hint)
        await app.press("X")
        assert STEPS[0].hint not in app.text
        await app.until((settings / "config.toml").exists, "the settings")
        await app.press("X")
        await app.sees("No tour is shown")

    drive(corner, scenario, terms=TERMS)
    assert tomllib.loads((settings / "config.toml").read_text("utf-8"))["tour"] == "done"


def test_a_click_on_the_cross_closes_it(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        begun(app)
        await app.sees(STEPS[0].hint)
        tour: Widget = app.main_screen.query_one(Tour)
        await app.pilot.click(tour, offset=(tour.size.width - 1, 0))
        await app.until(lambda: STEPS[0].hint not in app.text, "no tour")

    drive(corner, scenario, terms=TERMS)


def test_a_later_step_needs_no_earlier_one(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        begun(app)
        await app.press("2")
        await app.sees(STEPS[0].hint)  # a number is no step
        await app.press("1", "c")
        await app.sees(STEPS[1].hint)  # its row is a step of the trail: the first one
        await app.press("enter")
        await app.sees(STEPS[3].hint)

    drive(corner, scenario, terms=TERMS)


def test_without_it_nothing_is_shown(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("enter", "c")
        assert "X ✕" not in app.text

    drive(corner, scenario, start=Location("overview"), terms=TERMS)
