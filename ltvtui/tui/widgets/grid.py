"""The large table: any number of rows over a frame, of which only the visible ones become text."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final, Literal

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from ltvtui.present.changes import Changes, sign, told
from ltvtui.present.spreadsheet import harmless
from ltvtui.present.tables import Table, fit
from ltvtui.tui.commands import move_bindings
from ltvtui.tui.messages import CursorMoved, EdgeReached, HeadingChosen, RowChosen
from ltvtui.tui.widgets.heat import heat_style
from ltvtui.tui.widgets.unscrolled import Unscrolled
from ltvtui.tui.widgets.window import GUTTER, Window

NOTED: Final = "✎"
"""Stands behind the name of a row about which there is a note."""


class Grid(Unscrolled, can_focus=True):
    """A table with a fixed first column, a cursor, right-aligned numbers and heat cells.

    The cursor is a row with one cell marked, for tables of which a row is something; or a cell alone,
    for tables of which every cell is. The owner gives a Table and, where rows are sorted, the column
    to mark. Moving repaints two lines; at an edge the grid turns a page instead of scrolling by a line,
    which would repaint all.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--group",
        "grid--cursor",
        "grid--cell",
        "grid--first",
        "grid--few",
        "grid--empty",
        "grid--hint",
        "grid--heat",
    }
    DEFAULT_CSS = """
    Grid { height: 1fr; width: 1fr; color: $foreground; }
    Grid > .grid--header { color: $text-muted; text-style: bold; }
    Grid > .grid--group { color: $text-muted; }
    Grid > .grid--cursor { background: $surface-lighten-1; }
    Grid:focus > .grid--cursor { background: $primary-muted; }
    Grid:focus > .grid--cell { background: $primary; color: $text; text-style: bold; }
    Grid > .grid--first { text-style: bold; }
    Grid > .grid--few { color: $text-muted; text-style: italic; }
    Grid > .grid--empty { color: $text-muted; }
    Grid > .grid--heat { background: $primary; }
    Grid > .grid--hint { color: $accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = move_bindings()

    row: reactive[int] = reactive(0, repaint=False)
    column: reactive[int] = reactive(0, repaint=False)

    def __init__(
        self, *, id: str | None = None, empty: str = "Nothing here.", cursor: Literal["row", "cell"] = "row"
    ) -> None:
        super().__init__(id=id)
        self.cursor = cursor
        self.sorted_by: tuple[str, bool] | None = None
        self.empty = empty
        self.is_noted: Callable[[int], bool] | None = None
        """Whether there is a note about a row; asked of rows on screen alone."""
        self._window = Window()
        self._page: tuple[int, list[int], list[tuple[str, ...]]] = (0, [], [])
        self._heats: list[tuple[float | None, ...]] = []
        self._changes: Changes | None = None
        self._differences: list[tuple[float | None, ...]] = []
        self.steady = False
        """Whether what is shown next is the same table at another moment: cursor and view stay with its rows."""

    # -- what is shown -----------------------------------------------------------------------------

    @property
    def table(self) -> Table | None:
        """What is shown."""
        return self._window.table

    def show(
        self, table: Table, sorted_by: tuple[str, bool] | None = None, at: int = 0, column: str | None = None
    ) -> None:
        """Show `table` with the cursor on row `at`; `sorted_by` is (column key, descending)."""
        before, top = self._window.table, self._window.top
        again = table.found_again(self.row, before) if self.steady and before is not None else None
        self._window.table = table
        self._window.top = min(top, max(table.height - self._window.page, 0)) if self.steady else 0
        self._changes = None
        self.sorted_by = sorted_by
        self._page = (0, [], [])
        keys = [c.key for c in table.columns]
        self.column = keys.index(column) if column in keys else max(min(self.column, len(keys) - 1), 0)
        self.row = max(0, min(at if again is None else again, table.height - 1))
        self._window.reveal(self.row, self.column)
        self.refresh()
        self._tell()

    def hold_against(self, before: Table | None) -> None:
        """Mark what changed since the table was `before`; None: nothing is marked."""
        self._changes = None if before is None else Changes(before)
        self._page = (0, [], [])
        self.refresh()

    def change_under_cursor(self) -> str:
        """Of the figure under the cursor what it is and how much it changed; blank where it did not."""
        if self.table is None or self._changes is None or not self._window.rows:
            return ""
        column = self.table.columns[self.column]
        ((difference,),) = self._changes.of(self.table, self.row, self.row + 1, [self.column])
        return "" if difference is None else f"{column.title} {told(column, difference)}"

    @property
    def column_key(self) -> str:
        """Key of the column under the cursor; blank without a table."""
        return self.table.columns[self.column].key if self.table and self.table.columns else ""

    def text_under_cursor(self) -> str:
        """The cell under a cell cursor; the row under a row cursor, tab-separated, headings above."""
        if self.table is None or not self._window.rows:
            return ""
        if self.cursor == "cell":
            return harmless(self.table.cells(self.row, self.row + 1, [self.column])[0][0].strip())
        row = self.table.cells(self.row, self.row + 1)[0]
        titles = [c.title for c in self.table.columns]
        return "\n".join("\t".join(map(harmless, line)) for line in (titles, row))

    @property
    def height_of_table(self) -> int:
        """Lines that headings and all rows need."""
        return self._window.needed

    # -- moving ------------------------------------------------------------------------------------

    def action_move(self, rows: int, columns: int) -> None:
        """Move the cursor by whole cells."""
        row, column = self.row + rows, self.column + columns
        last = (max(self._window.rows, 1) - 1, len(self.table.columns) - 1) if self.table else (0, 0)
        over = [_beyond(*place) for place in ((row, last[0]), (column, last[1]))]
        if any(over):
            self.post_message(EdgeReached(*over))
        self._go(row, column)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a page."""
        self._go(self.row + direction * self._window.page, self.column)

    def action_pan(self, direction: int) -> None:
        """Move the cursor by as many columns as are on screen."""
        self._go(self.row, self.column + direction * max(len(self._window.columns()) - 1, 1) if self.table else 0)

    def action_edge(self, end: bool) -> None:
        """Move the cursor to the first or last row."""
        self._go(self._window.rows - 1 if end else 0, self.column)

    def action_choose(self) -> None:
        """Take the row under the cursor."""
        if self._window.rows:
            self.post_message(RowChosen(self.row, self.column_key))

    def _go(self, row: int, column: int) -> None:
        if self.table is None or not self._window.rows:
            return
        before = self.row
        self.row = max(0, min(row, self._window.rows - 1))
        self.column = max(0, min(column, len(self.table.columns) - 1))
        if self._window.reveal(self.row, self.column):
            self.refresh()
        else:
            for changed in {before, self.row}:
                line = self._window.head + changed - self._window.top
                self.refresh(Region(0, line, self.size.width, 1))
        self._tell()

    def _tell(self) -> None:
        if self._window.rows:
            self.post_message(CursorMoved(self.row, self.column_key))

    # -- mouse and size ----------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a click where it stands takes the row; on a heading it asks for its order."""
        if self.table is None or not self._window.rows:
            return
        column, row = self._window.column_at(event.x), self._window.row_at(event.y)
        if event.y < self._window.head and column is not None:
            self._go(self.row, column)
            self.post_message(HeadingChosen(self.column_key))
        if row is None:
            return
        if row == self.row and column in (self.column, None):
            self.action_choose()
        else:
            self._go(row, self.column if column is None else column)

    def on_mouse_scroll_down(self) -> None:
        """Wheel down: three rows."""
        self.action_move(3, 0)

    def on_mouse_scroll_up(self) -> None:
        """Wheel up: three rows."""
        self.action_move(-3, 0)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view at any size."""
        if self._fit():
            self.refresh()

    def _fit(self) -> bool:
        """Take the size there is; False where it is taken already."""
        if self.size == (self._window.width, self._window.height):
            return False
        self._window.width, self._window.height = self.size
        self._window.top, self._window.left = -self._window.page, 1
        self._window.reveal(self.row, self.column)
        return True

    def on_focus(self) -> None:
        """Show the cell cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cell cursor."""
        self.refresh()

    # -- painting ----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line: headings, a row, or blank."""
        self._fit()  # a line may be asked for before on_resize
        if self.table is None:
            return Strip.blank(self.size.width, self.rich_style)
        head = self._window.head
        if not self._window.rows:
            text = self.empty if y == head else ""
            return self._strip([(f" {text}", self._style("grid--empty"))])
        if y < head:
            return self._hinted(self._groups(self.table) if y == 0 and head == 2 else self._titles(self.table))
        row = self._window.row_at(y)
        return Strip.blank(self.size.width, self.rich_style) if row is None else self._row(self.table, row)

    def _groups(self, table: Table) -> Strip:
        """Headings over several columns, ruled as far as they reach."""
        spans: list[tuple[str, int]] = []
        for index, width in self._window.columns():
            heading = table.columns[index].group
            if spans and spans[-1][0] == heading:
                spans[-1] = (heading, spans[-1][1] + GUTTER + width)
            else:
                spans.append((heading, width))
        style, gap = self._style("grid--group"), " " * GUTTER
        ruled = [f"{name} ".ljust(width, "─") if 0 < len(name) < width else name for name, width in spans]
        parts = [(fit(text, width) + gap, style) for text, (_, width) in zip(ruled, spans, strict=True)]
        return self._strip(parts)

    def _titles(self, table: Table) -> Strip:
        """Titles of columns, with the mark of the one that rows are sorted by."""
        style, parts = self._style("grid--header"), []
        for index, width in self._window.columns():
            column = table.columns[index]
            by, falls = self.sorted_by or ("", False)
            mark = ("↓" if falls else "↑") if by == column.key else ""
            parts.append((fit(column.title, width, column.right) + mark.ljust(GUTTER), style))
        return self._strip(parts)

    def _hinted(self, headings: Strip) -> Strip:
        """Arrows at the edges where columns lie beyond them."""
        style = self._style("grid--hint")
        if self._window.more_right:
            headings = Strip.join([headings.crop(0, self.size.width - 1), Strip([Segment("›", style)])])
        edge = self._window.columns()[0][1]
        if self._window.left > 1 and edge < self.size.width:
            headings = Strip.join([headings.crop(0, edge), Strip([Segment("‹", style)]), headings.crop(edge + 1)])
        return headings

    def _row(self, table: Table, row: int) -> Strip:
        here = row == self.row
        few = bool(table.few and table.part(row, row + 1)[0, table.few])
        base = self._style("grid--few") if few else self.rich_style
        if here and self.cursor == "row":
            base = base + Style(bgcolor=self._style("grid--cursor").bgcolor)
        shown = self._window.columns()
        cells, heats = self._cells(table, row, [index for index, _ in shown])
        parts: list[tuple[str, Style]] = []
        differences = self._differences[row - self._page[0]] if self._differences else (None,) * len(shown)
        columns = enumerate(zip(shown, cells, heats, [*heats[1:], None], strict=True))
        for place, ((index, width), text, heat, after) in columns:
            style = (base + Style(bold=True) if index == 0 else base) + (heat or Style())
            if here and index == self.column and self.has_focus:
                style = _turned(heat) if heat else self._style("grid--cell")
            parts.append((fit(text, width, table.columns[index].right), style))
            # Of the gutter a cell each belongs to the neighbours, so that coloured cells touch.
            noted = index == 0 and self.is_noted is not None and self.is_noted(row)
            mark = NOTED if noted else sign(differences[place]) or " "
            parts += [(mark, base + (heat or Style())), (" " * (GUTTER - 1), base + (after or Style()))]
        return self._strip(parts, base)

    def _cells(self, table: Table, row: int, shown: list[int]) -> tuple[tuple[str, ...], list[Style | None]]:
        """Text and colours of the columns `shown` of a row, from the page it stands on."""
        start, columns, cells = self._page
        if columns != shown or not start <= row < start + len(cells):
            start = self._window.top
            stop = start + self._window.page
            cells = table.cells(start, stop, shown)
            self._page, self._heats = (start, shown, cells), table.heats(start, stop, shown)
            self._differences = self._changes.of(table, start, stop, shown) if self._changes else []
        heats = self._heats[row - start] if self._heats else (None,) * len(shown)
        return cells[row - start], [self._heat(value) for value in heats]

    def _heat(self, value: float | None) -> Style | None:
        """Colours of a cell; None for a cell without heat."""
        if value is None:
            return None
        hot = self.get_component_styles("grid--heat").background
        return heat_style(value, self.background_colors[1], hot, self.app.console.color_system)

    def _strip(self, parts: list[tuple[str, Style]], rest: Style | None = None) -> Strip:
        strip = Strip([Segment(text, style) for text, style in parts])
        return strip.adjust_cell_length(self.size.width, rest or self.rich_style).simplify()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name)


def _beyond(place: int, last: int) -> int:
    """-1 before 0, 1 behind `last`."""
    return -1 if place < 0 else 1 if place > last else 0


def _turned(heat: Style) -> Style:
    """The cursor on a coloured cell: the colours the other way round, as no shade of the scale looks."""
    return Style(color=heat.bgcolor, bgcolor=heat.color, bold=True)
