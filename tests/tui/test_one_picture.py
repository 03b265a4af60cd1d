"""Dialogs over a screen, and the one picture of a dialog that closes and of what it asked for."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from driving import Driver, drive, watch_questions
from textual.screen import Screen
from textual.strip import Strip
from textual_internals import strips_of, watch_painting

from ltvtui.tui.app import LtvApp
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen import paint_gate
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.widgets.trail import Trail


def lines_of(app: Driver) -> list[Strip]:
    """The desk as it would be painted."""
    return strips_of(app.main_screen)


def first_ink(line: Strip) -> Any:
    """Colour of the first character of a line."""
    return next(segment.style.color for segment in line if segment.text.strip() and segment.style)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_beneath_a_dialog_stands_the_screen_veiled(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "d")
        dialog = app.app.screen
        assert dialog is not app.main_screen
        for y, line in enumerate(lines_of(app)):
            assert dialog.render_line(y).text == line.text
        veiled, plain = (first_ink(line) for line in (dialog.render_line(0), lines_of(app)[0]))
        assert veiled != plain

    drive(corner, scenario, size=size)


def test_what_changes_beneath_a_dialog_is_seen(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("d")
        app.main_screen.query_one(Trail).note = "something new"
        await app.until(lambda: "something new" in app.text, "the note beneath")

    drive(corner, scenario)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """By what Explore was cut, each time the main screen was painted."""
    seen: list[tuple[str, ...]] = []

    def look(screen: Screen[Any]) -> None:
        if isinstance(screen, MainScreen):
            seen.append(screen.location.by)

    watch_painting(monkeypatch, LtvApp, look)
    return seen


def test_a_dialog_closes_with_its_answer(
    corner: Path, painted: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paint_gate, "PAINT_DELAY", 60.0)

    async def scenario(app: Driver) -> None:
        await app.press("2", "d", "c")
        painted.clear()
        await app.press("enter")
        await app.until(lambda: painted, "a picture")
        assert app.location.by == ("country",)
        assert set(painted) == {("country",)}

    drive(corner, scenario)


def test_an_answer_that_takes_longer_is_not_waited_for(
    corner: Path, painted: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = threading.Event()

    def wait(location: Location) -> None:
        assert location.by != ("country",) or answer.wait(60)

    watch_questions(monkeypatch, wait)

    async def scenario(app: Driver) -> None:
        await app.press("2", "d", "c")
        painted.clear()
        await app.pilot.press("enter")
        await app.until(lambda: ("tier",) in painted, "the screen without the dialog")
        answer.set()
        await app.settled()
        await app.until(lambda: painted[-1] == ("country",), "the answer")

    drive(corner, scenario)


def test_a_card_comes_with_its_history(corner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paint_gate, "PAINT_DELAY", 60.0)
    seen: list[str] = []

    def look(screen: Screen[Any]) -> None:
        if isinstance(screen, MainScreen) and screen.view == "customer":
            seen.append("\n".join(line.text for line in strips_of(screen)))

    watch_painting(monkeypatch, LtvApp, look)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: app.main_screen.user_state.recordings, "the tiers of this opening")
        await app.press("c", "down", "enter")
        await app.sees("tiers    recorded since")
        assert all("tiers    recorded since" in picture for picture in seen)

    drive(corner, scenario)
