"""Typing in a list: letters one after the other are one word."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.widgets.option_list import Option

from ltvtui.tui.dialogs import choice
from ltvtui.tui.dialogs.choice import Options

LINES = ("age band", "channel", "city", "country", "orders band", "signup channel")


class Lists(App[None]):
    def compose(self) -> ComposeResult:
        yield Options(*(Option(line) for line in LINES))


def highlighted(*keys: str) -> str:
    """The line under the cursor once the keys are pressed; it begins on the first line."""

    async def run() -> str:
        app = Lists()
        async with app.run_test() as pilot:
            options = app.query_one(Options)
            options.focus()
            options.highlighted = 0
            await pilot.press(*keys)
            assert options.highlighted is not None
            return LINES[options.highlighted]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("cou", "country"),  # not the line that begins with u, nor the next with o
        ("ch", "channel"),
        ("c", "channel"),
        ("cc", "city"),  # the same letter goes on
        ("ccc", "country"),
        ("si", "signup channel"),
        ("b", "orders band"),  # no line begins with it, but a word; the cursor is on the first such
        ("coz", "country"),  # what leads nowhere leaves the cursor
    ],
)
def test_letters_are_one_word(typed: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "PAUSE", 60.0)  # however slow the machine
    assert highlighted(*typed) == line


def test_a_pause_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "PAUSE", 0.0)
    assert highlighted("c", "o") == "orders band"


def test_the_cursor_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "PAUSE", 60.0)
    assert highlighted("c", "down", "o") == "orders band"
