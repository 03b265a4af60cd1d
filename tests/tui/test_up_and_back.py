"""Esc goes up the trail, Backspace back to the screen before: by each of the ways that lead to a screen."""

from __future__ import annotations

from pathlib import Path

from driving import Driver, drive

from ltvtui.query.query import Filter

TERMS = {"as_of": "2024-12-31"}
MIDDLE = Filter("tier", "middle")


def test_up_from_a_screen_reached_by_its_number_goes_up_its_trail(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("down", "enter", "5")
        assert (app.main_screen.view, app.location.query.trail) == ("budget", (MIDDLE,))
        await app.press("escape")
        assert (app.main_screen.view, app.location.query.trail) == ("budget", ())
        await app.press("escape")
        assert app.main_screen.view == "overview"
        await app.press("escape")
        await app.sees("This is the top level; q quits.")

    drive(corner, scenario, terms=TERMS)


def test_back_from_it_returns_to_the_screen_before(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("down", "enter", "5", "3")
        assert app.main_screen.view == "cohorts"
        for view, trail in (("budget", (MIDDLE,)), ("explore", (MIDDLE,)), ("overview", ())):
            await app.press("backspace")
            assert (app.main_screen.view, app.location.query.trail) == (view, trail)
        await app.press("backspace")
        await app.sees("No screen before this one; Esc goes up.")

    drive(corner, scenario, terms=TERMS)


def test_back_undoes_going_up(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("down", "enter", "3", "escape")
        assert app.location.query.trail == ()
        await app.press("backspace")
        assert (app.main_screen.view, app.location.query.trail) == ("cohorts", (MIDDLE,))

    drive(corner, scenario, terms=TERMS)


def test_up_from_where_a_step_led_is_where_it_led_from(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "c")
        assert app.main_screen.view == "customers"
        await app.press("escape")
        assert (app.main_screen.view, app.location.query.trail) == ("matrix", ())
        await app.press("escape")
        assert app.main_screen.view == "overview"  # Matrix was reached by its number

    drive(corner, scenario, terms=TERMS)


def test_both_cancel_first_what_is_open(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        for key in ("escape", "backspace"):
            await app.press("2", "G")
            assert app.main_screen.active.plots is not None
            assert app.main_screen.active.plots.is_big
            await app.press(key)
            assert not app.main_screen.active.plots.is_big
            assert app.main_screen.view == "explore"

    drive(corner, scenario, terms=TERMS)
