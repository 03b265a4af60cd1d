"""Cohorts by keyboard: the triangle, its terms, the people of a cell, curves; at every size."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build

from ltvtui.query.query import Active, Filter
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.cohorts.view import CohortsScreen
from ltvtui.tui.widgets.chart import Chart

SIZES = [(80, 24), (120, 36), (200, 60)]
SALES = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, channel TEXT);
INSERT INTO orders (customer_id, ordered_at, amount, channel) VALUES
    ('ann', '2024-01-10', 10, 'web'), ('ann', '2024-01-20', 20, 'shop'), ('ann', '2024-03-05', 30, 'web'),
    ('bob', '2024-01-31', 40, 'shop'), ('bob', '2024-02-01', 50, 'shop'),
    ('cat', '2024-03-01', 60, 'web'), ('dan', '2024-01-02', 70, 'web');
"""
"""January: ann, bob, dan; bob is back in month 1, ann in month 2. March: cat."""
TERMS = {"as_of": "2024-03-15"}


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    return build(tmp_path, SALES)


def row(app: Driver, name: str) -> str:
    """The line of a cohort, without what stands beside it."""
    return next(" ".join(line.split()) for line in app.text.splitlines() if line.split()[:1] == [name])


def view(app: Driver) -> CohortsScreen:
    assert isinstance(app.main_screen.active, CohortsScreen)
    return app.main_screen.active


