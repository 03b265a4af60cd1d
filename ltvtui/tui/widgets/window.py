"""What part of a large table is on screen: arithmetic alone, no painting."""

from __future__ import annotations

from typing import Final

from ltvtui.present.arrange import arranged
from ltvtui.present.tables import Table

GUTTER: Final = 2
"""Cells between columns."""
LEAST_TEXT: Final = 6
"""Cells from which on a cut text still tells something."""


FIXED_SHARE: Final = 0.6
"""Of the width, what names of several columns may take that stay in sight."""


class Window:
    """Rows from `top` on, the fixed columns, and further columns from `left` on, in a room of cells."""

    def __init__(self) -> None:
        self.source: Table | None = None
        """What is shown, as it was given."""
        self._arranged: tuple[Table, int, Table] | None = None
        """A table and a width, and the table as it suits that width."""
        self.width = 0
        self.height = 0
        self.top = 0
        """First row on screen."""
        self.left = 1
        """First column on screen behind the fixed ones."""
        self.lines = 1
        """Lines that a row takes."""

    @property
    def table(self) -> Table | None:
        """What is shown, arranged for the width there is."""
        source = self.source
        if source is None or not self.width:
            return source
        if self._arranged is None or self._arranged[0] is not source or self._arranged[1] != self.width:
            self._arranged = (source, self.width, arranged(source, self.width, GUTTER))
        return self._arranged[2]

    @table.setter
    def table(self, table: Table | None) -> None:
        self.source = table
        self.left = max(self.left, self.fixed)

    @property
    def fixed(self) -> int:
        """Columns that stay in sight."""
        return 1 if self.source is None else self.source.fixed

    @property
    def keys(self) -> list[str]:
        """Of the columns, in the order in which they stand."""
        return [] if self.table is None else [column.key for column in self.table.columns]

    @property
    def head(self) -> int:
        """Lines of headings."""
        return 0 if self.table is None else 2 if self.table.grouped else 1

    @property
    def pinned(self) -> int:
        """First rows that do not scroll, where there is room for others too."""
        if self.table is None or self.height - self.head <= self.table.pinned * self.lines:
            return 0
        return min(self.table.pinned, self.table.height)

    @property
    def page(self) -> int:
        """Rows that fit below the headings and the rows that do not scroll."""
        return max((self.height - self.head) // self.lines - self.pinned, 1)

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return 0 if self.table is None else self.table.height

    @property
    def needed(self) -> int:
        """Lines for headings and all rows, or for the word that there are none."""
        return self.head + max(self.rows, 1) * self.lines

    def cells_in(self, width: int) -> int:
        """Cells that all columns need where there is so much room; 0 without a table."""
        if self.source is None:
            return 0
        return sum(each + GUTTER for each in arranged(self.source, width, GUTTER).widths)

    def columns(self) -> list[tuple[int, int]]:
        """(column index, width) of the columns on screen; the last may be cut if it is text, no figure or day."""
        assert self.table is not None
        widths = self.table.widths
        shown = list(enumerate(self._fixed_widths()))
        used = sum(width + GUTTER for _, width in shown) - GUTTER
        for index in range(self.left, len(widths)):
            mark = self._mark(index) if index > self.left else 0  # a mark never takes the place of the only figure
            room = self.width - used - GUTTER - mark
            if widths[index] > room:
                column = self.table.columns[index]
                if column.kind == "text" and not column.is_whole and room >= LEAST_TEXT:
                    shown.append((index, room))
                break
            shown.append((index, widths[index]))
            used += GUTTER + widths[index]
        return shown

    def _fixed_widths(self) -> list[int]:
        """Of the columns that stay in sight; where they are several, the longest names are cut to leave room."""
        assert self.table is not None
        widths = list(self.table.widths[: self.fixed])
        if len(widths) == 1:
            return [min(widths[0], self.width)]
        over = sum(widths) + GUTTER * (len(widths) - 1) - int(self.width * FIXED_SHARE)
        while over > 0 and max(widths) > LEAST_TEXT:
            widths[widths.index(max(widths))] -= 1
            over -= 1
        return widths

    @property
    def more_right(self) -> bool:
        """True where columns lie beyond the right edge."""
        return self.table is not None and self.columns()[-1][0] < len(self.table.columns) - 1

    def reveal(self, row: int, column: int) -> bool:
        """Bring a cell into view, by whole pages; True where that moved what is seen."""
        if not self.width or self.table is None:  # not laid out yet
            return False
        before = (self.top, self.left)
        self.top = max(self.top, self.pinned)
        if row >= self.pinned and not self.top <= row < self.top + self.page:
            # The last page is a full one.
            start = (row - self.pinned) // self.page * self.page + self.pinned
            self.top = max(min(start, self.rows - self.page), self.pinned)
        self.left = max(self.left, self.fixed)
        if column >= self.fixed:
            self.left = min(self.left, column)
            while self.left < column and not self._fits(column):
                self.left += 1
        return before != (self.top, self.left)

    def _fits(self, column: int) -> bool:
        assert self.table is not None
        widths = self.table.widths
        fixed = sum(width + GUTTER for width in self._fixed_widths()) - GUTTER
        used = fixed + sum(GUTTER + w for w in widths[self.left : column + 1])
        return used <= self.width - self._mark(column)

    def _mark(self, column: int) -> int:
        """Cells behind a column for the marks of order and of more columns, which else would cover its title."""
        assert self.table is not None
        return GUTTER if column < len(self.table.columns) - 1 else 0

    def row_at(self, y: int) -> int | None:
        """The row at line `y`; None for headings and below the last row."""
        row = (y - self.head) // self.lines
        if row >= self.pinned:
            row += self.top - self.pinned
        return row if y >= self.head and row < self.rows else None

    def line_of(self, row: int) -> int:
        """The first line of a row on screen."""
        return self.head + (row if row < self.pinned else row - self.top + self.pinned) * self.lines

    def column_at(self, x: int) -> int | None:
        """The column at cell `x`; None right of all."""
        edge = 0
        for index, width in self.columns():
            edge += width + GUTTER
            if x < edge:
                return index
        return None
