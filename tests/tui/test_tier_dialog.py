"""The tier rule as it is tried: its table and its Lorenz curve, where there is room."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import build
from textual.widgets import Input

from ltvtui.present.charts import LineChart
from ltvtui.tui.widgets.chart import Chart

ALL_LAPSED = {"as_of": "2024-12-31"}
HINT = "Enter accept · ↑ ↓ another rule · Tab next field · Esc close"


def borders(app: Driver) -> list[tuple[str, float, float]]:
    """Name, share of customers and share of value of each border, in per cent."""
    chart = app.app.screen.query_one(Chart).chart
    return (
        [(m.label, round(m.x, 1), round(float(m.y or 0), 1)) for m in chart.marks]
        if isinstance(chart, LineChart)
        else []
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_the_curve_follows_every_key(corner: Path, size: tuple[int, int]) -> None:
    """Ten are worth 1000, 800, 500, 400, 300, 200, 150, 100, 50 and 0: 3500 in all."""

    async def scenario(app: Driver) -> None:
        await app.press("t")
        # The least five make 500, the least eight 1700.
        await app.until(lambda: borders(app) == [("middle →", 50, 14.3), ("VIP →", 80, 48.6)], "the borders")
        for told in (
            "5   50.0 %       14.3 %",
            "Lorenz: least valuable first",
            "% of revenue",
            "VIP →",
            "100 %",
            HINT,
        ):
            assert told in app.text
        await app.type("10")  # VIP, top 10 %: one of ten, who makes 1000; the six least make 800
        await app.until(lambda: borders(app) == [("middle →", 60, 22.9), ("VIP →", 90, 71.4)], "the borders")
        # Shares of value: before the third stand 51.4 %, before the fifth 77.1 %, before the sixth 85.7 %.
        await app.press("down")
        await app.until(lambda: borders(app) == [("middle →", 50, 14.3), ("VIP →", 80, 48.6)], "the borders")

    drive(corner, scenario, terms=ALL_LAPSED, size=size)


def test_an_empty_middle_begins_nowhere_and_in_money_where_vip_does(corner: Path) -> None:
    """Two of ten are VIP, from 800; of the next 0 % there is nobody, as there is between 800 and 800."""

    async def scenario(app: Driver) -> None:
        await app.press("t", "tab")
        await app.type("0")
        await app.sees("VIP                  2   20.0 %       51.4 %      800.00")
        assert "middle               0    0.0 %        0.0 %             " in app.text
        await app.press("up")
        amounts = app.app.screen.query_one("#vip", Input), app.app.screen.query_one("#middle", Input)
        assert [amount.value for amount in amounts] == ["800.00", "800.00"]

    drive(corner, scenario, terms=ALL_LAPSED)


def test_where_there_is_no_room_the_curve_is_left_away(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("t")
        await app.sees("5   50.0 %       14.3 %")
        assert "Lorenz" not in app.text
        assert HINT in app.text
        await app.pilot.resize_terminal(80, 24)
        await app.sees("Lorenz")
        assert HINT in app.text

    drive(corner, scenario, terms=ALL_LAPSED, size=(80, 20))


TIED = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount NUMERIC);
INSERT INTO orders VALUES (1, 'a', '2024-01-10', 100), (2, 'b', '2024-01-10', 90), (3, 'c', '2024-01-10', 90),
    (4, 'd', '2024-01-10', 50), (5, 'e', '2024-01-10', 40);
"""
"""Of five the first is VIP, and of the next two are middle; of quantile:40/20 b is the last VIP, and c his equal."""


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_ties_are_told_as_a_rule_is_tried_and_over_the_tiers(tmp_path: Path, size: tuple[int, int]) -> None:
    """VIP has three of five, middle, of which rank 3 is the last, none."""

    async def scenario(app: Driver) -> None:
        assert "ties" not in app.text
        await app.press("t")
        await app.type("40")
        await app.press("tab")
        await app.type("20")
        await app.sees("VIP                  3   60.0 %       75.7 %       90.00  ties")
        await app.sees("middle               0    0.0 %        0.0 %              ties")
        assert HINT in app.text
        await app.press("enter")
        parts = [
            *("VIP from 90.00", "churn gap 365 days (no repeat order yet)"),
            *("VIP 60.0 % instead of 40 %: ties", "middle 0.0 % instead of 20 %: ties"),
        ]
        await app.sees(" · ".join(parts[: {80: 2, 120: 3, 200: 4}[size[0]]]))  # whole ones, as many as fit

    drive(build(tmp_path, TIED), scenario, size=size)


REFUNDED = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount NUMERIC);
INSERT INTO orders VALUES
    (1, 'ann', '2024-01-10', 50), (2, 'bob', '2024-01-11', 10), (3, 'bob', '2024-01-11', {refund});
"""


@pytest.mark.parametrize(
    ("refund", "told"),
    [(-30, "VIP →"), (-60, "No chart: the total value"), (-90, "No chart: the total value")],
)
def test_refunds_do_not_break_it(tmp_path: Path, refund: int, told: str) -> None:
    """bob is worth −20, −50, −80; all together 30, 0, −30."""
    shop = build(tmp_path, REFUNDED.format(refund=refund))

    async def scenario(app: Driver) -> None:
        await app.press("t")
        await app.sees(told)
        await app.sees("1   50.0 %")

    drive(shop, scenario, size=(80, 24))
