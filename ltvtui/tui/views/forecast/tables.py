"""Two tables of a board: one that is only read over one with the cursor."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size

from ltvtui.tui.views.segments import NOBODY
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.table_over_plots import EDGES

TALL: Final = 24
"""Lines of a view from which on long tables leave room for plots."""
ROOMY: Final = 40
"""Lines from which on the upper one is shown whole."""


class Tables(Vertical, FixedSizeWidget):
    """The upper table has all lines it needs, the lower one what is left."""

    DEFAULT_CSS = """
    Tables { width: 1fr; height: auto; }
    Tables Grid { padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.above = Grid(id="above")
        self.above.can_focus = False
        self.rows = Grid(id="rows", empty=NOBODY)
        self.leaves_room = False
        """Whether the lower one leaves room for plots, however long it is."""

    def compose(self) -> ComposeResult:
        """Both."""
        yield self.above
        yield self.rows

    def lines_in(self, room: Size) -> int:
        """Lines that both need, or may take."""
        rows = self.rows.lines_in(room)
        if self.leaves_room and room.height >= TALL:
            rows = min(rows, room.height // 3)
        return self._above_in(room) + rows

    def width_in(self, width: int) -> int:
        """Cells of a lower table that stands alone; all, where there are two."""
        has_above = self.above.table is not None and self.above.table.columns
        return width if has_above else self.rows.window.cells_in(width) + EDGES

    def place(self, room: Size) -> None:
        """Share the room out."""
        lines = self._above_in(room)
        self.above.display = lines > 0
        self.above.styles.height = lines

    def _above_in(self, room: Size) -> int:
        has_rows = self.above.table is not None and self.above.table.columns
        return self.above.lines_in(room) if has_rows else 0
