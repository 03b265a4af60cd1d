"""Matrix by keyboard: its boards, their thresholds, the people behind cells and rows; at every size."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import MOVING_TERMS, moving_shop

from ltvtui.analytics.rfm.names import usual_names
from ltvtui.days import parse_day
from ltvtui.query.query import Filter, Moved
from ltvtui.tui.views.matrix.state import MatrixState
from ltvtui.tui.views.matrix.view import MatrixScreen
from ltvtui.tui.widgets.chart import Chart
from ltvtui.tui.widgets.choices import Choices
from ltvtui.tui.widgets.grid import Grid

SIZES = [(80, 24), (120, 36), (200, 60)]
SINCE = parse_day("2024-02-20")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return moving_shop(tmp_path)


def view(app: Driver) -> MatrixScreen:
    assert isinstance(app.main_screen.active, MatrixScreen)
    return app.main_screen.active


def line(app: Driver, start: str) -> list[str]:
    """The words of the first line that begins so."""
    return next(words for text in app.text.splitlines() if " ".join(words := text.split()).startswith(start))


def figures(app: Driver, row: str) -> list[str]:
    """The cells of the matrix in the row of that name."""
    table = view(app).query_one("#cells", Grid).table
    assert table is not None
    return next([text.strip() for text in texts] for name, *texts in table.cells(0, table.height) if name == row)


async def compare(app: Driver) -> None:
    """From 2024-02-20 on."""
    await app.press("b")
    await app.sees("Compare")
    await app.press(*"2024-02-20", "enter")
    await app.until(lambda: app.location.state(MatrixState).since == SINCE, "the day")


@pytest.mark.parametrize("size", SIZES)
def test_every_board_fits_and_tells_its_thresholds(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4")
        # Silent 1, 10, 20, 30, 45, 55, 85, 90 days: places 1.4, 2.8, 4.2, 5.6 of 0 to 7.
        boards = {
            "R score by F score": "M ",
            "ABC": "B to 95 % of revenue (from 11.00)",
            "life cycle": "fading after 40 days without an order, lost from 40 on",
            "tier": "VIP from 100.00, middle from 50.00",
        }
        for told in boards.values():
            assert told in app.text
            lines = app.text.splitlines()
            assert len(lines) == size[1]
            assert max(map(len, lines)) <= size[0]
            await app.press("tab")
        assert app.location.state(MatrixState).board == "RFM"
        await app.press("shift+tab")
        assert app.location.state(MatrixState).board == "tier migration"

    drive(shop, scenario, size=size, terms=MOVING_TERMS)


def test_rfm_cells_and_names(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4")
        # Orders 3, 2, 1, 2, 1, 1, 2, 1: cuts at 1, 1, 2, 2. Silent: ann 10, bob 20, dan 1, eve 30, fay 45, gus 55, …
        assert figures(app, "R5 ≤14 d") == ["0", "1", "1"]  # dan, ann
        assert "F1–2 and F3–4 merged: thresholds are equal" in app.text
        assert "F2 –" not in app.text
        assert figures(app, "R1 >73 d") == ["2", "0", "0"]  # cat, hal
        await app.press("p")
        assert figures(app, "R5 ≤14 d") == ["0.0 %", "12.5 %", "12.5 %"]
        assert "12.5 % · 1 customer" in app.text
        await app.press("m")
        assert figures(app, "R1 >73 d")[0] == "45.2 %"  # 270 of 597
        await app.press("m")
        await app.press("p")
        await app.sees("LTV has no shares")
        assert figures(app, "R1 >73 d")[0].endswith("?")  # two customers tell little
        await app.press("M", "M")
        assert app.location.state(MatrixState).measure == "customers"

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_enter_drills_from_cells_names_and_rows(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "right", "enter")
        assert app.location.view == "explore"
        assert app.location.query.trail == (Filter("R score", "5"), Filter("F score", "3"))
        assert "1 cust" in app.text or "│ 1 " in app.text
        await app.press("escape", "left", "left", "c")
        assert app.location.view == "customers"
        assert app.location.query.trail == (Filter("R score", "5"),)
        assert "2 customers" in app.text
        await app.press("escape", *["down"] * 5)  # the rows stand below the board
        assert view(app).grid.id == "rows"
        await app.press("down", "enter")
        (step,) = app.location.query.trail
        assert isinstance(step, Filter)
        assert step.dimension == "RFM"
        await app.press("escape")
        assert app.location.view == "matrix"
        assert view(app).grid.id == "rows"
        await app.press("up", "up")
        assert view(app).grid.id == "cells"

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_stages_and_who_moved(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "tab", "tab")
        await compare(app)
        assert "from 2024-02-20 to 2024-04-10" in app.text
        assert figures(app, "no order yet") == ["2", "1", "1", "0", "0", "0"]  # eve, fay
        assert figures(app, "one-time") == ["2", "0", "1", "1", "0", "0"]  # hal, dan
        # Known without an order: ida and jon; since when they are known nobody says.
        rows = view(app).query_one("#rows", Grid).table
        assert rows is not None
        columns = ("stage", "customers", "before", "change", "came", "went")
        assert rows.frame.select(columns).rows()[:3] == [
            ("lead", 2, None, None, None, None),
            ("new", 1, 2, -1, 1, 2),  # eve came; bob and cat went on
            ("one-time", 3, 2, 1, 2, 1),  # cat and fay came, dan is back
        ]
        ways = rows.frame.select("stage", "came_from", "went_to").rows()
        assert ways[:4] == [
            ("lead", "", ""),
            ("new", "first order", "one-time 1, regular 1"),
            ("one-time", "first order 1, new 1", "regular"),
            ("regular", "new 1, one-time 1", "lost"),
        ]
        await app.press("end")
        assert figures(app, "all") == ["8", "1", "3", "3", "0", "1"]
        await app.press("enter")
        await app.sees("Nothing to drill into")
        await app.press("right", "right", "enter")
        assert app.location.query.trail == (Moved("stage", SINCE, after="one-time"),)
        assert "stage now one-time" in app.text

    drive(shop, scenario, size=size, terms=MOVING_TERMS)


def test_leads_cannot_be_drilled_into(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "tab", "tab", *["down"] * 7)
        assert view(app).grid.id == "rows"
        await app.press("home", "enter")
        await app.sees("Nothing to drill into")
        assert app.location.view == "matrix"
        await app.press("1", "enter", "4")  # of the VIPs nobody is a lead
        rows = view(app).query_one("#rows", Grid).table
        assert rows is not None
        assert rows.frame["stage"].to_list() == ["one-time", "regular"]  # nobody is, or was, anything else

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_tiers_and_who_moved(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "shift+tab")
        await compare(app)
        assert line(app, "VIP 2")[2:10:2] == ["50.0", "0.0", "0.0", "50.0"]
        await app.press("p")
        assert line(app, "VIP 2")[1:6] == ["2", "1", "0", "0", "1"]
        # Beside it cat, the dearest of those who moved.
        assert line(app, "new 2")[6:11] == ["VIP", "lapsed", "few", "1", "12.5"]
        await app.press("down", "right", "right", "right", "right", "c")
        assert app.location.query.trail == (Moved("tier", SINCE, "VIP", "lapsed"),)
        assert "1 customer" in app.text
        assert "tier VIP on 2024-02-20, now lapsed" in app.text
        await app.press("escape", "m")
        assert line(app, "VIP 315")[1:6] == ["315.00", "115.00", "0.00", "0.00", "200.00"]  # ann, cat

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_days_that_cannot_be_compared_say_so(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "b")
        await app.sees("This board shows one day")
        await app.press("tab", "tab", "b")
        await app.sees("Compare")
        await app.press(*"2024-04-11", "enter")
        await app.sees("The first day is later than the second")
        await app.press("ctrl+u", *"2023-01-01", "enter")
        await app.sees("The first order is on 2024-01-01")
        await app.press("ctrl+u", "tab", "ctrl+u", *"2024-03-01", "enter")
        await app.until(lambda: app.location.query.as_of == parse_day("2024-03-01"), "the second day")
        assert "from 2024-02-01 to 2024-03-01" in app.text  # a month earlier

    drive(shop, scenario, terms=MOVING_TERMS)


def test_cuts_are_changed_live_and_remembered(shop: Path, settings: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "u")
        await app.sees("Thresholds")
        await app.sees("quantiles: 14/28/47/73")
        await app.press("tab", *"40/30/20/10", "enter")
        await app.sees("four thresholds in rising order")
        await app.press("ctrl+u", *"10/20/30/40", "enter")
        await app.until(lambda: app.location.query.rules.rfm.recency is not None, "own cuts")
        assert "R4 ≤20 d" in app.text
        assert figures(app, "R5 ≤10 d") == ["0", "1", "1"]

    async def again(app: Driver) -> None:
        await app.press("4")
        assert "R4 ≤20 d" in app.text

    drive(shop, scenario, terms=MOVING_TERMS)
    drive(shop, again, terms=MOVING_TERMS)


def test_the_board_of_a_part_and_of_nobody(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("enter", "4")  # of the VIPs
        assert app.location.query.trail == (Filter("tier", "VIP"),)
        assert figures(app, "R1 >73 d") == ["1", "0", "0"]  # cat; the cuts are those of all
        await app.press("down", "enter")  # R4 F1: none of them
        assert "No customers" in app.text
        for _ in range(4):
            await app.press("4", "tab")
        await app.press("1")
        assert app.location.view == "overview"

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


def test_keys_pressed_ahead_mean_what_is_yet_to_come(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.pilot.press("4", "tab", "left_square_bracket", "tab", "enter")
        await app.until(lambda: app.location.view == "explore", "the cell of the board that came")
        (step,) = app.location.query.trail
        assert isinstance(step, Moved | Filter)
        await app.press("escape")
        assert app.location.view == "matrix"
        assert app.location.state(MatrixState).board == "life cycle"
        assert app.location.query.as_of == parse_day("2024-03-10")

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)


@pytest.mark.parametrize("size", SIZES)
def test_a_click_on_its_name_shows_a_board(shop: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4")
        names = view(app).query_one(Choices)
        await app.pilot.click(Choices, offset=(names.render().plain.index("life cycle") + 2, 0))
        await app.settled()
        assert app.location.state(MatrixState).board == "life cycle"
        assert "fading after 40" in app.text

    drive(shop, scenario, size=size, terms=MOVING_TERMS)


def test_bars_follow_the_column_of_the_rows(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", *["down"] * 5)
        assert "Revenue by RFM" in app.text
        await app.press(*["right"] * 3)
        assert "Customers by RFM" in app.text
        await app.press("g")
        assert not app.main_screen.active.query_one(Chart).is_on_screen
        await app.press("G")
        assert app.main_screen.active.query_one(Chart).size.height > 20
        await app.press("escape")
        assert view(app).grid.has_focus

    drive(shop, scenario, size=(120, 50), terms=MOVING_TERMS)


def test_every_segment_says_what_to_do(shop: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4")
        rows = view(app).query_one("#rows", Grid).table
        assert rows is not None
        told = dict(rows.frame.select("RFM", "action").iter_rows())
        names = usual_names()
        usual = dict(zip(names.names, names.actions, strict=True))
        changed = {name: action for name, action in told.items() if action != usual[name]}
        assert changed == {"Can't lose": "Most ordered only once"}  # a name for the best does not fit them
        assert all(action in app.text for action in told.values())

    drive(shop, scenario, size=(120, 36), terms=MOVING_TERMS)
