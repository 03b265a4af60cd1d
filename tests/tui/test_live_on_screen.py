"""Watching a shop: what others write appears, the analyst stays where they are."""

from __future__ import annotations

import asyncio
import gc
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from weakref import WeakSet

import pytest
from driving import Driver, drive

from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location

LAPSED = {"as_of": "2024-12-31"}
ORDER = "INSERT INTO orders VALUES (?, ?, ?, ?, 'paid', 'web', NULL)"
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])


def written(path: Path, *rows: tuple[object, ...]) -> None:
    """Somebody else sells."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(ORDER, rows)


def done(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def watch(
    path: Path,
    scenario: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (120, 36),
    start: Location | None = None,
) -> None:
    async def live(app: Driver) -> None:
        await app.press("L")
        await app.sees("● live")
        await scenario(app)

    drive(path, live, size=size, terms=LAPSED, start=start)


@SIZES
def test_an_order_of_somebody_else_is_counted_and_marked(corner: Path, size: tuple[int, int]) -> None:
    """joe bought for nothing once, and now for 25: revenue 3 525 instead of 3 500, LTV 352.50.

    Σ (x - 352.5)² = 973 062.5 of ten customers: SE² = 973 062.5 ÷ 90, t(.975, 9) = 2.262157, and
    352.5 · exp(± 2.262157 · 103.9799 ÷ 352.5) = 180.87 … 687.00.
    """

    async def scenario(app: Driver) -> None:
        written(corner, (900, "joe", "2024-02-20", 25))
        await app.sees("352.50")
        first, *_ = app.text.splitlines()
        assert re.search(r"● live \d\d:\d\d:\d\d \+1 · as of 2024-12-31$", first)
        economy = next(line for line in app.text.splitlines() if line.lstrip().startswith("economy"))
        assert "525.00▲" in economy  # 200, 150, 100, 50 and 25
        assert ("▲ 25.00" if size[0] > 80 else "LTV ≥ 352.50▲ ±253.07 (11 of 12 mo)") in app.text
        assert "3 500.00" not in app.text

    watch(corner, scenario, size)


def test_the_difference_under_the_cursor_is_told_until_counting_begins_anew(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        written(corner, (900, "joe", "2024-02-20", 25))
        await app.sees("3 525.00")
        await app.press("2", "down", "down")
        assert app.main_screen.active.grid.column_key == "revenue"
        await app.sees("revenue ▲ 25.00")
        await app.press("equals_sign")
        assert "▲ 25.00" not in app.text
        assert re.search(r"● live \d\d:\d\d:\d\d · as of", app.text)
        written(corner, (901, "joe", "2024-02-21", 5))
        await app.sees("revenue ▲ 5.00")

    watch(corner, scenario)


def test_cursor_trail_and_way_back_stay(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("down", "down", "c", "down")  # the people of the economy tier
        here = app.location
        name = app.main_screen.active.grid.text_under_cursor()
        written(corner, (900, "aaa", "2024-02-20", 140))  # a new code before all others, a new row before this one
        await app.sees("140.00")
        assert app.location.query == here.query
        grid = app.main_screen.active.grid
        assert grid.text_under_cursor().splitlines()[1].split("\t")[0] == name.splitlines()[1].split("\t")[0]
        await app.press("enter")
        card = app.main_screen.active
        written(corner, (901, "AAA", "2024-02-21", 1))
        await app.until(lambda: "+2" in app.text.splitlines()[0], "the second order")
        assert app.main_screen.active is card
        assert app.text.splitlines()[0].split("▸")[-1].split()[0] == name.splitlines()[1].split("\t")[0]
        await app.press("escape", "escape")
        assert app.location == Location("overview", here.query.whole())

    watch(corner, scenario)


def test_a_dialog_stays_open_and_says_what_it_said(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("t")
        written(corner, (900, "joe", "2024-02-20", 25))
        await app.until(lambda: app.main_screen.dataset.cleaned.orders.height == 21, "the order")
        await app.press("escape")
        await app.sees("3 525.00")

    watch(corner, scenario)


def test_a_dropped_table_leaves_the_last_figures_and_says_so(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        done(corner, "ALTER TABLE orders RENAME TO put_aside")
        await app.sees("○ stale")
        assert "3 500.00" in app.text
        done(corner, "ALTER TABLE put_aside RENAME TO orders")
        written(corner, (900, "joe", "2024-02-20", 25))
        await app.sees("3 525.00")
        assert "stale" not in app.text

    watch(corner, scenario)


def test_pressed_again_it_ends(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        written(corner, (900, "joe", "2024-02-20", 25))
        await app.sees("3 525.00")
        await app.press("L")
        assert "live" not in app.text.splitlines()[0]
        assert not any(worker.group == "live" and worker.is_running for worker in app.app.workers)
        await app.until(lambda: "▲ 25" not in app.text, "the figures alone")
        assert "3 525.00" in app.text
        await app.press("L")
        written(corner, (901, "joe", "2024-02-21", 5))
        await app.sees("3 530.00")
        assert "+1" in app.text.splitlines()[0]

    watch(corner, scenario)


def test_read_again_it_is_still_watched(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("r")
        await app.sees("● live")
        written(corner, (900, "joe", "2024-02-20", 25))
        await app.sees("3 525.00")

    watch(corner, scenario)


def test_a_data_version_never_mixes(corner: Path) -> None:
    """Trail, strip and table change in one frame: at no moment one of them is of another state."""

    async def scenario(app: Driver) -> None:
        for number in range(5):
            written(corner, (900 + number, "joe", "2024-02-20", 25))
            revenue, orders = f"{3500 + 25 * (number + 1):,}.00".replace(",", " "), f"+{number + 1}"
            while revenue not in app.text:
                assert orders not in app.text.splitlines()[0]
                await asyncio.sleep(0.01)
            assert orders in app.text.splitlines()[0]
            figures = [
                line for line in app.text.splitlines() if line.lstrip().startswith(("VIP ", "middle", "economy"))
            ]
            assert len(figures) >= 3

    watch(corner, scenario)


@SIZES
def test_the_newest_orders_stand_below(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("o")
        await app.sees("newest")
        written(corner, (900, "zoe", "2024-12-24", 25))
        await app.sees("2024-12-24")
        newest = app.text.splitlines()
        location = next(row for row, line in enumerate(newest) if line.lstrip().startswith("newest"))
        assert newest[location + 1].split()[:4] == ["2024-12-24", "00:00:00", "zoe", "25.00"]
        await app.press("o")
        assert not any(line.lstrip().startswith("newest") for line in app.text.splitlines())

    watch(corner, scenario, size)


def test_a_file_is_not_watched(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,customer_id,day,amount\n1,a,2024-01-01,5\n2,b,2024-01-02,7\n", "utf-8")

    async def scenario(app: Driver) -> None:
        await app.press("L")
        await app.sees("Only a database can be watched")
        assert "● live" not in app.text

    drive(path, scenario, terms=LAPSED)


@pytest.fixture
def alive(monkeypatch: pytest.MonkeyPatch) -> WeakSet[Dataset]:
    """Datasets of this test that something still refers to.

    All objects of the process are not looked through for them: that breaks what other threads are just making.
    """
    made: WeakSet[Dataset] = WeakSet()
    begin = Dataset.__init__

    def begun(dataset: Dataset, *values: object, **named: object) -> None:
        begin(dataset, *values, **named)  # type: ignore[arg-type]
        made.add(dataset)

    monkeypatch.setattr(Dataset, "__init__", begun)
    return made


def test_states_that_are_over_are_let_go(corner: Path, alive: WeakSet[Dataset]) -> None:
    """However many commits there are: what is kept is the state that is shown, the one before and the one that
    changes are counted from. No garbage is collected meanwhile, for that happens seldom."""

    async def scenario(app: Driver) -> None:
        gc.collect()
        before = len(alive)
        assert before
        gc.disable()
        try:
            for number in range(6):
                written(corner, (900 + number, "joe", "2024-02-20", 25))
                await app.until(
                    lambda number=number: app.main_screen.dataset.cleaned.orders.height == 21 + number, "the order"
                )
                await app.settled()
                assert len(alive) <= before + 2
        finally:
            gc.enable()

    watch(corner, scenario)


def test_notes_stand_beside_tiers_and_not_beside_the_newest_orders(corner: Path) -> None:
    """Six orders below three tiers, of which one has a note."""

    async def scenario(app: Driver) -> None:
        await app.press("o", "n", *"gold")
        await app.press("ctrl+s")
        await app.sees("✎")
        assert app.text.count("✎") == 1
        assert next(line for line in app.text.splitlines() if "✎" in line).lstrip().startswith("VIP")

    drive(corner, scenario, terms=LAPSED)


def test_read_again_while_it_cannot_be_read_it_is_watched_on(corner: Path) -> None:
    """The figures stay, no form covers them, and when the file is back they go on by themselves."""

    async def scenario(app: Driver) -> None:
        away = corner.with_suffix(".away")
        corner.rename(away)
        await app.sees("○ stale")
        await app.pilot.press("r")
        await app.until(lambda: app.opened and "stale" in app.text.splitlines()[0], "the figures of before")
        assert app.app.screen is app.main_screen
        assert "3 500.00" in app.text
        away.rename(corner)
        written(corner, (900, "joe", "2024-02-20", 25))
        await app.sees("3 525.00")
        assert "● live" in app.text.splitlines()[0]

    watch(corner, scenario)


def test_another_table_in_place_of_the_one_that_is_gone_is_told(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        done(corner, "ALTER TABLE orders RENAME TO sales_kept")
        await app.pilot.press("r")
        await app.sees("no longer from orders")

    drive(corner, scenario, terms=LAPSED)
