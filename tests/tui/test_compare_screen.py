"""Compare on screen: whom it compares, its boards, and where its rows lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build

from ltvtui.query.query import Filter
from ltvtui.tui.views.compare.state import BOARDS, CompareState

SHOP = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, plan TEXT, region TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40),
    p(plan, price, after) AS (VALUES ('pro', 30, 0), ('pro', 30, 40), ('[b]basic', 10, 0))
INSERT INTO orders (customer_id, ordered_at, amount, plan, region)
    SELECT plan || i, date('2024-01-01', '+' || (after + i % 5) || ' days'), price + i % 3, plan,
    CASE WHEN i % 4 = 0 THEN 'north' ELSE 'south' END FROM n, p;
INSERT INTO orders VALUES (999, '[b]basic1', '2024-12-31', 1, '[b]basic', 'north');
"""
"""40 customers of "pro" who pay about 31 twice, and 40 of "[b]basic" who pay about 11 once."""
PRO = Filter("plan", "pro")


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """The shop of SHOP."""
    return build(tmp_path, SHOP)


def board(app: Driver) -> str:
    return app.location.state(CompareState).board


def test_a_trail_is_compared_with_all_others(plans: Path) -> None:
    """LTV of pro is 62, of basic 11 (tests/cli/test_cli_compare.py)."""

    async def scenario(app: Driver) -> None:
        app.main_screen.go(app.location.at("explore", app.location.query & PRO))
        await app.settled()
        await app.press("7")
        assert app.main_screen.view == "compare"
        await app.sees("LTV is clearly higher for plan: pro (62.00) than for all other customers (11.00)")
        await app.sees("A: plan: pro · B: all other customers")
        rows = [line.split() for line in app.text.splitlines()]
        ltv = next(row for row in rows if row[:1] == ["LTV"] and "clear" in row)
        assert ltv[1:4] == ["62.00", "11.00", "+51.00"]
        await app.press("enter")
        await app.sees("These rows are figures, not customers")

    drive(plans, scenario, size=(140, 50))


def test_at_the_top_the_largest_groups_that_differ_are_compared(plans: Path) -> None:
    """40 customers have each plan, by which LTV differs most (11 and 62); regions do not differ."""

    async def scenario(app: Driver) -> None:
        await app.press("7")
        await app.sees("A: plan: [b]basic · B: plan: pro")
        await app.sees("LTV is clearly lower for plan: [b]basic (11.00) than for pro (62.00)")
        await app.press("tab")
        assert board(app) == "index"
        await app.press("enter")  # the row is of A, though the trail is empty
        assert app.main_screen.view == "explore"
        assert app.location.query.trail[0] == Filter("plan", "[b]basic")
        await app.press("escape")
        assert (app.main_screen.view, board(app)) == ("compare", "index")

    drive(plans, scenario, size=(140, 50))


def test_at_the_top_vip_are_compared_where_no_groups_differ(corner: Path) -> None:
    """The corner shop has too few customers for two groups of 30."""

    async def scenario(app: Driver) -> None:
        await app.press("7")
        await app.sees("A: VIP · B: all other customers")
        await app.sees("descriptive: based on past spend")

    drive(corner, scenario, size=(140, 50))


