"""The large table: any number of rows over a frame, of which only the visible ones become text."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from ltvtui.present.tables import Table, fit
from ltvtui.tui.commands import move_bindings
from ltvtui.tui.messages import CursorMoved, RowChosen

GUTTER = 2
"""Cells between columns."""


class Grid(Widget, can_focus=True):
    """A table with a fixed first column, a cell cursor and right-aligned numbers.

    The owner gives a Table and, where rows are sorted, the column to mark. Moving repaints two
    lines; at an edge the grid turns a page instead of scrolling by a line, which would repaint all.
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
    }
    DEFAULT_CSS = """
    Grid { height: 1fr; width: 1fr; color: $foreground; }
    Grid > .grid--header { color: $text-muted; text-style: bold; }
    Grid > .grid--group { color: $text-muted; }
    Grid > .grid--cursor { background: $surface-lighten-1; }
    Grid:focus > .grid--cursor { background: $primary-muted; }
    Grid:focus > .grid--cell { background: $primary; color: $text; text-style: bold; }
    Grid > .grid--first { text-style: bold; }
    Grid > .grid--few { color: $text-disabled; }
    Grid > .grid--empty { color: $text-muted; }
    Grid > .grid--hint { color: $accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = move_bindings()

    row: reactive[int] = reactive(0, repaint=False)
    column: reactive[int] = reactive(0, repaint=False)

    def __init__(self, *, id: str | None = None, empty: str = "Nothing here.") -> None:
        super().__init__(id=id)
        self.table: Table | None = None
        self.sorted_by: tuple[str, bool] | None = None
        self.empty = empty
        self._top = 0
        self._left = 1
        self._page: tuple[int, list[tuple[str, ...]]] = (0, [])

    # -- what is shown -----------------------------------------------------------------------------

    def show(
        self, table: Table, sorted_by: tuple[str, bool] | None = None, at: int = 0, column: str | None = None
    ) -> None:
        """Show `table` with the cursor on row `at`; `sorted_by` is (column key, descending)."""
        self.table = table
        self.sorted_by = sorted_by
        self._page = (0, [])
        self._top = 0
        keys = [c.key for c in table.columns]
        with self.prevent(CursorMoved):
            self.column = keys.index(column) if column in keys else min(self.column, len(keys) - 1)
            self.row = max(0, min(at, table.frame.height - 1))
        self._reveal()
        self.refresh()
        self._tell()

    @property
    def column_key(self) -> str:
        """Key of the column under the cursor; blank without a table."""
        return self.table.columns[self.column].key if self.table else ""

    @property
    def height_of_table(self) -> int:
        """Lines that headings and all rows need."""
        return self._head + (max(self.table.frame.height, 1) if self.table else 1)

    @property
    def _head(self) -> int:
        return 0 if self.table is None else 2 if self.table.grouped else 1

    @property
    def _room(self) -> int:
        return max(self.size.height - self._head, 1)

    # -- moving ------------------------------------------------------------------------------------

    def action_move(self, rows: int, columns: int) -> None:
        """Move the cursor by whole cells."""
        self._go(self.row + rows, self.column + columns)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a page."""
        self._go(self.row + direction * self._room, self.column)

    def action_edge(self, end: bool) -> None:
        """Move the cursor to the first or last row."""
        self._go(self.table.frame.height - 1 if self.table and end else 0, self.column)

    def action_choose(self) -> None:
        """Take the row under the cursor."""
        if self.table is not None and self.table.frame.height:
            self.post_message(RowChosen(self.row, self.column_key))

    def _go(self, row: int, column: int) -> None:
        if self.table is None or self.table.frame.height == 0:
            return
        before = self.row
        self.row = max(0, min(row, self.table.frame.height - 1))
        self.column = max(0, min(column, len(self.table.columns) - 1))
        if self._reveal():
            self.refresh()
        else:
            for line in {before, self.row}:
                self.refresh(self._line_region(line))
        self._tell()

    def _line_region(self, row: int):  # type: ignore[no-untyped-def]
        from textual.geometry import Region

        return Region(0, self._head + row - self._top, self.size.width, 1)

    def _reveal(self) -> bool:
        """Bring the cursor into view; True where that moved what is seen."""
        if not self.size:  # not laid out yet: on_resize will call again
            return False
        top, left = self._top, self._left
        if not self._top <= self.row < self._top + self._room:
            page = self.row // self._room * self._room
            self._top = page
        if self.table is not None and self.column >= 1:
            self._left = min(self._left, self.column)
            while self._left < self.column and not self._column_fits(self.column):
                self._left += 1
        return (top, left) != (self._top, self._left)

    def _column_fits(self, column: int) -> bool:
        assert self.table is not None
        widths = self.table.widths
        used = widths[0] + sum(GUTTER + w for w in widths[self._left : column + 1])
        return used <= self.size.width

    def _tell(self) -> None:
        if self.table is not None and self.table.frame.height:
            self.post_message(CursorMoved(self.row, self.column_key))

    # -- mouse -------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a click where it stands takes the row."""
        row = self._top + event.y - self._head
        if self.table is None or event.y < self._head or row >= self.table.frame.height:
            return
        column = self._column_at(event.x)
        if row == self.row and column == self.column:
            self.action_choose()
        else:
            self._go(row, column)

    def on_mouse_scroll_down(self) -> None:
        """Wheel down: three rows."""
        self.action_move(3, 0)

    def on_mouse_scroll_up(self) -> None:
        """Wheel up: three rows."""
        self.action_move(-3, 0)

    def on_resize(self) -> None:
        """Keep the cursor in view at any size."""
        self._top, self._left = self.row // self._room * self._room, 1
        self._reveal()
        self.refresh()

    def _column_at(self, x: int) -> int:
        edge = 0
        for index, width in self._visible():
            edge += width + GUTTER
            if x < edge:
                return index
        return self.column

    # -- painting ----------------------------------------------------------------------------------

    def _visible(self) -> list[tuple[int, int]]:
        """(column index, width) of the columns on screen: the first, then those from the left edge on.

        The last one may be cut when it is text, never when it is a figure.
        """
        assert self.table is not None
        widths, columns = self.table.widths, self.table.columns
        shown = [(0, min(widths[0], self.size.width))]
        used = widths[0]
        for index in range(self._left, len(columns)):
            room = self.size.width - used - GUTTER
            if widths[index] <= room:
                shown.append((index, widths[index]))
            elif not columns[index].right and room >= 6:
                shown.append((index, room))
                break
            else:
                break
            used += GUTTER + widths[index]
        return shown

    def render_line(self, y: int) -> Strip:
        """One line: headings, a row, or blank."""
        width = self.size.width
        if self.table is None:
            return Strip.blank(width, self.rich_style)
        if self.table.frame.height == 0:
            text = self.empty if y == self._head else ""
            return self._strip([(fit(f" {text}", width), self._style("grid--empty"))])
        if y < self._head:
            return self._heading(first=y == 0 and self._head == 2)
        row = self._top + y - self._head
        if row >= self.table.frame.height:
            return Strip.blank(width, self.rich_style)
        return self._row(row)

    def _heading(self, first: bool) -> Strip:
        assert self.table is not None
        parts: list[tuple[str, Style]] = []
        if first:
            style, group = self._style("grid--group"), None
            spans: list[tuple[str, int]] = []
            for index, width in self._visible():
                heading = self.table.columns[index].group
                if heading == group:
                    spans[-1] = (heading, spans[-1][1] + GUTTER + width)
                else:
                    spans.append((heading, width))
                group = heading
            parts = [(fit(self._ruled(name, size), size) + " " * GUTTER, style) for name, size in spans]
        else:
            style = self._style("grid--header")
            for index, width in self._visible():
                column = self.table.columns[index]
                title = fit(column.title, width, column.right)
                mark = " " * GUTTER
                if self.sorted_by and self.sorted_by[0] == column.key:
                    mark = ("↓" if self.sorted_by[1] else "↑") + " " * (GUTTER - 1)
                parts.append((title + mark, style))
        return self._hinted(self._strip(parts))

    def _hinted(self, headings: Strip) -> Strip:
        """Arrows at the edges where columns lie beyond them."""
        assert self.table is not None
        style = self._style("grid--hint")
        shown = [index for index, _ in self._visible()]
        if shown[-1] < len(self.table.columns) - 1:
            headings = Strip.join([headings.crop(0, self.size.width - 1), Strip([Segment("›", style)])])
        if self._left > 1:
            edge = self._visible()[0][1]
            headings = Strip.join([headings.crop(0, edge), Strip([Segment("‹", style)]), headings.crop(edge + 1)])
        return headings

    @staticmethod
    def _ruled(name: str, width: int) -> str:
        return f"{name} ".ljust(width, "─") if name and len(name) < width else name

    def _row(self, row: int) -> Strip:
        assert self.table is not None
        cells = self._cells(row)
        here = row == self.row
        few = bool(self.table.few and self.table.frame[row, self.table.few])
        base = self._style("grid--few") if few else self.rich_style
        if here:
            base = base + Style(bgcolor=self._style("grid--cursor").bgcolor)
        parts: list[tuple[str, Style]] = []
        for index, width in self._visible():
            style = base
            if here and index == self.column and self.has_focus:
                style = self._style("grid--cell")
            elif index == 0:
                style = base + Style(bold=True)
            text = fit(cells[index], width, self.table.columns[index].right)
            parts += [(text, style), (" " * GUTTER, base)]
        return self._strip(parts, base)

    def _cells(self, row: int) -> tuple[str, ...]:
        """The row as text, from the page it stands on."""
        assert self.table is not None
        start, cells = self._page
        if not start <= row < start + len(cells):
            start = self._top
            cells = self.table.cells(start, start + self._room)
            self._page = (start, cells)
        return cells[row - start]

    def _strip(self, parts: list[tuple[str, Style]], rest: Style | None = None) -> Strip:
        strip = Strip([Segment(text, style) for text, style in parts])
        return strip.adjust_cell_length(self.size.width, rest or self.rich_style).simplify()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name)

    def on_focus(self) -> None:
        """Show the cell cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cell cursor."""
        self.refresh()
