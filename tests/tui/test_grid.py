"""The large table: what is on screen, golden text, and that only that becomes text."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import Literal

import polars as pl
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.color import Color
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES
from textual_internals import strips_of

from ltvtui.present.fitting import fit
from ltvtui.present.plain import plain
from ltvtui.present.tables import Column, Table
from ltvtui.tui.messages import HeadingChosen, RowChosen
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.heat import contrast, heat_style
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

    def __init__(self, table: Table, cursor: Literal["row", "cell"] = "row") -> None:
        super().__init__()
        self.shown = table
        self.cursor = cursor
        self.chosen: list[int] = []
        self.ordered: list[str] = []

    def compose(self) -> ComposeResult:
        yield Grid(empty="Nobody.", cursor=self.cursor)

    def on_mount(self) -> None:
        self.query_one(Grid).show(self.shown, ("revenue", True))
        self.query_one(Grid).focus()

    def on_row_chosen(self, message: RowChosen) -> None:
        self.chosen.append(message.row)

    def on_heading_chosen(self, message: HeadingChosen) -> None:
        self.ordered.append(message.column)


def screen(app: App[None]) -> list[str]:
    lines = strips_of(app.screen)
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


@pytest.mark.parametrize(
    ("width", "title"),
    [(39, "name              orders             2›"), (40, "name              orders       revenue↓›")],
)
def test_the_sign_that_more_columns_lie_beyond_stands_in_no_title(width: int, title: str) -> None:
    """Name, orders and revenue take 16 + 2 + 6 + 2 + 12 = 38 cells; the signs of order and of more take two."""
    lines, _ = after(Table(FRAME, COLUMNS), size=(width, 8))
    assert lines[1] == title


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

    def cells(self: Table, start: int, stop: int, shown: Sequence[int] | None = None) -> list[tuple[str, ...]]:
        asked.append((start, stop))
        return whole(self, start, stop, shown)

    monkeypatch.setattr(Table, "cells", cells)
    many = pl.DataFrame({"name": [str(i) for i in range(5_000)]})
    after(Table(many, (Column("name", "name"),)), "down", "down", "pagedown", size=(40, 11))
    assert asked == [(0, 10), (10, 20)]


def test_an_empty_table_says_so() -> None:
    lines, app = after(Table(FRAME.clear(), COLUMNS), "down", "enter")
    assert " Nobody." in lines[2]
    assert app.chosen == []


@settings(max_examples=examples(60), deadline=None)
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


def run(
    scenario: Callable[[Bench, Pilot[None]], Awaitable[None]], app: Bench, size: tuple[int, int] = (60, 8)
) -> None:
    async def main() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await scenario(app, pilot)

    asyncio.run(main())


HEAT = Table(
    pl.DataFrame({"month": ["Jan", "Feb"], "m0": [1.0, 1.0], "m1": [0.5, None], "h0": [1.0, 1.0], "h1": [0.2, None]}),
    (Column("month", "month"), Column("m0", "0", "share", heat="h0"), Column("m1", "1", "share", heat="h1")),
)


def runs(grid: Grid, y: int) -> list[tuple[str, str]]:
    """Text and background of a line, by backgrounds; a blank one is the table's own."""
    own = grid.rich_style.bgcolor
    cells = [(s.text, "" if s.style.bgcolor == own else s.style.bgcolor.name) for s in grid.render_line(y) if s.style]
    grouped = groupby(cells, key=lambda cell: cell[1])
    return [("".join(text for text, _ in group), ground) for ground, group in grouped]


def hot_colour(grid: Grid) -> Color:
    return grid.get_component_styles("grid--heat").background


def test_heat_colours_cells_that_touch_and_keeps_their_numbers() -> None:
    async def scenario(app: Bench, pilot: Pilot[None]) -> None:
        grid = app.query_one(Grid)
        await pilot.press("down", "down")
        hot, warm = (
            heat_style(v, grid.background_colors[1], hot_colour(grid), app.console.color_system).bgcolor.name
            for v in (1.0, 0.2)
        )
        # The heat of a column begins in the gutter on its left and ends in that on its right.
        (month, none), (first, full), (second, some), (rest, blank) = runs(grid, 1)
        assert (month, none, blank) == ("Jan   ", "", "")
        assert (first, full) == (" 100.0 % ", hot)
        assert (second, some) == (" 50.0 % ", warm)
        assert not rest.strip()

    app = Bench(HEAT, "cell")
    run(scenario, app)


def test_a_cell_cursor_marks_and_copies_the_cell_alone() -> None:
    async def scenario(app: Bench, pilot: Pilot[None]) -> None:
        grid = app.query_one(Grid)
        await pilot.press("down", "right")
        assert grid.text_under_cursor() == "12 345"
        marked = [text for text, ground in runs(grid, 3) if ground]
        assert marked == ["12 345"]

    run(scenario, Bench(Table(FRAME, COLUMNS), "cell"))