def test_tab_goes_through_the_boards_and_back(plans: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("7")
        for each in (*BOARDS[1:], BOARDS[0]):
            await app.press("tab")
            assert board(app) == each
        await app.press("shift+tab")
        assert board(app) == "when"
        await app.sees("no times of day: hours are not shown")
        await app.press("g", "G", "G", "g", "x", "escape")
        assert app.main_screen.view == "compare"

    drive(plans, scenario)


def test_a_dimension_leads_to_its_segments(plans: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("7", "tab", "tab")
        await app.sees("LTV differs most by plan")
        await app.sees("[b]basic")
        await app.press("enter")
        assert (app.main_screen.view, app.location.by) == ("explore", ("plan",))

    drive(plans, scenario, size=(140, 50))


def test_d_opens_the_drivers_of_where_one_stands(plans: Path) -> None:
    """Everybody of pro comes back after 40 days, nobody of basic: the other figure says so."""

    async def scenario(app: Driver) -> None:
        app.main_screen.go(app.location.at("explore", app.location.query & Filter("region", "south")))
        await app.settled()
        await app.press("D")
        assert (app.main_screen.view, board(app)) == ("compare", "drivers")
        assert app.location.query.fixed_dimensions == {"region"}
        await app.sees("of region: south")
        await app.sees("figure: LTV 1/2 (m)")
        rows = [line.split() for line in app.text.splitlines()]
        known = {row[0]: " ".join(row[1:3]) for row in rows[::-1] if row[:1] and row[0] == "plan"}
        assert known["plan"] == "first order"
        assert "later" in app.text
        await app.press("m")
        await app.sees("A second order within 90 days differs most by plan: 100 % for pro against 0 % for [b]basic")
        await app.press("escape")
        assert app.main_screen.view == "explore"

    drive(plans, scenario, size=(140, 50))


def test_two_periods_and_the_parts_of_their_difference(plans: Path) -> None:
    """All orders are of 2024-01 and 2024-02, but one of the last day of 2024, which ends the year."""

    async def scenario(app: Driver) -> None:
        await app.press("D", "tab")
        assert board(app) == "periods"
        await app.sees("period: month 1/3 (b)")
        await app.sees("Revenue rose, from 0.00 in 2024-11 to 1.00 in 2024-12")
        for _ in range(10):
            await app.press("left")
        await app.sees("from 1 680.00 in 2024-01 to 1 240.00 in 2024-02")
        rows = {line.split()[0]: line.split()[1:] for line in app.text.splitlines()[::-1] if line.strip()}
        assert rows["2024-02"][:5] == ["1", "240.00", "40", "0", "40"]  # all of pro, once more, 30 to 32 each
        await app.press("enter")
        await app.sees("These rows are periods, not customers.")
        await app.press("right")
        await app.sees("to 0.00 in 2024-03")
        await app.press("b")
        await app.sees("period: quarter 2/3 (b)")
        await app.press("m")
        await app.sees("There is no data for 2023 Q4")
        await app.press("b", "b", "b")
        await app.sees("There is no data for")

    drive(plans, scenario, size=(140, 50))


def test_nobody_to_compare_with(plans: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("f", *"orders >= 1", "enter")
        await app.settled()
        await app.press("7")
        await app.sees("There are no other customers to compare with")
        await app.press("tab", "tab")
        await app.sees("LTV differs most by plan")  # drivers need no others

    drive(plans, scenario, size=(140, 50))


def test_two_marked_groups_are_compared(plans: Path) -> None:
    """One mark is compared with all others, two with each other; on Compare the key unmarks both."""

    async def scenario(app: Driver) -> None:
        await app.press("a")
        rows = app.main_screen.active.steps()
        await app.sees("Marked as A: ")
        app.main_screen.go(app.location.at("explore", app.location.query, ("plan",)))
        await app.settled()
        await app.press("a")
        await app.until(lambda: len(app.location.state(CompareState).marks) == 2, "both marks")
        plan = app.main_screen.active.steps()
        assert app.location.state(CompareState).marks == (rows, plan)
        await app.press("a")  # once more: not any more
        assert app.location.state(CompareState).marks == (rows,)
        app.main_screen.go(app.location.changed(CompareState, marks=((PRO,), (Filter("plan", "[b]basic"),))))
        await app.settled()
        await app.press("7")
        await app.sees("A: plan: pro · B: plan: [b]basic · a unmarks both")
        await app.sees("LTV is clearly higher for plan: pro (62.00) than for [b]basic (11.00)")
        await app.press("tab", "enter")  # a value of A, below the top
        assert app.location.query.trail[0] == PRO
        await app.press("escape", "a")
        await app.sees("A: plan: [b]basic · B: plan: pro")
        assert app.location.state(CompareState).marks == ()

    drive(plans, scenario, size=(140, 50))


def test_saved_views_and_cells_are_marked(plans: Path) -> None:
    """Two saved views with filters, and a cell of the cohorts; a view of all customers is none to compare."""

    async def scenario(app: Driver) -> None:
        await app.press("B")
        await app.sees("Nothing is saved yet: v saves what is on screen.")
        for expression, name in (("plan = pro", "pros"), ("region = north", "norths")):
            await app.press("f", *expression, "enter")
            await app.sees(expression.partition(" = ")[2])
            await app.press("v", *(("tab",) if name == "norths" else ()), *name, "enter")
            await app.until(lambda name=name: app.app.main_screen.user_state.view(name) is not None, name)
            await app.press("escape")
        await app.press("B", *"pros", "enter")
        await app.sees("Marked as A: plan = pro")
        await app.press("B", *"norths", "enter")
        await app.sees("Marked as A: plan = pro and B: region = north")
        await app.press("7")
        await app.sees("A: plan = pro")
        await app.press("a", "3", "a")
        await app.sees("Marked as A: first month")

    drive(plans, scenario, size=(120, 36))


def test_rows_of_a_group_outside_of_the_trail_lead_nowhere(plans: Path) -> None:
    async def scenario(app: Driver) -> None:
        state = CompareState("index", ((PRO,),))
        basic = app.location.query & Filter("plan", "[b]basic")
        app.main_screen.go(app.location.at("compare", basic).having(state))
        await app.settled()
        await app.sees("A: plan: pro · B: all other customers")
        await app.press("enter")
        await app.sees("These rows are of the group marked as A")
        assert app.main_screen.view == "compare"

    drive(plans, scenario, size=(140, 50))


def test_marks_of_a_dimension_that_a_shop_lacks_are_forgotten() -> None:
    state = CompareState(marks=((PRO,),))
    assert state.within({"plan", None}) == state
    assert state.within({"tier"}) == CompareState()


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_a_long_narrow_table_has_its_chart_beside_it(tmp_path: Path, size: tuple[int, int]) -> None:
    """40 cities in two groups: too many rows for a chart below them, and at 200 cells room at their right."""
    cities = SHOP.replace("CASE WHEN i % 4 = 0 THEN 'north' ELSE 'south' END", "'city' || (i % 40) || plan")

    async def scenario(app: Driver) -> None:
        await app.press("7", "tab")
        assert board(app) == BOARDS[1]
        lines = app.text.splitlines()
        title = next((line for line in lines if "Index from 100" in line or "No value has 30" in line), "")
        assert bool(title) == (size[0] == 200)
        assert not title or "region" in title  # beside the first row
        await app.press("g")
        assert ("Index from 100" in app.text) == (size[0] < 200)

    drive(build(tmp_path, cities), scenario, size=size)
