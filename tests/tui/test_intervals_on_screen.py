"""How sure LTV is, what less than the horizon is, and where a history begins: by keyboard, at every size."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build

from ltvtui.days import parse_day
from ltvtui.tui import location as places
from ltvtui.tui.widgets.grid import Grid

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])

BOUGHT = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, channel TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {customers})
INSERT INTO orders (customer_id, ordered_at, amount, channel)
    SELECT '{channel}' || i, '{day}', {amount}, '{channel}' FROM n;
"""


def bought(channel: str, day: str, amount: str, customers: int) -> str:
    """So many customers of a channel who order on one day; `amount` is SQL, of the number i of each."""
    table, orders = BOUGHT.format(channel=channel, day=day, amount=amount, customers=customers).split(";\n", 1)
    return table.replace("TABLE", "TABLE IF NOT EXISTS") + ";\n" + orders


# All are seen for a year. Of the 30 of web half bring 20 and half 10: SE² = 25 ÷ 29, t(.975, 29) = 2.045230, and
# 15 · exp(± 2.045230 · 0.928477 ÷ 15) = 13.22 … 17.02. Of shop each brings 15: its interval is that.
# Of all 60: 15 groups each of 20 and of 10: SE² = 59 ÷ 60 · 30 · (5 ÷ 59)² = 0.211864, t(.975, 59) = 2.000995, and
# 15 · exp(± 2.000995 · 0.460287 ÷ 15) = 14.11 … 15.95.
SURE = bought("web", "2024-01-01", "10 + 10 * (i % 2)", 30) + bought("shop", "2024-01-01", "15", 30)
SURE_TERMS = {"as_of": "2026-01-01", "entry": "all"}

# Old ones were seen for a year, new ones for two months of it: as of 2024-12-31 the 61 days since 2024-11-01 make
# ⌊61 · 16 ÷ 487⌋ = 2. Of all N₀ = 60, m = 6: every month is that of the 30 old ones from the third on.
YOUNG = bought("old", "2023-01-01", "40", 30) + bought("new", "2024-11-01", "90", 30)
YOUNG_TERMS = {"as_of": "2024-12-31", "churn_gap": "40", "entry": "all"}

# More a day in the first 40 days than in the next, and they bring 100 where the others bring 9 … 11: cut off.
CUT = (
    bought("old", "2024-01-01", "100 + i % 3", 100)
    + bought("new", "2024-02-20", "9 + i % 3", 30)
    + bought("newer", "2024-04-01", "10", 3)
)
CUT_TERMS = {"as_of": "2025-12-31", "churn_gap": "40"}


@pytest.fixture
def sure(tmp_path: Path) -> Path:
    return build(tmp_path, SURE)


@pytest.fixture
def young(tmp_path: Path) -> Path:
    return build(tmp_path, YOUNG)


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    return build(tmp_path, CUT)


def columns(app: Driver) -> list[str]:
    table = app.main_screen.active.query(Grid).first().table
    assert table is not None
    return [column.key for column in table.columns]


def row(app: Driver, name: str) -> str:
    """The first line of the screen that begins with `name`, blanks made one."""
    return next(" ".join(line.split()) for line in app.text.splitlines() if line.split()[:1] == [name])


def fits(app: Driver, size: tuple[int, int]) -> None:
    lines = app.text.splitlines()
    assert len(lines) == size[1]
    assert max(map(len, lines)) <= size[0]


