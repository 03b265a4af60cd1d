"""Matrix: four boards that cut customers two ways, each with its thresholds; Enter drills from any cell or row."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from ltvtui.present.tables import Table
from ltvtui.present.tiers import recorded_words
from ltvtui.query.query import Query, Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import BOARDS, MIGRATION, Location, MatrixTerms
from ltvtui.tui.matrix_views.board import Shown
from ltvtui.tui.matrix_views.table import board
from ltvtui.tui.messages import CursorMoved, EdgeReached
from ltvtui.tui.requests import HistoryWanted
from ltvtui.tui.screens.table_with_charts import NOBODY, TableWithCharts
from ltvtui.tui.screens.view import LocationWanted
from ltvtui.tui.widgets.choices import Choices
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.window import GUTTER
from ltvtui.user_state.state import UserState
from ltvtui.user_state.tier_history import judged_by

BESIDE = 110
"""Cells from which on the two tables stand side by side."""


class Pair(Container, FixedSizeWidget):
    """Two tables: side by side, or under each other."""

    DEFAULT_CSS = """
    Pair { layout: vertical; width: 1fr; height: auto; }
    Pair.-beside { layout: horizontal; }
    Pair Grid { padding: 0 1; }
    """


class MatrixScreen(TableWithCharts):
    """A matrix of cells and a table of rows; the arrow keys go from one to the other."""

    name_of_view: ClassVar[str] = "matrix"
    DEFAULT_CSS = "MatrixScreen.-big Pair, MatrixScreen.-big Notes { display: none; }"

    def __init__(self) -> None:
        super().__init__(most=1)
        self._answer: Shown | None = None
        self._board = ""
        self._rule = ""
        """By which tiers are told."""
        self._column = ""
        self._at_rows = False
        """Whether the cursor is in the table of rows."""

    def compose_tables(self) -> ComposeResult:
        """Boards, their thresholds, matrix and rows."""
        yield Choices(BOARDS)
        yield Notes()
        with Pair():
            yield Grid(id="cells", empty=NOBODY, cursor="cell")
            yield Grid(id="rows", empty=NOBODY)

    def ask(self, dataset: Dataset, location: Location) -> Shown:
        """The board, answered."""
        terms = replace(location.matrix, since=first_day(dataset, location.query, location.matrix))
        return board(terms.board).ask(dataset, location.query, terms)

    def show(self, dataset: Dataset, location: Location, answer: Shown) -> None:
        """Fill both tables; the cursor stays while the board does."""
        same, self._board = self._board == location.matrix.board, location.matrix.board
        self._answer = answer
        self._rule = judged_by(location.query, dataset.margin_mapped)
        if self._board == MIGRATION:
            self.app.post_message(HistoryWanted())
        self.query_one(Choices).active = self._board
        self._tell()
        cells, rows = self._grids
        column = cells.column_key if same else "cell 0"
        cells.show(answer.cells, at=cells.row if same else 0, column=column)
        first = answer.rows.columns[0].key
        empty = "Nobody moved." if answer.cells.height and self._board == MIGRATION else NOBODY
        at, column = (rows.row, rows.column_key) if same else (0, first)
        rows.show(answer.rows, at=at, column=column, empty=empty)
        self._column = ""
        self._plot_column()

    def tables_of(self, dataset: Dataset, location: Location, answer: Shown) -> tuple[Table, ...]:
        """Cells and rows."""
        return (answer.cells, answer.rows)

    def remember(self, user_state: UserState) -> None:
        """Recorded tiers stand beside those that are reckoned."""
        super().remember(user_state)
        self._tell()
        if self._answer is not None and self._board == MIGRATION:
            self.arrange_parts()

    def _tell(self) -> None:
        if self._answer is None:
            return
        recorded = recorded_words(self.user_state.recorded(self._rule)) if self._board == MIGRATION else ()
        self.query_one(Notes).parts = (*self._answer.told, "based on past spend", *recorded)

    @property
    def grid(self) -> Grid:
        """The table in which the cursor is."""
        return self._grids[self._at_rows]

    @property
    def _grids(self) -> tuple[Grid, Grid]:
        return self.query_one("#cells", Grid), self.query_one("#rows", Grid)

    def steps(self) -> tuple[Step, ...]:
        """What the cell or row under the cursor stands for."""
        if self._answer is None or not self.grid.table or not self.grid.table.height:
            return ()
        if self._at_rows:
            return self._answer.row_steps[self.grid.row]
        return self._answer.cell_steps[self.grid.row][self.grid.column]

    def why_closed(self) -> str:
        """Why the cell or row under the cursor cannot be drilled into."""
        return "Nothing to drill into: leads have no orders, and “all” is not a segment."

    # -- two tables ----------------------------------------------------------------------------------

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        """A click on the name of a board shows it."""
        self.post_message(LocationWanted(lambda location: replace(location, matrix=location.matrix.on(message.name))))

    def on_edge_reached(self, message: EdgeReached) -> None:
        """Over the edge of one table lies the other."""
        step = message.columns if self._beside else message.rows
        if (step > 0) != self._at_rows and step:
            self._grids[step > 0].focus()

    def on_descendant_focus(self) -> None:
        """The cursor is where the focus is."""
        if (grid := self.app.focused) in self._grids:
            self._at_rows = grid is self._grids[1]

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The bars follow the column of the rows."""
        self._plot_column()

    def _plot_column(self) -> None:
        rows = self._grids[1]
        if self._answer is None or rows.table is None or rows.column_key == self._column:
            return
        self._column = rows.column_key
        chosen = next((c for c in rows.table.columns if c.key == self._column and c.right), None)
        self.draw((self._answer.plot(chosen),))

    # -- room ----------------------------------------------------------------------------------------

    @property
    def tables(self) -> Widget:
        """Both tables."""
        return self.query_one(Pair)

    @property
    def height_of_tables(self) -> int:
        """Lines of both, beside each other or not."""
        heights = [grid.height_of_table for grid in self._grids]
        return max(heights) if self._beside else sum(heights)

    @property
    def height_of_head(self) -> int:
        """The names of the boards, and the thresholds."""
        return 1 + len(self.query_one(Notes).lines(self.room.width))

    @property
    def _beside(self) -> bool:
        return self.room.width >= BESIDE

    def arrange_parts(self) -> None:
        """The matrix takes what it needs, the rows what is left."""
        super().arrange_parts()
        cells, rows = self._grids
        self.query_one(Notes).styles.height = self.height_of_head - 1
        pair, beside = self.query_one(Pair), self._beside
        pair.set_class(beside, "-beside")
        widths = cells.table.widths if cells.table else ()
        padding = 2
        cells.styles.width = sum(width + GUTTER for width in widths) + padding if beside else "1fr"
        cells.styles.height = "1fr" if beside else cells.height_of_table
        rows.styles.height = "1fr"


def first_day(dataset: Dataset, query: Query, terms: MatrixTerms) -> int:
    """The day from which on a board counts moves: the one that was chosen, where it lies before the as-of day."""
    chosen = (
        terms.since if terms.since is not None and dataset.first_day <= terms.since <= dataset.as_of(query) else None
    )
    return dataset.since(query, chosen, board(terms.board).since)
