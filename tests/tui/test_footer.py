"""The footer: keys that work here, by importance, at every width."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive

from ltvtui.tui.main_screen.idle_keys import idle_keys
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.registry import VIEWS
from ltvtui.tui.widgets.keybar import KeyBar

TERMS = {"as_of": "2024-12-31"}
SCREENS = ("2", "3", "4", "5", "1")


def keys(app: Driver, lines: int = 1) -> str:
    return "\n".join(app.text.splitlines()[-lines:])


def all_keys(app: Driver) -> str:
    """In one line or two, as there is room."""
    return keys(app, app.main_screen.query_one(KeyBar).lines)


@pytest.mark.parametrize("width", [80, 100, 120, 150, 199])
def test_filter_export_help_and_palette_are_always_in_it(corner: Path, width: int) -> None:
    async def scenario(app: Driver) -> None:
        for screen in SCREENS:
            await app.press(screen)
            for key in ("⏎ drill", "f filter", "x export", "? help", "^p palette"):
                assert key in all_keys(app), (screen, key)
            assert ("Esc up" in all_keys(app)) == (screen != "1")  # from the top no way leads up
        await app.press("8")
        assert "x export" in all_keys(app)
        assert "f filter" not in all_keys(app)  # Quality is no selection of customers

    drive(corner, scenario, size=(width, 36), terms=TERMS)


@pytest.mark.parametrize("width", [80, 100, 149, 150])
def test_all_screens_have_their_names_at_every_width(corner: Path, width: int) -> None:
    async def scenario(app: Driver) -> None:
        for screen in ("1", "3"):
            await app.press(screen)
            for name in ("1 Overview", "2 Explore", "3 Cohorts", "4 Matrix", "5 Budget", "6 Forecast", "7 Compare"):
                assert name in all_keys(app)
            assert "8 Quality" in all_keys(app)

    drive(corner, scenario, size=(width, 24), terms=TERMS)


def test_the_narrowest_has_room_for_grouping(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        screens = " 1 Overview 2 Explore 3 Cohorts 4 Matrix 5 Budget 6 Forecast 7 Compare 8 Quality"
        last = "⏎ drill f filter x export d group c people m next g plot ? help ^p palette"
        assert keys(app, 2).splitlines() == [screens, f" {last}"]
        await app.press("2")
        last = "⏎ drill Esc up f filter x export d group c people m next ? help ^p palette"
        assert keys(app, 2).splitlines() == [screens, f" {last}"]

    drive(corner, scenario, size=(80, 24), terms=TERMS)


def test_what_is_more_important_stands_first(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2")
        line = all_keys(app)
        shown = ("⏎ drill", "Esc up", "f filter", "x export", "d group", "c people", "m next", "g plot")
        assert sorted(shown, key=line.index) == list(shown)

    drive(corner, scenario, size=(200, 60), terms=TERMS)


def test_where_there_is_room_all_screens_have_their_names(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        first = app.text.splitlines()[-2]
        screens = " 1 Overview  2 Explore  3 Cohorts  4 Matrix  5 Budget  6 Forecast  7 Compare  8 Quality  "
        assert first.startswith(f"{screens}⏎ drill  f filter")

    drive(corner, scenario, size=(120, 36), terms=TERMS)


def test_a_wide_one_has_a_second_line_and_all_keys(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        for screen in ("8", *SCREENS):
            await app.press(screen)
            view, text = app.main_screen.view, keys(app, 2)
            for command in registry_of(VIEWS).footer_of(view):
                if command.id in idle_keys(app.main_screen):
                    assert command not in app.main_screen.query_one(KeyBar).commands
                    continue
                assert f"{command.shown} {command.label}" in text, (view, command.id)
            assert text.splitlines()[1].endswith("? help  ^p palette")

    drive(corner, scenario, size=(200, 60), terms=TERMS)


def test_a_click_on_the_second_line_runs_its_key(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        line = app.text.splitlines()[-1]
        await app.pilot.click("KeyBar", offset=(line.index("? help") + 1, 1))
        await app.until(lambda: len(app.app.screen_stack) == 3, "help")

    drive(corner, scenario, size=(200, 60), terms=TERMS)