def test_a_row_cursor_copies_the_row_with_its_headings() -> None:
    async def scenario(app: Bench, pilot: Pilot[None]) -> None:
        text = app.query_one(Grid).text_under_cursor()
        assert text == "name\torders\trevenue\tshare\nann\t1\t1.00\t50.0 %"

    run(scenario, Bench(Table(FRAME, COLUMNS)))


def test_the_mouse_moves_takes_and_orders() -> None:
    async def scenario(app: Bench, pilot: Pilot[None]) -> None:
        grid = app.query_one(Grid)
        await pilot.click(Grid, offset=(20, 4))
        assert (grid.row, grid.column_key, app.chosen) == (2, "orders", [])
        await pilot.click(Grid, offset=(20, 4))
        assert app.chosen == [2]
        await pilot.click(Grid, offset=(30, 1))
        assert (app.ordered, grid.row, grid.column_key) == (["revenue"], 2, "revenue")
        await pilot.click(Grid, offset=(30, 7))  # below the last row
        assert (app.chosen, app.ordered) == ([2], ["revenue"])

    run(scenario, Bench(Table(FRAME, COLUMNS)))


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("ab 漢字🙂👩\u200d💻é\u0301\u0302\ufe0f🇩🇰"), max_size=14), min_size=1, max_size=4
    ),
    st.integers(8, 40),
)
def test_wide_characters_never_shift_what_stands_beside_them(texts: list[str], width: int) -> None:
    frame = pl.DataFrame({"name": texts, "more": texts[::-1], "n": range(len(texts))})
    table = Table(frame, (Column("name", "名前"), Column("more", "more"), Column("n", "n", "count")))

    async def scenario(app: Bench, pilot: Pilot[None]) -> None:
        grid = app.query_one(Grid)
        for keys in ((), ("right",), ("right",)):
            await pilot.press(*keys)
            for y in range(len(texts) + 1):
                line = grid.render_line(y)
                assert cell_len(line.text) == sum(cell_len(s.text) for s in line) == width

    run(scenario, Bench(table), (width, 8))


@given(st.text(max_size=20), st.integers(0, 24), st.booleans())
def test_cut_text_is_exactly_as_wide_as_its_room(text: str, width: int, right: bool) -> None:
    shown = fit(plain(text), width, right)
    assert cell_len(shown) == width
    assert shown.strip() == plain(text).strip() or "…" in shown or width == 0


@pytest.mark.parametrize("system", ["standard", "256", "truecolor"])
@pytest.mark.parametrize("name", ["textual-dark", "textual-light", "nord", "solarized-light", "dracula"])
def test_heat_is_read_in_every_theme_and_colour_system(name: str, system: str) -> None:
    colours = BUILTIN_THEMES[name].to_color_system().generate()
    background, hot = Color.parse(colours["background"]), Color.parse(colours["primary"])
    styles = [heat_style(step / 20, background, hot, system) for step in range(21)]
    assert all(contrast(style.color, style.bgcolor) >= 4.5 for style in styles)
    steps = list(dict.fromkeys(style.bgcolor for style in styles))
    assert len(steps) >= {"standard": 2, "256": 4, "truecolor": 8}[system]
    assert [style.bgcolor for style in styles] == sorted((s.bgcolor for s in styles), key=steps.index)  # no way back


def test_pinned_rows_stay_while_others_scroll() -> None:
    """Six lines are a heading, the pinned row, and four of nine rows."""
    frame = pl.DataFrame({"name": ["all", *"abcdefghi"], "n": range(10)})
    table = Table(frame, (Column("name", "name"), Column("n", "n", "count")), pinned=1)

    def names(lines: list[str]) -> list[str]:
        return [line.split()[0] for line in lines if line.strip()]

    for keys, shown in (
        ((), "all a b c d"),
        (("down",) * 4, "all a b c d"),
        (("down",) * 5, "all e f g h"),
        (("end",), "all f g h i"),
        (("end", "home"), "all f g h i"),
        (("end", "home", "down"), "all a b c d"),
    ):
        lines, app = after(table, *keys, size=(20, 6))
        assert names(lines) == ["name", *shown.split()]
    lines, app = after(table, "end", "enter", size=(20, 6))
    assert app.chosen == [9]
    assert names(after(table, size=(20, 2))[0]) == ["name", "all"]  # no room: it scrolls like the others


@pytest.mark.parametrize(("y", "row"), [(0, None), (1, 0), (2, 6), (5, 9), (6, None)])
def test_a_line_tells_its_row_under_pinned_ones(y: int, row: int | None) -> None:
    window = Window()
    window.table = Table(pl.DataFrame({"name": [*"abcdefghij"]}), (Column("name", "name"),), pinned=1)
    window.width, window.height = 20, 6
    window.reveal(9, 0)
    assert window.row_at(y) == row
    if row is not None:
        assert window.line_of(row) == y
