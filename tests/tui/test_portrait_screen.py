"""Portrait on screen: whom it is of, its parts, where its rows lead, and how it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build

from ltvtui.query.query import Filter
from ltvtui.tui.views.portrait.state import BOARDS, PortraitState

SHOP = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, plan TEXT, region TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO orders (customer_id, ordered_at, amount, plan, region)
    SELECT 'c' || i, datetime('2024-01-01', '+' || (i % 28) || ' days', '+' || (8 + i % 2) || ' hours'), 20 + i % 5,
    CASE WHEN i % 2 = 0 THEN 'pro' ELSE '[b]basic' END, CASE WHEN i % 4 < 2 THEN 'north' ELSE 'south' END FROM n;
"""
"""60 customers with an order each: 30 of pro order at 8, 30 of "[b]basic" at 9."""
PRO = Filter("plan", "pro")


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """The shop of SHOP."""
    return build(tmp_path, SHOP)


def board(app: Driver) -> str:
    return app.location.state(PortraitState).board


async def to_pro(app: Driver) -> None:
    """Explore by plan, the cursor on pro."""
    app.main_screen.go(app.location.at("explore", app.location.query, ("plan",)))
    await app.settled()
    while app.main_screen.active.steps() != (PRO,):
        await app.press("down")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_a_row_has_a_portrait(plans: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await to_pro(app)
        await app.press("P")
        assert (app.main_screen.view, board(app)) == ("portrait", "who")
        assert app.location.query.trail == (PRO,)
        await app.sees("Plan: pro: 30 customers")
        rows = [line.split() for line in app.text.splitlines()]
        assert ["region", "north", "100"] in [row[:3] for row in rows]  # half of pro, as of all
        for each in (*BOARDS[1:], BOARDS[0]):
            await app.press("tab")
            assert board(app) == each
        await app.press("P")  # the row of the index: narrower still
        assert app.location.query.fixed_dimensions == {"plan", "region"}
        await app.press("escape", "escape")
        assert (app.main_screen.view, app.location.query.trail) == ("explore", ())

    drive(plans, scenario, size=size)


def test_hours_are_a_heat_map_of_the_index(plans: Path) -> None:
    """A week of 60 orders has fewer than 30 in each hour: what is known of so few is left blank."""

    async def scenario(app: Driver) -> None:
        await to_pro(app)
        await app.press("P", "tab")
        table = app.main_screen.active.grid.table
        assert table is not None
        assert table.frame["day"].to_list()[0] == "Monday"
        assert table.frame["h8"].is_null().all()
        await app.sees("Orders by month: index from 100")
        await app.press("enter")
        await app.sees("These rows are orders by weekday")

    drive(plans, scenario, size=(120, 36))


def test_typical_customers_lead_to_their_cards_and_the_median_nowhere(plans: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_pro(app)
        await app.press("P", "tab", "tab")
        await app.sees("nearest to the medians")
        await app.press("enter")
        assert app.main_screen.view == "customer"
        await app.press("escape")
        assert board(app) == "typical customers"
        await app.press("end", "enter")
        await app.sees("This row is the median")

    drive(plans, scenario, size=(120, 36))


def test_the_words_are_those_of_the_note(plans: Path) -> None:
    async def scenario(app: Driver) -> None:
        await to_pro(app)
        await app.press("P", "shift+tab")
        await app.sees("No note on these customers yet")
        await app.press("N", *"Frugal", "ctrl+s")
        await app.sees("✎ Frugal")
        rows = [line.split() for line in app.text.splitlines()]
        assert ["name", "Frugal"] in rows

    drive(plans, scenario, size=(120, 36))


@pytest.mark.parametrize(
    ("name", "begins"), [("page.html", "<!doctype html>"), ("page.md", "Plan: pro: 30 customers")]
)
def test_the_page_leaves_as_html_or_markdown(plans: Path, tmp_path: Path, name: str, begins: str) -> None:
    target = tmp_path / name

    async def scenario(app: Driver) -> None:
        await to_pro(app)
        await app.press("P", "x", "tab", "ctrl+u", *str(target), "enter")
        await app.until(target.exists, "the page")

    drive(plans, scenario, size=(120, 36))
    assert target.read_text("utf-8").startswith(begins)
