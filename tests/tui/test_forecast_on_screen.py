"""Forecast by keyboard: its three boards, their keys, the way to people, and what it says where it cannot be made."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from driving import Driver, drive
from shops import ROOT

from ltvtui.analytics.forecast import summary
from ltvtui.analytics.forecast.backtest import Backtest
from ltvtui.cli import main
from ltvtui.days import iso
from ltvtui.session import forecast as session
from ltvtui.tui.location import Location
from ltvtui.tui.views.forecast.state import PROOF, TOTALS, WIN_BACK, ForecastState
from ltvtui.tui.views.forecast.view import ForecastScreen
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.keybar import KeyBar
from ltvtui.tui.widgets.table_over_plots import TableOverPlots

SIZES = [(80, 24), (120, 36), (200, 60)]
TERMS = {"as_of": "2026-06-30"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated shop of three years."""
    path = tmp_path_factory.mktemp("forecast") / "shop.sqlite"
    words = (str(path), "--customers", "1500", "--until", "2026-06-30")
    subprocess.run([sys.executable, str(ROOT / "fixtures" / "generate.py"), *words], check=True, capture_output=True)
    return path


def view(app: Driver) -> ForecastScreen:
    assert isinstance(app.main_screen.active, ForecastScreen)
    return app.main_screen.active


def state(app: Driver) -> ForecastState:
    return app.location.state(ForecastState)


def is_completing(app: Driver) -> bool:
    return any(worker.group == "long answers" and not worker.is_finished for worker in app.app.workers)


async def to_board(app: Driver, board: str) -> None:
    """Forecast, with its tests of the past, on that board."""
    await app.press("6")
    while state(app).board != board:
        await app.press("tab")
    await app.until(lambda: not is_completing(app), "the tests of the past")
    await app.settled()


def footer(app: Driver) -> set[str]:
    return {command.id for command in app.main_screen.query_one(KeyBar).commands}


