"""The large table: what is on screen, golden text, and that only that becomes text."""

from __future__ import annotations

import asyncio

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from ltvtui.present.tables import Column, Table
from ltvtui.tui.messages import RowChosen
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.window import GUTTER, Window

COLUMNS = (
    Column("name", "name"),
    Column("orders", "orders", "count", "all time"),
    Column("revenue", "revenue", "money", "all time"),
    Column("share", "share", "share", "within"),
)
FRAME = pl.DataFrame(
    {
        "name": ["ann", "[bold]bob[/bold]", "山田 花子"],
        "orders": [1, 12_345, 2],
        "revenue": [10_000, 98_765_432_100, -5_000],
        "share": [0.5, 0.25, None],
    }
)


class Bench(App[None]):
    """A grid alone on the screen."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.shown = table
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        yield Grid(empty="Nobody.")

    def on_mount(self) -> None:
        self.query_one(Grid).show(self.shown, ("revenue", True))
        self.query_one(Grid).focus()

    def on_row_chosen(self, message: RowChosen) -> None:
        self.chosen.append(message.row)


def screen(app: App[None]) -> list[str]:
    lines = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


def after(table: Table, *keys: str, size: tuple[int, int] = (60, 8)) -> tuple[list[str], Bench]:
    """The screen after these keys."""
    app = Bench(table)

    async def run() -> list[str]:
        async with app.run_test(size=size) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            return screen(app)

    return asyncio.run(run()), app


def test_golden_text() -> None:
    lines, _ = after(Table(FRAME, COLUMNS))
    assert lines[:5] == [
        "                  all time ───────────  within",
        "name              orders       revenue↓  share",
        "ann                    1          1.00  50.0 %",
        "[bold]bob[/bold]  12 345  9 876 543.21  25.0 %",
        "山田 花子              2         -0.50",
    ]


def test_columns_scroll_behind_the_first_and_say_so() -> None:
    lines, _ = after(Table(FRAME, COLUMNS), "right", "right", "right", size=(36, 8))
    assert lines[1].startswith("name            ‹")
    assert "25.0 %" in lines[3]
    assert "[bold]bob[/bold]" in lines[3]
    lines, _ = after(Table(FRAME, COLUMNS), size=(36, 8))
    assert lines[1].endswith("›")


def test_pages_and_edges() -> None:
    many = pl.DataFrame({"name": [f"c{i:07}" for i in range(1_000_000)], "orders": range(1_000_000)})
    table = Table(many, (Column("name", "name"), Column("orders", "orders", "count")))
    lines, app = after(table, "end", "pageup", "down", "enter", size=(40, 11))
    # Ten rows a page: from the last, 999 999, a page up and one down is 999 990.
    assert app.chosen == [999_990]
    assert lines[1].startswith("c0999990")


def test_only_rows_on_screen_become_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    whole = Table.cells

    def cells(self: Table, start: int, stop: int) -> list[tuple[str, ...]]:
        asked.append((start, stop))
        return whole(self, start, stop)

    monkeypatch.setattr(Table, "cells", cells)
    many = pl.DataFrame({"name": [str(i) for i in range(5_000)]})
    after(Table(many, (Column("name", "name"),)), "down", "down", "pagedown", size=(40, 11))
    assert asked == [(0, 10), (10, 20)]


def test_an_empty_table_says_so() -> None:
    lines, app = after(Table(FRAME.clear(), COLUMNS), "down", "enter")
    assert " Nobody." in lines[2]
    assert app.chosen == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=12),
    st.integers(10, 120),
    st.integers(3, 40),
    st.integers(0, 200),
    st.integers(0, 11),
)
def test_the_cursor_is_always_in_view(widths: list[int], width: int, height: int, row: int, column: int) -> None:
    columns = tuple(Column(f"c{i}", "x" * w, "count") for i, w in enumerate(widths))
    frame = pl.DataFrame({c.key: range(201) for c in columns}, schema={c.key: pl.Int64 for c in columns})
    window = Window()
    window.table, window.width, window.height = Table(frame, columns), width, height
    column = min(column, len(columns) - 1)
    window.reveal(row, column)
    assert window.top <= row < window.top + window.page
    shown = dict(window.columns())
    assert sum(shown.values()) + GUTTER * (len(shown) - 1) <= max(width, window.table.widths[0])
    if column and window.table.widths[0] + GUTTER + window.table.widths[column] <= width:
        assert shown[column] == window.table.widths[column]  # figures are never cut
