"""Every screen of three shops at three sizes, as text: what changes on a screen is seen where the change is made.

The texts stand in tests/tui/screens. `make screens` writes them anew; whoever does so reads the difference. Screens
of single customers are left out: names are no figures.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import TODAY, Driver
from shops import ROOT

from ltvtui.session.open_request import OpenRequest
from ltvtui.session.strongest_dimension import has_strongest_dimension
from ltvtui.sources.overrides import Overrides
from ltvtui.tui.app import LtvApp
from ltvtui.tui.location import Location

TEXTS = Path(__file__).with_name("screens")
SHARED = ROOT.parent / "shared" / "data"
SIZES = [(80, 24), (120, 36), (200, 60)]
SHOPS = ["demo", "uci", "cdnow"]
SCREENS = {
    "overview": ("1",),
    "explore": ("2",),
    "cohorts": ("3",),
    "matrix-rfm": ("4",),
    "matrix-abc-xyz": ("tab",),
    "matrix-life-cycle": ("tab",),
    "matrix-migration": ("tab",),
    "budget": ("tab", "5"),
    "forecast": ("6",),
    "forecast-proof": ("tab",),
    "forecast-win-back": ("tab",),
    "compare-difference": ("tab", "7"),
    "compare-index": ("tab",),
    "compare-drivers": ("tab",),
    "compare-periods": ("tab",),
    "compare-when": ("tab",),
    "quality": ("tab", "8"),
    "plan-goal": ("ctrl+n",),
    "plan-segments": ("tab", "tab", "tab"),
    "plan-measures": ("tab", "tab"),
    "portrait": ("tab", "tab", "1", "P"),
    "portrait-when": ("tab",),
    "portrait-typical": ("tab",),
    "help": ("tab", "tab", "escape", "question_mark"),
}
"""Keys that lead to each, from the one before."""
WRITES = bool(os.environ.get("LTVTUI_WRITE_SCREENS"))


@pytest.fixture(scope="module")
def shop_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The shop of that name as a database."""
    folder = tmp_path_factory.mktemp("shops")

    def found(name: str) -> Path:
        if name == "demo":
            subprocess.run(["make", "build/demo.sqlite"], cwd=ROOT, check=True, capture_output=True)
            return ROOT / "build" / "demo.sqlite"
        if not SHARED.is_dir():
            pytest.skip(f"the real shops are not at hand: {SHARED}")
        target = folder / f"{name}.sqlite"
        if not target.exists():
            packed = SHARED / "uci_online_retail.sqlite.gz"
            if name == "uci":
                with gzip.open(packed) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out)
            else:
                shutil.copyfile(SHARED / "cdnow.sqlite", target)
        return target

    return found


def _is_completing(app: LtvApp) -> bool:
    """Whether a complete answer is on its way to follow a preliminary one."""
    return any(worker.group == "long answers" and not worker.is_finished for worker in app.workers)


@pytest.mark.parametrize("shop", SHOPS)
def test_screens_are_as_they_were_read(shop: str, shop_of: Callable[[str], Path]) -> None:
    """One app goes through all screens of a shop, at one size after the other."""
    shown: dict[str, str] = {}
    path = shop_of(shop)

    async def run() -> None:
        orders = Overrides(orders="CDNOW_master") if shop == "cdnow" else Overrides()
        app = LtvApp(OpenRequest(path, orders), Location("overview"), today=TODAY)
        async with app.run_test(size=SIZES[0], notifications=True) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: driver.opened and driver.main_screen.state.is_complete, "the figures")
            await driver.until(
                lambda: has_strongest_dimension(driver.main_screen.dataset), "what Explore begins with"
            )
            await driver.settled()
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await driver.until(lambda: len(driver.text.splitlines()) == size[1], "the new size")  # noqa: B023
                await driver.settled()
                for name, keys in SCREENS.items():
                    await driver.press(*keys)
                    await driver.until(lambda: not _is_completing(app), f"the complete {name}")
                    app.clear_notifications()
                    await driver.settled()
                    shown[f"{shop}-{size[0]}x{size[1]}-{name}.txt"] = driver.text + "\n"
                    lines = driver.text.splitlines()
                    assert len(lines) == size[1], (name, size)
                    assert max(map(len, lines)) <= size[0], (name, size)
                await driver.press("escape")

    asyncio.run(run())
    for name, text in shown.items():
        if WRITES:
            TEXTS.mkdir(exist_ok=True)
            (TEXTS / name).write_text(text, "utf-8")
        assert text == (TEXTS / name).read_text("utf-8"), f"{name}: if it is right, `make screens` writes it anew"