@pytest.mark.parametrize("size", SIZES)
def test_tab_goes_through_the_boards(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, TOTALS)
        for text in ("3 months", "6 months", "12 months", "expected", "VIP", "horizon: 12 mo 3/3 (b)", "season × "):
            assert text in app.text
        await to_board(app, PROOF)
        for text in ("model", "last period", "nobody leaves", "verdict", "off by", "After an order day"):
            assert text in app.text
        await to_board(app, WIN_BACK)
        for text in ("customer", "state", "P(alive)", " late and may still bring "):
            assert text in app.text
        await app.press("tab")
        assert state(app).board == TOTALS
        await app.press("shift+tab")
        assert state(app).board == WIN_BACK
        await app.press("1", "6")
        assert state(app).board == WIN_BACK  # it is as it was left

    drive(shop, scenario, size=size, terms=TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_every_key_of_the_footer_changes_what_is_seen(shop: Path, size: tuple[int, int]) -> None:
    keys = {"bucket": "b", "metric": "m", "plot": "g", "big_plot": "G", "sort": "s", "reverse": "S", "dimension": "d"}
    keys |= {"search": "slash", "drill": "enter", "people": "c", "board": "tab", "filter": "f", "export": "x"}

    async def try_keys(app: Driver, board: str) -> None:
        await to_board(app, board)
        there = (app.location.view, app.location.query, board)
        for command, key in keys.items():
            if command not in footer(app):
                continue
            if (app.location.view, app.location.query, state(app).board) != there:
                await app.press("1")
                await to_board(app, board)
            await app.press(*(("right",) * 3 if command == "sort" else ()))
            before, sorted_by = app.text, app.location.sort
            await app.press(key)
            assert app.text != before or app.location.sort != sorted_by, (board, command)
            if command in ("search", "filter", "export", "dimension"):
                await app.press("escape")
            elif command in ("plot", "big_plot"):
                await app.press(key)

    async def scenario(app: Driver) -> None:
        for board in (TOTALS, PROOF, WIN_BACK):
            await app.press("1")
            await try_keys(app, board)

    drive(shop, scenario, size=size, terms=TERMS)


def test_keys_that_mean_nothing_are_not_in_the_footer_and_say_why(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, TOTALS)
        assert {"drill", "people", "metric", "dimension", "bucket", "board"} <= footer(app)
        await to_board(app, WIN_BACK)
        assert not footer(app) & {"people", "metric"}
        await app.press("m")
        await app.sees("Win back is by value at risk")
        await app.press("c")
        await app.sees("already listed")
        await to_board(app, PROOF)
        assert "people" not in footer(app)
        await app.press("c")
        await app.sees("Tests of the past have no")

    drive(shop, scenario, terms=TERMS)


def test_a_test_of_the_past_leads_to_its_tenths_and_back(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, PROOF)
        assert "drill" in footer(app)
        await app.press("down", "enter")
        origin = state(app).origin
        assert origin is not None
        assert f"test from {iso(origin)}" in app.text
        assert "drill" not in footer(app)  # of a tenth nobody is listed
        rows = app.main_screen.active.grid.table
        assert rows is not None
        assert rows.frame["decile"].to_list() == list(range(1, 11))
        await app.press("enter")
        await app.sees("These are the tenths of one test")
        await app.press("escape")
        assert state(app).origin is None
        assert "nobody leaves" in app.text
        await app.press("enter", "b")
        assert state(app).origin is None  # another horizon has tests of its own

    drive(shop, scenario, size=(120, 36), terms=TERMS)


def test_the_horizon_changes_rows_figures_and_sentence(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, TOTALS)
        await app.press("b")
        assert state(app).months == 3
        for text in ("within 3 months", "expected 3 mo", "horizon: 3 mo 1/3 (b)", "Value, 3 months each"):
            assert text in app.text
        assert "in 6 mo" not in app.text
        await app.press("b")
        assert "in 6 mo" in app.text

    drive(shop, scenario, terms=TERMS)


def test_the_metric_changes_columns_and_plots(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, TOTALS)
        await app.press("m")
        assert "metric: order days 2/2 (m)" in app.text
        assert "Order days, 12 months each" in app.text
        await app.press("M")
        assert "metric: value 1/2 (m)" in app.text

    drive(shop, scenario, terms=TERMS)


def test_any_dimension_and_the_way_to_people(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, TOTALS)
        await app.press("d")
        await app.sees("Group by")
        await app.press("down", "enter")
        await app.until(lambda: app.location.by != ("tier",), "another dimension")
        await app.settled()
        (by,) = app.location.by
        assert f"by: {by} (d)" in app.text
        await app.press("enter")  # the group's segments
        assert app.main_screen.view == "explore"
        assert app.location.query.fixed_dimensions == {by}
        await app.press("6")  # the forecast of that group alone
        assert app.main_screen.view == "forecast"
        await app.until(lambda: not is_completing(app), "the forecast of the group")
        customers = app.main_screen.dataset.snapshot(app.location.query).customers.height
        assert 0 < customers < app.main_screen.dataset.snapshot(app.location.query.whole()).customers.height
        await app.press("c")
        assert app.main_screen.view == "customers"

    drive(shop, scenario, terms=TERMS)


def test_win_back_leads_to_the_card_and_back(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, WIN_BACK)
        await app.press("down", "down", "enter")
        assert app.main_screen.view == "customer"
        await app.press("backspace")
        assert state(app).board == WIN_BACK
        assert app.main_screen.active.grid.row == 2

    drive(shop, scenario, terms=TERMS)


def test_win_back_begins_with_those_who_may_still_come_back(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, WIN_BACK)
        table = view(app).grid.table
        assert table is not None
        first = table.part(0, 20)
        assert set(first["state"]) == {"late"}
        assert first["expected_value_12"].is_sorted(descending=True)
        assert first.filter(pl.col("p_alive") < 0.1).is_empty()
        await app.press("S")
        table = view(app).grid.table
        assert table is not None
        assert set(table.part(0, 1)["state"]) == {"on time"}
        await app.press("slash")
        await app.type("zzz")
        await app.sees("No customer matches “zzz”.")

    drive(shop, scenario, terms=TERMS)


def test_tests_by_tier_and_by_cohort(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_board(app, PROOF)
        for tested, column in (
            ("by tier 2/3", "tier"),
            ("by first quarter 3/3", "first quarter"),
            ("of all 1/3", ""),
        ):
            await app.press("d")
            assert f"tests: {tested} (d)" in app.text
            table = view(app).grid.table
            assert table is not None
            assert (table.columns[0].key == column) == bool(column)

    drive(shop, scenario, terms=TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_a_shop_that_has_told_too_little(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("6")
        assert "No forecast yet" in app.text
        assert "10 of 500 customers" in app.text
        assert "180 days of history" in app.text
        assert not app.main_screen.query_one("ForecastScreen TableOverPlots", TableOverPlots).display
        assert not footer(app) & {"drill", "dimension", "metric", "bucket", "sort", "search", "plot", "board", "note"}
        for key in ("enter", "d", "m", "b", "s", "slash", "g", "tab", "c"):
            app.app.clear_notifications()
            await app.press(key)
            await app.sees("Not enough data for a forecast")
            assert app.main_screen.view == "forecast"
        await app.press("escape", "1")
        assert app.main_screen.view == "overview"

    drive(corner, scenario, size=size, terms={"as_of": "2024-12-31"})


@pytest.mark.parametrize("size", SIZES)
def test_a_sample_answers_first_and_says_so(
    shop: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(summary, "LARGE", 100)
    seen: list[tuple[bool, str]] = []
    shown = ForecastScreen.show

    def watched(self: ForecastScreen, dataset, location, answer) -> None:  # type: ignore[no-untyped-def]
        shown(self, dataset, location, answer)
        seen.append((answer.is_preliminary, self.query_one(Caption).render().plain))

    monkeypatch.setattr(ForecastScreen, "show", watched)

    async def scenario(app: Driver) -> None:
        await to_board(app, TOTALS)
        first, *_, last = seen
        assert first[0]
        assert "sample" in first[1]
        assert not last[0]
        assert "sample" not in last[1]
        assert "sample" not in app.text
        assert "off by" in app.text

    drive(shop, scenario, size=size, terms=TERMS)


def test_escape_stops_the_tests_and_the_first_answer_stays(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, waits = threading.Event(), threading.Event()
    tested = session.attempted

    def held(*args: Any) -> Backtest:
        waits.set()
        goes_on.wait(30)
        return tested(*args)

    monkeypatch.setattr(session, "attempted", held)

    async def scenario(app: Driver) -> None:
        await app.press("6")
        await app.until(waits.is_set, "the first test")
        assert "the test on the past is not complete" in app.text
        await app.press("escape")
        await app.sees("Stopped: what is shown is the first answer.")
        goes_on.set()
        await app.until(lambda: not is_completing(app), "the end of the worker")
        await app.settled()
        assert app.main_screen.view == "forecast"
        assert "the test on the past is not complete" in app.text
        assert "stopped · as of" in app.text
        await app.press("escape")  # nothing is running any more
        assert app.main_screen.view == "overview"
        await to_board(app, TOTALS)
        assert "off by" in app.text

    drive(shop, scenario, terms=TERMS)


def test_figures_are_those_of_the_command(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    words = ["forecast", str(shop), "--as-of", "2026-06-30", "--by", "tier", "--format", "markdown"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.stderr

    async def scenario(app: Driver) -> None:
        await to_board(app, TOTALS)
        for grid in ("above", "rows"):
            table = app.main_screen.query_one(f"ForecastScreen #{grid}").table  # type: ignore[attr-defined]
            for row in table.cells(0, table.height):
                for cell in row:
                    assert cell.strip() in done.stdout

    drive(shop, scenario, terms=TERMS, start=Location("overview"))
