"""A key that does nothing says so, on every screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from textual_internals import notices_of

TERMS = {"as_of": "2024-12-31"}
WAYS = {
    "overview": ("1",),
    "explore": ("2",),
    "cohorts": ("3",),
    "matrix": ("4",),
    "budget": ("5",),
    "forecast": ("6",),
    "compare": ("7",),
    "quality": ("8",),
    "customers": ("1", "c"),
    "customer": ("1", "c", "enter"),
}
"""Keys that lead to each screen."""


@pytest.mark.parametrize("view", WAYS)
def test_keys_that_mean_nothing(corner: Path, view: str) -> None:
    async def scenario(app: Driver) -> None:
        await app.press(*WAYS[view])
        assert app.main_screen.view == view
        for key, name in (("9", "9"), ("z", "z"), ("f5", "f5"), ("plus", "+"), ("ä", "ä")):
            app.app.clear_notifications()
            await app.press(key)
            await app.sees(f"{name} does nothing here; ? shows the keys of this screen.")

    drive(corner, scenario, terms=TERMS)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_tab_where_there_is_nothing_to_go_to(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        for way in ("1", "2"):
            await app.press(way)
            app.app.clear_notifications()
            before = app.app.focused
            await app.press("tab")
            if app.app.focused is before:
                await app.sees("Boards are only on 4 Matrix")

    drive(corner, scenario, size=size, terms=TERMS)


def test_the_key_of_the_screen_one_is_on_covers_nothing(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        for key in ("1", "3", "8"):
            await app.press(key)
            before = app.text
            await app.press(key)
            assert app.text == before
            assert not notices_of(app.app)

    drive(corner, scenario, terms=TERMS)


def test_enter_on_what_leads_nowhere(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("c", "enter")
        assert app.main_screen.view == "customer"
        await app.press("enter")
        await app.sees("This row leads nowhere further.")
        app.app.clear_notifications()
        await app.press("8", "enter")
        await app.sees("This row leads nowhere further.")

    drive(corner, scenario, terms=TERMS)


def test_reset_on_budget_where_nothing_was_tried(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("5", "0")
        await app.sees("Nothing to reset")

    drive(corner, scenario, terms=TERMS)
