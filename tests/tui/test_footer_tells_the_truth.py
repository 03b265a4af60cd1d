"""Every key in the footer does something there and then, on every board of every screen: more than to say why not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from driving import Driver, drive
from shops import ROOT

from ltvtui.tui.location import Location, Way
from ltvtui.tui.widgets.keybar import KeyBar

WAYS: Final = {
    "overview": ("1",),
    "explore": ("2",),
    "customers of a row": ("c",),
    "card": ("enter",),
    "cohorts": ("3",),
    "cohorts, all": ("up",),
    "cohorts, cumulative LTV": ("M",),
    "RFM": ("m", "4"),
    "RFM, LTV": ("m", "m"),
    "RFM, rows": ("m", *("down",) * 6),
    "ABC × XYZ": ("tab",),
    "life cycle": ("tab",),
    "life cycle, rows": ("down",) * 9,
    "tier migration": ("tab",),
    "budget": ("tab", "5"),
    "budget, all": ("end",),
    "forecast": ("6",),
    "proof": ("tab",),
    "win back": ("tab",),
    "difference": ("tab", "7"),
    "index": ("tab",),
    "drivers": ("tab",),
    "when": ("tab",),
    "quality": ("tab", "8"),
}
"""Keys that lead to each, from the one before."""
EVERYWHERE: Final = frozenset({"tiers", "rules", "terms", "views", "columns", "help", "palette", "export", "filter"})
"""Open the same dialog on every screen: pressed on the first alone, like the screens' own keys."""
ELSEWHERE: Final = frozenset({"quit", "reload", "live"})
"""What leaves, reads again, or waits for orders to come: other tests press them."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of two years, with spend and enough customers for a forecast."""
    path = tmp_path_factory.mktemp("footer") / "shop.sqlite"
    words = (str(path), "--customers", "800", "--until", "2026-06-30")
    subprocess.run([sys.executable, str(ROOT / "fixtures" / "generate.py"), *words], check=True, capture_output=True)
    return path


def seen(app: Driver) -> tuple[object, ...]:
    """What is on screen but notices and the footer itself; dialogs; the clipboard."""
    app.app.clear_notifications()
    lines = app.main_screen.query_one(KeyBar).lines
    return app.text.splitlines()[:-lines], len(app.app.screen_stack), app.app.clipboard


async def complete(app: Driver) -> None:
    """Also what follows a preliminary answer is there."""
    await app.settled()
    workers = app.app.workers
    await app.until(lambda: all(w.is_finished for w in workers if w.group == "long answers"), "the whole answer")
    await app.settled()


async def back_to(app: Driver, key: str, before: tuple[object, ...], location: Location) -> None:
    """As it was before `key` was pressed."""
    while len(app.app.screen_stack) > 2:
        await app.press("escape")
    if app.main_screen.frame.is_searching:
        await app.press("escape")
    app.main_screen.active.focus_content()
    if key == "w":
        await app.press("escape")
    if app.main_screen.wanted != location:
        navigator = app.main_screen.navigator
        came: Way = "stay" if app.main_screen.view == location.view else "on"
        app.main_screen.go(location, way="back" if navigator.previous_location == location else came)
        await complete(app)
    for again in (key, *(("g",) if key == "G" else ())):
        if seen(app) != before and key in ("g", "G", "m", "space"):
            await app.press(again)


@pytest.mark.parametrize("shop", ["corner", "generated"])
def test_every_key_of_the_footer_does_something(shop: str, request: pytest.FixtureRequest) -> None:
    path, vain = request.getfixturevalue(shop), []
    pressed = 0

    async def scenario(app: Driver) -> None:
        nonlocal pressed
        for place, way in WAYS.items():
            await app.press(*way)
            await complete(app)
            start = app.location
            for command in app.main_screen.query_one(KeyBar).commands:
                is_same = command.id in EVERYWHERE or command.group == "Screens"
                if command.id in ELSEWHERE or command.id == start.view or (is_same and place != "overview"):
                    continue
                app.app.copy_to_clipboard("")
                before, key = seen(app), command.keys.split(",")[0]
                await app.press(key)
                await complete(app)
                pressed += 1
                if seen(app) == before and app.location == start:
                    vain.append(f"{place}: {command.shown} {command.label}")
                await back_to(app, key, before, start)
        assert pressed > 8 * len(WAYS)

    # A larger screen has room for the names of more keys, and knows the same ones.
    drive(path, scenario, size=(120, 36), terms={"as_of": "2024-12-31" if shop == "corner" else "2026-06-30"})
    assert not vain, "\n".join(vain)
