"""What is seen without a key: curves under a long triangle, what a cell of a board says, where rows go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import Driver, drive
from shops import MOVING_TERMS, build, moving_shop


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A shop of forty months, each with two new customers who order twice: as many cohorts and 80 customers."""
    return build(
        tmp_path,
        """
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 79), s(later) AS (VALUES (0), (2))
        INSERT INTO orders (customer_id, ordered_at, amount)
            SELECT 'c' || i, date('2020-01-15', '+' || (i / 2 + later) || ' months'), 10 + i FROM n, s;
        """,
    )


def rows_of_table(app: Driver) -> list[str]:
    return [line for line in app.text.splitlines() if line.startswith("   20")]


@pytest.mark.parametrize(("size", "has_plots"), [((80, 24), False), ((120, 36), True)])
def test_a_long_triangle_leaves_lines_to_its_curves(long: Path, size: tuple[int, int], has_plots: bool) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3")
        plots = app.main_screen.active.plots
        assert plots is not None
        assert plots.is_drawn == has_plots
        if not has_plots:
            return
        beside = len(rows_of_table(app))
        await app.press("g")
        assert len(rows_of_table(app)) >= beside
        assert not plots.is_drawn

    drive(long, scenario, size=size)


def test_the_last_line_says_that_rows_go_on(long: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3")
        assert rows_of_table(app)[-1].endswith("▾")
        assert "▴" not in app.text
        await app.press("end")
        assert rows_of_table(app)[0].endswith("▴")
        assert "▾" not in app.text

    drive(long, scenario, size=(120, 36))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_a_board_says_what_is_under_the_cursor(tmp_path: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("4", "right")
        assert "▸ R5 × F3–4, most are Potential loyalist → Ask for the next order soon" in app.text
        await app.press("tab")
        assert "▸ A × X: nobody" in app.text  # too few gaps to tell how evenly anybody orders
        await app.press("tab", "tab", "right")
        # The first day is that of the first orders, of ann and gus. Of the six others bob is VIP now.
        assert "▸ 1 customer: no order yet on 2024-01-01 → VIP on 2024-04-10 (17 % of them)" in app.text

    drive(moving_shop(tmp_path), scenario, size=size, terms=MOVING_TERMS)
