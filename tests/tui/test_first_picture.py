"""The first picture stands before anything that knows a shop is loaded; what comes meanwhile is not lost."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from driving import Driver
from shops import ROOT
from test_terminal import ended, read_until, start

from ltvtui.session.open_request import OpenRequest
from ltvtui.tui import app as app_module
from ltvtui.tui.app import LtvApp
from ltvtui.tui.opening_screen import OpeningScreen
from ltvtui.tui.start import Start


def begin(path: Path, scenario, start: Start | None = None) -> None:  # type: ignore[no-untyped-def]
    """Run `scenario` on an app of which nothing is loaded, as far as it knows."""

    async def run() -> None:
        app = LtvApp(OpenRequest(path), start or Start())
        async with app.run_test(size=(120, 36)) as pilot:
            await scenario(app, Driver(app, pilot))
        app.parts.saving._queue.shutdown()

    asyncio.run(run())


@pytest.fixture
def nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "LARGEST_PART", "no module of this name")


@pytest.mark.usefixtures("nothing_loaded")
def test_the_main_screen_takes_over_with_the_keys_that_were_pressed(corner: Path) -> None:
    async def scenario(app: LtvApp, driver: Driver) -> None:
        assert isinstance(app.screen, OpeningScreen)
        assert "Opening corner.sqlite" in driver.text
        await driver.pilot.press("question_mark")  # the main screen's key, pressed too early
        await driver.until(lambda: "main_screen" in app.parts.__dict__ and app.main_screen.is_mounted, "the screen")
        await driver.sees("Keys")
        await driver.pilot.press("escape")
        await driver.until(lambda: driver.opened, "the figures")
        await driver.sees("VIP")

    begin(corner, scenario)


@pytest.mark.usefixtures("nothing_loaded")
def test_figures_that_are_faster_than_the_main_screen_wait_for_it(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ltvtui.tui.early_reading import EarlyReading

    queued, message_came, load = [], threading.Event(), EarlyReading._load
    queue = EarlyReading.queue

    def note(early: EarlyReading, message: object) -> None:
        queued.append(type(message).__name__)
        queue(early, message)  # type: ignore[arg-type]
        if "ShopOpened" in queued:
            message_came.set()

    def load_late(early: EarlyReading) -> None:
        assert message_came.wait(60)
        load(early)

    monkeypatch.setattr(EarlyReading, "queue", note)
    monkeypatch.setattr(EarlyReading, "_load", load_late)

    async def scenario(app: LtvApp, driver: Driver) -> None:
        await driver.until(lambda: not isinstance(app.screen, OpeningScreen), "the main screen")
        await driver.until(lambda: driver.opened, "the figures")
        await driver.sees("VIP")

    begin(corner, scenario)
    assert "ShopOpened" in queued


@pytest.mark.usefixtures("nothing_loaded")
def test_it_begins_where_it_was_asked_to(corner: Path) -> None:
    async def scenario(app: LtvApp, driver: Driver) -> None:
        await driver.until(lambda: not isinstance(app.screen, OpeningScreen), "the main screen")
        await driver.until(lambda: driver.opened, "the figures")
        assert app.main_screen.view == "explore"
        assert app.main_screen.location.by == ("country",)

    begin(corner, scenario, Start(by=("country",)))


def test_q_leaves_before_anything_is_loaded(corner: Path) -> None:
    pid, terminal = start(corner)
    read_until(terminal, b"Opening")
    os.write(terminal, b"q")
    assert ended(pid) == 0
    os.close(terminal)


def test_the_first_picture_comes_before_polars() -> None:
    code = (
        "import sys; from ltvtui.tui.app import LtvApp; from ltvtui.tui.start import Start\n"
        "from ltvtui.session.open_request import OpenRequest\n"
        "LtvApp(OpenRequest('shop.sqlite'), Start()); assert 'polars' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
