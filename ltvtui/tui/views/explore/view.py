"""Explore: one table, any dimension; the column under the cursor as bars, LTV as curves."""

from __future__ import annotations

from textual.app import ComposeResult

from ltvtui.present.plots import bars_plot
from ltvtui.query.query import Filter
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.views.explore.compute import ExploreAnswer
from ltvtui.tui.views.segments import NOBODY, has_note
from ltvtui.tui.views.view import View, steps_of
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.table_over_plots import TableOverPlots


class ExploreScreen(View):
    """Segment rows of the location's dimensions."""

    def __init__(self) -> None:
        super().__init__()
        self._by: tuple[str, ...] = ()
        self._answer: ExploreAnswer | None = None
        self._column = ""

    def compose(self) -> ComposeResult:
        """History and segments over plots."""
        yield TableOverPlots(Notes(warning=True), Caption(), table=Grid(empty=NOBODY), plots=2)

    def show(self, dataset: Dataset, location: Location, answer: ExploreAnswer) -> None:
        """Fill the table; keep the column the analyst was reading."""
        same = self._by == location.by
        self._by, self._answer = location.by, answer
        column = self.grid.column_key if self.grid.table else "revenue"
        self.grid.show(answer.tables[0], location.sort, self.grid.row if same else 0, column)
        self.query_one(Notes).parts = answer.history
        self.query_one(Caption).tell(answer.caption)
        self._column = ""
        self._plot_column()

    def steps(self) -> tuple[Filter, ...]:
        """Filters of the row under the cursor."""
        return steps_of(self.grid, self._by)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment."""
        return has_note(self, self._by, row)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The bars follow the column; another row of the same column draws nothing."""
        if message.column != self._column:
            self._plot_column()

    def _plot_column(self) -> None:
        table = self.grid.table
        if table is None or self._answer is None:
            return
        self._column = self.grid.column_key
        column = next((c for c in table.columns if c.key == self._column and c.right), None)
        column = column or next(c for c in table.columns if c.key == "revenue")
        bars = bars_plot(table.frame, self._by, column, self._answer.orders)
        self.query_one(TableOverPlots).draw((bars, self._answer.curves), self.room)
