"""The line of doubts on Overview, and where it leads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from doubtful import ONE_CUSTOMER, UNREAD, doubtful_shop, mended
from driving import Driver, drive
from textual.pilot import Pilot

from ltvtui.tui.widgets.doubt_line import DoubtLine
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.scrolling_text import ScrollingText

SIZES = [(80, 24), (120, 36)]
SHORT = "⚠ 2 doubts: one customer, unread column"


@pytest.mark.parametrize("size", SIZES)
def test_one_line_that_leads_to_quality(tmp_path: Path, size: tuple[int, int]) -> None:
    async def scenario(driver: Driver) -> None:
        lines = driver.text.splitlines()
        (at,) = (location for location, line in enumerate(lines) if "⚠" in line)
        assert lines[at].strip() == f"{SHORT} · 8 for Quality"
        await driver.press("tab")
        await driver.sees(f"{SHORT} · Enter for Quality")
        await driver.press("enter")
        await driver.until(lambda: driver.main_screen.view == "quality")
        await driver.sees("⚠ Customer C99 in customer_id has 33 % of the orders (40 of 120)")
        assert driver.main_screen.active.query_one(ScrollingText).has_focus
        await driver.press("escape")
        assert driver.main_screen.view == "overview"

    drive(doubtful_shop(tmp_path), scenario, size=size)


@pytest.mark.parametrize("size", SIZES)
def test_figures_stay_on_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    """Every tier and the line of key figures, as in the same shop with nothing to doubt."""

    async def scenario(driver: Driver) -> None:
        for figure in ("VIP", "middle", "economy", "LTV", "tier"):
            assert figure in driver.text
        grid = driver.main_screen.active.query_one(Grid)
        assert grid.size.height >= grid.lines_in(driver.main_screen.active.room)

    for shop in (doubtful_shop(tmp_path), mended(tmp_path)):
        drive(shop, scenario, size=size)


def test_no_line_where_there_is_no_doubt(tmp_path: Path) -> None:
    async def scenario(driver: Driver) -> None:
        assert "⚠" not in driver.text
        await driver.press("up")
        assert driver.main_screen.active.grid.has_focus
        await driver.press("8")
        assert "⚠" not in driver.text
        assert driver.main_screen.active.query_one("#rules").has_focus

    drive(mended(tmp_path), scenario)


def test_keys_on_the_line(tmp_path: Path) -> None:
    async def scenario(driver: Driver) -> None:
        grid, line = driver.main_screen.active.grid, driver.main_screen.active.query_one(DoubtLine)
        for back in ("down", "j", "escape"):
            await driver.press("up")
            assert line.has_focus
            await driver.press(back)
            assert grid.has_focus
            assert driver.main_screen.view == "overview"
        await driver.press("shift+tab")
        assert line.has_focus
        await driver.press("A", "escape")  # other keys mean what they always mean
        await driver.press("2")
        assert driver.main_screen.view == "explore"

    drive(doubtful_shop(tmp_path), scenario)


def test_a_click_on_the_line(tmp_path: Path) -> None:
    async def scenario(driver: Driver) -> None:
        pilot: Pilot[None] = driver.pilot
        await pilot.click(DoubtLine)
        await driver.until(lambda: driver.main_screen.view == "quality")

    drive(doubtful_shop(tmp_path), scenario)


@pytest.mark.parametrize("size", SIZES)
def test_quality_tells_all_of_them(tmp_path: Path, size: tuple[int, int]) -> None:
    async def scenario(driver: Driver) -> None:
        await driver.press("8")
        told = driver.main_screen.active.query_one(ScrollingText)
        await driver.sees("⚠ Customer C99")
        for _ in range(20):
            if not told.has_focus:
                break
            await driver.press("down")
        assert told.scroll_offset.y == told.max_scroll_y  # all was read
        assert driver.main_screen.active.query_one("#rules").has_focus  # and on into the tables
        await driver.sees("lower(coalesce(void_note, ''))")
        await driver.sees("no customer id")

    drive(doubtful_shop(tmp_path), scenario, size=size)


def test_the_text_of_quality(tmp_path: Path) -> None:
    async def scenario(driver: Driver) -> None:
        await driver.press("8")
        await driver.sees("⚠ Customer C99")
        lines = [line.strip() for line in driver.text.splitlines()]
        first = next(location for location, line in enumerate(lines) if line.startswith("⚠"))
        last = next(location for location, line in enumerate(lines) if line.startswith("rule "))
        assert " ".join(lines[first:last]).split() == f"{ONE_CUSTOMER} {UNREAD}".split()

    drive(doubtful_shop(tmp_path), scenario, size=(124, 40))


def test_help_names_every_doubt(tmp_path: Path) -> None:
    from ltvtui.analytics.doubts import CODES
    from ltvtui.present.definitions import DEFINITIONS
    from ltvtui.tui.views.quality.spec import QUALITY

    words = [code.replace("_", " ") for code in CODES]
    assert set(words) < set(QUALITY.vocabulary)
    assert [DEFINITIONS[word] for word in words] == list(CODES.values())


def test_they_follow_a_shop_that_is_watched(tmp_path: Path) -> None:
    path = mended(tmp_path)

    async def scenario(driver: Driver) -> None:
        await driver.press("L")
        await driver.sees("live")
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
                " INSERT INTO orders SELECT 200 + i, 'C99', '2024-12-24', 20.5, 0, NULL FROM n;"
            )
        await driver.sees("⚠ 1 doubt: one customer")
        await driver.press("up")
        await driver.sees("Enter for Quality")
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript("DELETE FROM orders WHERE customer_id = 'C99';")
        await driver.until(lambda: "⚠" not in driver.text, "no doubt")
        assert driver.main_screen.active.grid.has_focus

    drive(path, scenario)
