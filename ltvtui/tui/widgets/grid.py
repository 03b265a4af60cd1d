"""The large table: any number of rows over a frame, of which only the visible ones become text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal, Self

from textual import events, on
from textual.binding import BindingType
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from ltvtui.present.changes import Changes, describe_change
from ltvtui.present.spreadsheet import harmless
from ltvtui.present.tables import Table
from ltvtui.tui.keys import move_bindings
from ltvtui.tui.messages import CursorMoved, EdgePassed, HeadingChosen, RowChosen
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.lines import Lines, Spot
from ltvtui.tui.widgets.table_styles import TableStyles
from ltvtui.tui.widgets.window import Window


class Grid(FixedSizeWidget, can_focus=True):
    """A table with fixed columns of names, a cursor, right-aligned numbers, heat cells, bars and tints.

    The cursor is a row with one cell marked, for tables of which a row is something; or a cell alone,
    for tables of which every cell is. The owner gives a Table and, where rows are sorted, the column
    to mark. Moving repaints two lines; at an edge the grid turns a page instead of scrolling by a line,
    which would repaint all.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--group",
        "grid--cursor",
        "grid--focused",
        "grid--cell",
        "grid--first",
        "grid--few",
        "grid--empty",
        "grid--hint",
        "grid--heat",
        "grid--above",
        "grid--below",
        "grid--bar",
        "grid--good",
        "grid--fair",
        "grid--bad",
    }
    DEFAULT_CSS = """
    Grid { height: 1fr; width: 1fr; color: $foreground; }
    Grid > .grid--header { color: $text-muted; text-style: bold; }
    Grid > .grid--group { color: $text-muted; }
    Grid > .grid--cursor { background: $surface-lighten-1; }
    Grid > .grid--focused { background: $primary-muted; }
    Grid > .grid--cell { background: $primary; color: $text; text-style: bold; }
    Grid > .grid--first { text-style: bold; }
    Grid > .grid--few { color: $text-muted; text-style: italic; }
    Grid > .grid--empty { color: $text-muted; }
    Grid > .grid--heat { background: $primary; }
    Grid > .grid--above { background: $primary; }
    Grid > .grid--below { background: $warning; }
    Grid > .grid--bar { color: $primary; }
    Grid > .grid--good { color: $text-success; }
    Grid > .grid--fair { color: $text-warning; }
    Grid > .grid--bad { color: $text-error; text-style: bold; }
    Grid > .grid--hint { color: $text-accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = move_bindings()

    row: reactive[int] = reactive(0, repaint=False)
    column: reactive[int] = reactive(0, repaint=False)

    def __init__(
        self,
        *,
        id: str | None = None,
        classes: str | None = None,
        empty: str = "Nothing here.",
        cursor: Literal["row", "cell"] = "row",
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.cursor = cursor
        self.window = Window()
        """What part of the table is on screen, and how many lines a row takes."""
        self._lines = Lines(self.window, empty)
        self._styles: TableStyles | None = None
        self.is_leafed = False
        """Whether ← and → leaf through what is shown instead of going from column to column."""
        self.steady = False
        """Whether what is shown next is the same table at another moment: cursor and view stay with its rows."""

    # -- what is shown -----------------------------------------------------------------------------

    @property
    def table(self) -> Table | None:
        """What is shown, whatever its columns are on a screen of this width."""
        return self.window.source

    def show(
        self,
        table: Table,
        sorted_by: tuple[str, bool] | None = None,
        at: int = 0,
        column: str | None = None,
        empty: str | None = None,
    ) -> None:
        """Show `table` with the cursor on row `at`; `sorted_by` is (column key, descending).

        `empty` is what it says without rows, from now on.
        """
        before, top = self.window.source, self.window.top
        again = table.found_again(self.row, before) if self.steady and before is not None else None
        self.window.table = table
        self.window.top = min(top, max(table.height - self.window.page, 0)) if self.steady else 0
        self._lines.forget()
        self._lines.changes, self._lines.sorted_by = None, sorted_by
        self._lines.empty = self._lines.empty if empty is None else empty
        keys = self.window.keys
        self.column = keys.index(column) if column in keys else max(min(self.column, len(keys) - 1), 0)
        self.row = max(0, min(at if again is None else again, table.height - 1))
        self.window.reveal(self.row, self.column)
        super().refresh()
        self._post_cursor()

    def mark_noted(self, is_noted: Callable[[int], bool] | None) -> None:
        """Mark the rows of which `is_noted` is true; None: none."""
        self._lines.is_noted = is_noted
        super().refresh()

    def compare_with(self, before: Table | None) -> None:
        """Mark what changed since the table was `before`; None: nothing is marked."""
        self._lines.forget()
        self._lines.changes = None if before is None else Changes(before)
        super().refresh()

    def change_under_cursor(self) -> str:
        """Of the figure under the cursor what it is and how much it changed; blank where it did not."""
        changes = self._lines.changes
        if self.window.table is None or changes is None or not self.window.rows:
            return ""
        column = self.window.table.columns[self.column]
        ((difference,),) = changes.of(self.window.table, self.row, self.row + 1, [self.column])
        return "" if difference is None else f"{column.full_name} {describe_change(column, difference)}"

    @property
    def column_key(self) -> str:
        """Key of the column under the cursor; blank without a table."""
        return self.window.keys[self.column] if self.window.keys else ""

    def text_under_cursor(self) -> str:
        """The cell under a cell cursor; the row under a row cursor, tab-separated, headings above."""
        if self.window.table is None or not self.window.rows:
            return ""
        if self.cursor == "cell":
            return harmless(self.window.table.cells(self.row, self.row + 1, [self.column])[0][0].strip())
        table = self.table or self.window.table
        row, titles = table.cells(self.row, self.row + 1)[0], [c.heading for c in table.columns]
        return "\n".join("\t".join(map(harmless, line)) for line in (titles, row))

    def lines_in(self, room: Size) -> int:
        """Lines that headings and all rows need, or the word that there are none."""
        return self.window.needed + (0 if self.window.rows else len(self._lines.empty_lines(room.width - 2)) - 1)

    # -- moving ------------------------------------------------------------------------------------

    def action_move(self, rows: int, columns: int) -> None:
        """Move the cursor by whole cells."""
        if columns and self.is_leafed:
            self.post_message(EdgePassed(0, columns))
            columns = 0
        row, column = self.row + rows, self.column + columns
        last = (max(self.window.rows, 1) - 1, max(len(self.window.keys), 1) - 1)
        over = [_beyond(*place) for place in ((row, last[0]), (column, last[1]))]
        if any(over):
            self.post_message(EdgePassed(*over))
        self._go(row, column)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a page."""
        self._go(self.row + direction * self.window.page, self.column)

    def action_pan(self, direction: int) -> None:
        """Move the cursor by as many columns as are on screen."""
        if self.window.table is not None:
            self._go(self.row, self.column + direction * max(len(self.window.columns()) - 1, 1))

    def action_edge(self, end: bool) -> None:
        """Move the cursor to the first or last row."""
        self._go(self.window.rows - 1 if end else 0, self.column)

    def action_choose(self) -> None:
        """Take the row under the cursor."""
        if self.window.rows:
            self.post_message(RowChosen(self.row, self.column_key))

    def _go(self, row: int, column: int) -> None:
        if self.window.table is None or not self.window.rows:
            return
        before, left = self.row, self.column
        self.row = max(0, min(row, self.window.rows - 1))
        self.column = max(0, min(column, len(self.window.table.columns) - 1))
        moved = self.window.reveal(self.row, self.column)
        if moved or (self.cursor == "cell" and self.column != left):  # the column of a cell is marked
            super().refresh()
        else:
            for changed in {before, self.row}:
                super().refresh(Region(0, self.window.line_of(changed), self.size.width, self.window.lines))
        self._post_cursor()

    def _post_cursor(self) -> None:
        if self.window.rows:
            self.post_message(CursorMoved(self.row, self.column_key))

    # -- mouse and size ----------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a click where it stands takes the row; on a heading it asks for its order."""
        if self.window.table is None or not self.window.rows:
            return
        column, row = self.window.column_at(event.x), self.window.row_at(event.y)
        if event.y < self.window.head and column is not None:
            self._go(self.row, column)
            self.post_message(HeadingChosen(self.column_key))
        if row is None:
            return
        if row == self.row and column in (self.column, None):
            self.action_choose()
        else:
            self._go(row, self.column if column is None else column)

    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def scroll_rows(self, event: events.MouseScrollDown | events.MouseScrollUp) -> None:
        """The wheel moves by three rows."""
        self.action_move(3 if isinstance(event, events.MouseScrollDown) else -3, 0)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view at any size."""
        if self._fit():
            super().refresh()

    def _fit(self) -> bool:
        """Take the size there is; False where it is taken already."""
        if self.size == (self.window.width, self.window.height):
            return False
        key = self.column_key
        self.window.width, self.window.height = self.size
        # Another width may have the columns in another order.
        self.column = self.window.keys.index(key) if key in self.window.keys else self.column
        self._lines.forget()
        self.window.top, self.window.left = -self.window.page, self.window.fixed
        self.window.reveal(self.row, self.column)
        return True

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show the cell cursor, or hide it. No style sheet is asked, as Textual does: with all parts of a table it
        takes longer than to paint it, and where one is that has the keys is known here."""
        super().refresh()

    # -- painting ----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line: headings, a row, or blank."""
        self._fit()  # a line may be asked for before on_resize
        if self._styles is None:
            self._styles = TableStyles.of(self)
        spot = Spot(self.row, self.column, self.cursor == "row", self.has_focus)
        return self._lines.line(y, self._styles, spot)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All but the one that looks for colours of the terminal's own: a table's are those of the theme."""
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def notify_style_update(self) -> None:
        """Take the styles anew."""
        super().notify_style_update()
        self._styles = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As every widget; a whole one takes the styles anew, since those of parts change without a word. What the
        grid itself changes is painted in the styles it has."""
        if not regions:
            self._styles = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


def _beyond(place: int, last: int) -> int:
    """-1 before 0, 1 behind `last`."""
    return -1 if place < 0 else 1 if place > last else 0