@pytest.mark.parametrize("size", SIZES)
def test_the_triangle(sales: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3")
        assert "metric: retention 1/7 (m) · * 2024-03 not complete · by first order (d)" in app.text
        assert ("per month (b)" in app.text) == (size[0] > 80)
        assert row(app, "2024-01") == "2024-01 3 33.3 33.3*"
        assert row(app, "2024-03") == "2024-03 1"
        assert row(app, "all") == "all 4 33.3"  # month 0, of which all is 100 %, has no column
        lines = app.text.splitlines()
        assert len(lines) == size[1]
        assert max(map(len, lines)) <= size[0]

    drive(sales, scenario, size=size, terms=TERMS)


def test_metrics_periods_and_shares(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3", "m")
        assert row(app, "2024-01") == "2024-01 3 3 1 1*"
        await app.press("m")
        assert row(app, "2024-01") == "2024-01 3 4 1 1*"
        await app.press("m")
        assert row(app, "2024-01") == "2024-01 3 140.00 50.00 30.00*"
        await app.press("p")  # of 140: 50 and 30
        assert row(app, "2024-01") == "2024-01 3 35.7 21.4*"
        await app.press("p", "M", "M", "M")
        assert row(app, "2024-01") == "2024-01 3 33.3 33.3*"
        await app.press("p")  # the share of customers is what retention is
        assert row(app, "2024-01") == "2024-01 3 3 1 1*"
        await app.press("b")
        assert row(app, "2024") == "2024 Q1 4 4*"
        await app.press("b", "b")
        assert "2024-W01" in app.text
        await app.press("1", "3")  # what was chosen stays
        assert app.location.state(CohortsState).bucket == "week"
        assert app.location.state(CohortsState).metric == "customers"

    drive(sales, scenario, size=(120, 36), terms=TERMS)


def test_from_a_cell_to_its_people_and_a_card(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3", "enter")  # January, month 1
        assert app.location.query.trail == (Filter("first month", "2024-01"), Active("month", 1))
        assert "first month: 2024-01 ▸ active in month 1" in app.text
        assert "1 customer" in app.text
        assert "bob" in app.text
        await app.press("enter")
        assert app.main_screen.view == "customer"
        await app.press("escape", "escape")
        assert app.main_screen.view == "cohorts"
        assert app.location.query.trail == ()
        await app.press("left", "enter")  # the size
        assert "3 customers" in app.text
        await app.press("escape", "m", "up", "right", "enter")  # all, month 0: who is over it
        assert app.location.query.trail == (Active("month", 0, complete=True),)
        assert "3 customers" in app.text
        await app.press("escape", "down", "down", "right", "enter")  # March has no month 1 yet
        assert app.main_screen.view == "cohorts"
        await app.sees("No data yet")

    drive(sales, scenario, size=(120, 36), terms=TERMS)


def test_cohorts_by_an_attribute(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3", "d")
        await app.sees("Cohorts by")
        await app.press("c", "enter")  # channel
        await app.until(lambda: app.location.state(CohortsState).by == "channel", "cohorts by channel")
        assert "cohorts by channel" in app.text
        assert "cells hold complete months only" in app.text
        assert row(app, "web") == "web 3 0.0"  # ann and dan; cat's month 0 is not over
        assert row(app, "shop") == "shop 1 100.0"
        await app.press("M", "M", "left", "enter")  # of revenue per customer: those for whom month 0 is over
        assert app.location.query.trail == (Filter("channel", "web"), Active("month", 0, complete=True))
        assert "2 customers" in app.text
        await app.press("escape", "m", "m", "m", "left", "enter")  # its 3 customers are all there are
        assert app.location.query.trail == (Filter("channel", "web"),)
        assert "3 customers" in app.text
        await app.press("escape", "d")
        await app.sees("Cohorts by")
        await app.press("home", "enter")
        await app.until(lambda: app.location.state(CohortsState).by is None, "cohorts by the first order")

    drive(sales, scenario, size=(120, 36), terms=TERMS)


@pytest.mark.parametrize(("letter", "told"), [("c", False), ("s", True)])
def test_cohorts_made_of_what_came_later_say_so(sales: Path, letter: str, told: bool) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3", "d")
        await app.sees("Cohorts by")
        await app.press(letter, "enter")  # channel is known at the first order, stage is not
        await app.until(
            lambda: app.location.state(CohortsState).by in ("channel", "stage"), "cohorts by an attribute"
        )
        assert ("based on past spend" in app.text) == told

    drive(sales, scenario, size=(80, 24), terms=TERMS)


def test_the_trail_narrows_the_triangle(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("2", "d")
        await app.sees("Group by")
        await app.press("c", "enter")
        await app.until(lambda: app.location.by == ("channel",), "by channel")
        await app.press("enter")  # web
        await app.sees("Then by")
        await app.press("escape", "c", "3")
        assert app.location.query.trail == (Filter("channel", "web"),)
        assert row(app, "2024-01") == "2024-01 2 0.0 50.0*"

    drive(sales, scenario, size=(120, 36), terms=TERMS)


def test_marked_cohorts_are_drawn(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3", "m")
        curves = view(app).query(Chart).first()
        assert [line.name for line in curves.chart.lines] == ["2024-01", "all"]  # under the cursor
        await app.press("down")
        assert [line.name for line in curves.chart.lines] == ["2024-03", "all"]
        await app.press("space")
        assert row(app, "●").startswith("● 2024-03")
        await app.press("up", "space")
        assert [line.name for line in curves.chart.lines] == ["2024-01", "2024-03", "all"]
        january = curves.chart.lines[0]
        assert list(january.ys) == [1]  # month 1; month 0 is every cohort's own, month 2 is not over
        await app.press("space", "down", "space")
        assert "●" not in row(app, "2024-03")

    drive(sales, scenario, size=(120, 40), terms=TERMS)


def test_plots_take_turns_where_there_is_room_for_one(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3")
        assert "Retention %" in app.text
        await app.press("g")
        assert "Retention by tier" in app.text
        await app.press("G", "escape")  # from the plot alone back to the table, not away
        assert app.main_screen.view == "cohorts"
        assert "2024-01" in app.text
        await app.press("g")
        assert "Retention by tier" not in app.text
        assert "Retention %" not in app.text

    drive(sales, scenario, size=(80, 30), terms=TERMS)


def test_keys_of_cohorts_say_where_they_work(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("b")
        await app.sees("Periods are only on Cohorts")

    drive(sales, scenario, size=(120, 36), terms=TERMS)


def test_a_dimension_that_is_gone_makes_no_cohorts(sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3", "d")
        await app.sees("Cohorts by")
        await app.press("c", "enter")
        await app.until(lambda: app.location.state(CohortsState).by == "channel", "cohorts by channel")
        with closing(sqlite3.connect(sales)) as connection:
            connection.execute("ALTER TABLE orders DROP COLUMN channel")
            connection.commit()
        await app.press("r")
        await app.until(lambda: app.location.state(CohortsState).by is None, "cohorts by the first order")
        assert row(app, "2024-01") == "2024-01 3 33.3 33.3*"

    drive(sales, scenario, size=(120, 36), terms=TERMS)


def test_nobody_has_no_triangle(sales: Path) -> None:
    """On 10 January bob, the only one who began in the shop, has not begun."""

    async def scenario(app: Driver) -> None:
        await app.press("2", "d")
        await app.sees("Group by")
        await app.press("c", "enter")
        await app.until(lambda: app.location.by == ("channel",), "by channel")
        await app.press("down", "c", "3")
        assert app.location.query.trail == (Filter("channel", "shop"),)
        await app.press("A")
        await app.sees("as-of day")
        await app.type("2024-01-10")
        await app.press("enter")
        await app.sees("as of 2024-01-10")
        assert "No customers in this selection: Esc goes back up." in app.text
        await app.press("right", "space", "m", "b", "enter")
        await app.sees("No customers in this selection")

    drive(sales, scenario, size=(120, 36), terms=TERMS)


def test_no_more_curves_than_can_be_told_apart(tmp_path: Path) -> None:
    orders = ", ".join(f"('c{month}', '2024-{month:02}-01', 1)" for month in range(1, 10))
    table = "CREATE TABLE orders (customer_id TEXT, ordered_at TEXT, amount REAL);"
    many = build(tmp_path, f"{table} INSERT INTO orders VALUES {orders};")

    async def scenario(app: Driver) -> None:
        await app.press("3", *["space", "down"] * 7)
        await app.sees("the most that one chart can show")
        assert app.text.count("● 2024") >= 6
        assert len(view(app).query(Chart).first().chart.lines) == 7  # six, and all

    drive(many, scenario, size=(120, 60))


SPEND = """
CREATE TABLE marketing_spend (month TEXT, channel TEXT, amount REAL);
INSERT INTO marketing_spend VALUES ('2024-01', 'web', 180), ('2024-02', 'web', 1);
"""


@pytest.mark.parametrize("size", SIZES)
def test_the_month_that_pays_back_stands_in_brackets(tmp_path: Path, size: tuple[int, int]) -> None:
    """ann, bob and dan of January cost 60 each: they brought 140 / 3, then 190 / 3."""

    async def scenario(app: Driver) -> None:
        await app.press("3", "M")
        assert row(app, "2024-01") == "2024-01 3 46.67 [63.33] 73.33*"
        assert "[ ] CAC paid" in app.text
        await app.press("b")  # of the quarter, which goes on, not all is known
        assert "CAC paid" not in app.text

    drive(build(tmp_path, SALES + SPEND), scenario, size=size, terms=TERMS)


def test_the_summary_stays_over_cohorts_that_scroll_and_equal_age_is_marked(tmp_path: Path) -> None:
    weeks = ",".join(f"('c{n}', '{2020 + n // 12}-{n % 12 + 1:02}-10', 10)" for n in range(40))
    shop = build(tmp_path, f"{SALES}INSERT INTO orders (customer_id, ordered_at, amount) VALUES {weeks};")

    async def scenario(app: Driver) -> None:
        await app.press("3", "g", "end")
        assert row(app, "all").startswith("all 44")
        assert row(app, "2024-03")
        assert "2020-01" not in app.text

    drive(shop, scenario, size=(120, 24), terms=TERMS)