@SIZES
def test_intervals_are_shown_and_hidden(sure: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        for key in ("1", "2"):
            await app.press(key)
            assert {"ltv_lower", "ltv_upper"} <= set(columns(app))
            assert "15.00 ±0.92" in app.text  # (15.95 - 14.11) ÷ 2
            fits(app, size)
            await app.press("i")
            assert not {"ltv_lower", "ltv_upper"} & set(columns(app))
            assert "±0.92" not in app.text
            assert "dotted" not in app.text
            fits(app, size)
            await app.press("i")
            assert "15.00 ±0.92" in app.text
        await app.press("d", "c", "enter")
        assert "channel" in app.location.by
        # On a narrow screen the lifetime stands before the interval, which is a key to the right.
        shown = [] if size[0] < 120 else ["13.22", "17.02"]
        assert {"15.00", *shown} <= set(row(app, "web").split())
        assert row(app, "shop").split().count("15.00") >= 1 + len(shown)
        assert ("Cumulative LTV by channel" in app.text) == (size[0] >= 120)

    drive(sure, scenario, size=size, terms=SURE_TERMS)


def test_hidden_intervals_stay_hidden_on_other_screens(sure: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("i", "3", "2")
        assert "ltv_lower" not in columns(app)
        await app.press("i", "1")
        assert "ltv_lower" in columns(app)

    drive(sure, scenario, terms=SURE_TERMS)


@SIZES
def test_a_large_shop_begins_without_intervals(
    sure: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(places, "INTERVALS_UP_TO", 59)

    async def scenario(app: Driver) -> None:
        for key in ("1", "2"):
            await app.press(key)
            assert "ltv_lower" not in columns(app)
            assert "±" not in app.text.replace("i ± 95 %", "")
        await app.press("i")
        assert "ltv_lower" in columns(app)
        assert "15.00 ±0.92" in app.text
        await app.press("1")
        assert "15.00 ±0.92" in app.text

    drive(sure, scenario, size=size, terms=SURE_TERMS)


@SIZES
def test_equal_ages_stay_where_one_goes_and_comes_back(young: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        ages = ["ltv_1", "ltv_3", "ltv_6", "ltv_12"]
        assert not set(ages) & set(columns(app))
        await app.press("E")
        assert [column for column in columns(app) if column in ages] == ages
        assert "check" not in columns(app)
        assert "LTV at equal age" in app.text
        await app.press("3", "2")
        assert "LTV at equal age" in app.text
        await app.press("d", "c", "enter")
        # Each bought once, in month 0; new ones were not seen for three months.
        assert "40.00 40.00 40.00 40.00" in row(app, "old")
        assert ("90.00 ≥ 90.00 (2 of 12 mo)" in row(app, "new")) == (size[0] >= 120)
        cells = row(app, "new").split()
        assert cells[cells.index("69.2") + 2] == "90.00"  # within one month, behind the share of revenue
        fits(app, size)
        await app.press("i", "1")
        assert [column for column in columns(app) if column in ages] == ages
        assert "ltv_lower" not in columns(app)
        await app.press("E")
        assert "check" in columns(app)

    drive(young, scenario, size=size, terms=YOUNG_TERMS)


@SIZES
def test_less_than_the_horizon_says_so_and_is_sorted_below(young: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "d", "c", "enter")
        location = columns(app).index("ltv")
        await app.press("home", *["left"] * 9, *["right"] * location, "s")
        assert app.location.sort == ("ltv", True)
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.part(0, 2)["channel"].to_list() == ["old", "new"]  # 40 of the whole year, above 90 of two months
        assert f"≥ 90.00 ({'2 mo' if size[0] < 100 else '2 of 12 mo'})" in row(app, "new")
        assert "≥" not in row(app, "old")
        await app.press("S")
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.part(0, 2)["channel"].to_list() == ["old", "new"]
        fits(app, size)

    drive(young, scenario, size=size, terms=YOUNG_TERMS)


@SIZES
def test_a_history_that_is_cut_off_is_said_with_both_figures(
    cut: Path, settings: Path, size: tuple[int, int]
) -> None:
    """33 customers came since 10 February, 30 bringing 10 on average and 3 bringing 10; the 100 before bring
    (33 · 102 + 33 · 100 + 34 · 101) ÷ 100 = 101.00, hence all (10 100 + 330) ÷ 133 = 78.42."""
    told = "history cut off: LTV of 33 proven new since 2024-02-10; of all 78.42"

    async def scenario(app: Driver) -> None:
        for key in ("1", "2"):
            await app.press(key)
            assert told in app.text
            assert ("LTV 10.00" if size[0] < 100 else "│ 10.00") in app.text
            fits(app, size)
        await app.press("5")
        assert told in app.text
        assert ("33 new" if size[0] < 100 else "│ 33 ") in app.text
        await app.press("1")
        assert "VIP from" in app.text  # thresholds are always shown
        await app.press("A", "tab", "tab", "tab")
        await app.sees("LTV counts")
        await app.type("all")
        await app.press("enter")
        await app.until(lambda: app.location.query.entry == "all", "all of them")
        await app.settled()
        assert "history cut off on 2024-01-01: LTV counts old customers as new ones" in app.text
        assert "78.42" in app.text
        await app.press("A", "tab", "tab", "tab")
        await app.type("2024-04-01")
        await app.press("enter")
        await app.until(lambda: app.location.query.entry == parse_day("2024-04-01"), "a day")
        await app.settled()
        assert "history cut off: LTV of 3 new since 2024-04-01; of all 78.42" in app.text

    async def again(app: Driver) -> None:
        await app.sees("LTV of 3 new since 2024-04-01")
        await app.press("A", "tab", "tab", "tab", "delete", "enter")  # empty: as the history says
        await app.until(lambda: app.location.query.entry == "auto", "auto")
        await app.settled()
        assert told in app.text

    drive(cut, scenario, size=size, terms=CUT_TERMS)
    kept = tomllib.loads((settings / "config.toml").read_text("utf-8"))
    assert [shop["entry"] for shop in kept["shops"].values()] == ["2024-04-01"]
    drive(cut, again, size=size, terms=CUT_TERMS)


def test_an_entry_that_cannot_be_is_refused(cut: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("A", "tab", "tab", "tab")
        await app.type("some")
        await app.press("enter")
        await app.sees("Invalid entry: some. Enter auto, all, proven, or a day")
        await app.press("escape")
        assert app.location.query.entry == "auto"

    drive(cut, scenario, terms=CUT_TERMS)
