"""Explore: one table, any dimension; the column under the cursor as bars, LTV as curves."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size

from ltvtui.present.pivot import Pivot
from ltvtui.present.plots import bars_plot
from ltvtui.query.query import Filter
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.views.explore.compute import ExploreAnswer
from ltvtui.tui.views.segments import NOBODY, has_note
from ltvtui.tui.views.view import View, steps_of
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.table_over_plots import TableOverPlots


class Crossing(Container, FixedSizeWidget):
    """Segments as a list, or those by two dimensions as a heat map."""

    DEFAULT_CSS = """
    Crossing { width: 1fr; height: auto; }
    Crossing #pivot { display: none; }
    Crossing.-pivot #list { display: none; }
    Crossing.-pivot #pivot { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.list = Grid(id="list", empty=NOBODY)
        self.pivot = Grid(id="pivot", empty=NOBODY, cursor="cell")

    def compose(self) -> ComposeResult:
        """Both, of which one is shown."""
        yield self.list
        yield self.pivot

    @property
    def active(self) -> Grid:
        """The one that is shown."""
        return self.pivot if self.has_class("-pivot") else self.list

    def lines_in(self, room: Size) -> int:
        """Lines that it needs."""
        return self.active.lines_in(room)


class ExploreScreen(View):
    """Segment rows of the location's dimensions."""

    def __init__(self) -> None:
        super().__init__()
        self._by: tuple[str, ...] = ()
        self._answer: ExploreAnswer | None = None
        self._column = ""

    def compose(self) -> ComposeResult:
        """History and segments over plots."""
        yield TableOverPlots(Notes(warning=True), Caption(), table=Crossing(), plots=2)

    def show(self, dataset: Dataset, location: Location, answer: ExploreAnswer) -> None:
        """Fill the table; keep the column the analyst was reading."""
        same = self._by == location.by
        self._by, self._answer = location.by, answer
        rows = self.query_one(Crossing).list
        column = rows.column_key if rows.table else "revenue"
        rows.show(answer.tables[0], location.sort, rows.row if same else 0, column)
        self.query_one(Notes).parts = (*answer.history, *answer.of_rows)
        self.query_one(Caption).show(answer.caption)
        self._show_crossed(answer.pivot)
        self._column = ""
        self._plot_column()

    @property
    def grid(self) -> Grid:
        """The list, or the heat map."""
        return self.query_one(Crossing).active

    @property
    def is_pivoted(self) -> bool:
        """Whether the heat map is shown."""
        return self._pivot is not None

    @property
    def _pivot(self) -> Pivot | None:
        return None if self._answer is None else self._answer.pivot

    def _show_crossed(self, pivot: Pivot | None) -> None:
        """The heat map, or the list."""
        crossing = self.query_one(Crossing)
        had_focus = crossing.active.has_focus
        crossing.set_class(pivot is not None, "-pivot")
        if pivot is not None:
            at = (crossing.pivot.row, crossing.pivot.column_key) if crossing.pivot.table else (0, "cell 0")
            crossing.pivot.show(pivot.table, at=at[0], column=at[1])
        if had_focus:
            self.grid.focus()  # hidden widgets lose it

    def steps(self) -> tuple[Filter, ...]:
        """Filters of the row or cell under the cursor."""
        if self._pivot is None:
            return steps_of(self.grid, self._by)
        grid = self.grid
        if not self._pivot.down:
            return ()
        down = Filter(self._by[0], self._pivot.down[grid.row])
        return (down,) if grid.column == 0 else (down, Filter(self._by[1], self._pivot.across[grid.column - 1]))

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment; cells of the heat map have no room for a mark."""
        return self._pivot is None and has_note(self, self._by, row)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The bars follow the column; another row of the same column draws nothing."""
        if self._pivot is None and message.column != self._column:
            self._plot_column()

    def _plot_column(self) -> None:
        rows = self.query_one(Crossing).list
        table = rows.table
        if table is None or self._answer is None:
            return
        self._column = rows.column_key
        column = next((c for c in table.columns if c.key == self._column and c.right), None)
        column = column or next(c for c in table.columns if c.key == "revenue")
        bars = bars_plot(table.frame, self._by, column, self._answer.orders)
        self.query_one(TableOverPlots).draw((bars, self._answer.curves), self.room)
