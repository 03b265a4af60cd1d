"""Matrix: four boards that cut customers two ways, each with its thresholds; Enter drills from any cell or row."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size

from ltvtui.present.matrix import ALL, FIXED
from ltvtui.present.tiers import recorded_words
from ltvtui.query.query import Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved, EdgePassed, LocationWanted
from ltvtui.tui.requests import HistoryWanted
from ltvtui.tui.views.matrix.board import Shown
from ltvtui.tui.views.matrix.compute import MatrixAnswer
from ltvtui.tui.views.matrix.modes import idle_on, modes
from ltvtui.tui.views.matrix.state import BOARDS, MIGRATION, MatrixState
from ltvtui.tui.views.segments import NOBODY
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.choices import Choices
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.selected import Selected
from ltvtui.tui.widgets.table_over_plots import ASKED_HEIGHT, TableOverPlots
from ltvtui.tui.widgets.window import GUTTER
from ltvtui.user_state.state import UserState
from ltvtui.user_state.tier_history import tier_rule_key

BESIDE = 110
"""Cells from which on the two tables stand side by side."""
NAME_LINES = 2
"""Lines that a row of the matrix takes before there are bars below: a name and its figures."""
HEAD = 4
"""Lines that the names of boards and what is said of one usually take."""


class Pair(Container, FixedSizeWidget):
    """Two tables, matrix and rows: side by side, or under each other."""

    DEFAULT_CSS = """
    Pair { layout: vertical; width: 1fr; height: auto; }
    Pair.-beside { layout: horizontal; }
    Pair Grid { padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.cells = Grid(id="cells", empty=NOBODY, cursor="cell")
        self.rows = Grid(id="rows", empty=NOBODY)
        self.tallest: int | None = None
        """Lines that a row of the matrix may take, where it has the whole width."""

    def compose(self) -> ComposeResult:
        """Matrix and rows."""
        yield self.cells
        yield self.rows

    def lines_in(self, room: Size) -> int:
        """Lines of both, beside each other or not."""
        heights = [grid.lines_in(room) for grid in (self.cells, self.rows)]
        return max(heights) if self.is_beside(room) else sum(heights) + self._between(room)

    def place_tables(self, room: Size) -> None:
        """The matrix takes what it needs, the rows what is left."""
        beside = self.is_beside(room)
        self.set_class(beside, "-beside")
        self.cells.window.lines = self._row_lines(room)
        self.cells.refresh()
        widths = self.cells.table.widths if self.cells.table else ()
        padding = 2
        self.cells.styles.width = sum(width + GUTTER for width in widths) + padding if beside else "1fr"
        self.cells.styles.height = "1fr" if beside else self.cells.lines_in(room)
        self.rows.styles.height = "1fr"
        self.rows.styles.margin = (0 if beside else self._between(room), 0, 0, 0)

    def is_beside(self, room: Size) -> bool:
        """Whether the two tables stand side by side in a view of that size; a word about nobody has the width."""
        is_of_nobody = self.cells.table is not None and not self.cells.table.height
        return self.tallest is None and room.width >= BESIDE and not is_of_nobody

    def _row_lines(self, room: Size) -> int:
        """Lines of a row of the matrix: as many as leave room for the others."""
        if self.tallest is None or self.cells.table is None or not self.cells.table.height:
            return 1
        left, rows = room.height - HEAD - self.rows.lines_in(room) - 1, self.cells.table.height
        return max(1, min(self.tallest, NAME_LINES, left // rows), min(self.tallest, (left - ASKED_HEIGHT) // rows))

    def _between(self, room: Size) -> int:
        """Lines between the tables where they are under each other: one, where there is room."""
        if self.tallest is None:
            return 0
        used = self.cells.lines_in(room) + self.rows.lines_in(room)
        return 1 if used + HEAD < room.height else 0


class MatrixScreen(View):
    """A matrix of cells and a table of rows; the arrow keys go from one to the other."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: Shown | None = None
        self._board = ""
        self._rule = ""
        """By which tiers are told."""
        self._modes: tuple[str, ...] = ()
        """What the keys change."""
        self._column = ""
        self._at_rows = False
        """Whether the cursor is in the table of rows."""

    def compose(self) -> ComposeResult:
        """Boards, their thresholds, matrix and rows over a plot, and what the cell under the cursor says."""
        yield TableOverPlots(Choices(BOARDS), Notes(), table=Pair(), plots=1, foot=(Selected(),))

    def show(self, dataset: Dataset, location: Location, answer: MatrixAnswer) -> None:
        """Fill both tables; the cursor stays while the board does."""
        board, shown = location.state(MatrixState).board, answer.shown
        same, self._board = self._board == board, board
        self._answer = shown
        self._rule = tier_rule_key(location.query, dataset.margin_mapped)
        self._modes = modes(location.state(MatrixState))
        if self._board == MIGRATION:
            self.app.post_message(HistoryWanted())
        self.query_one(Pair).tallest = shown.tallest
        self.query_one(Choices).active = self._board
        self._show_notes()
        cells, rows = self._grids
        column = cells.column_key if same else "cell 0"
        cells.show(shown.cells, at=cells.row if same else _first_filled(shown), column=column)
        first = shown.rows.columns[0].key
        # Where nobody is selected the other table says so.
        empty = "Nobody moved." if shown.cells.height and self._board == MIGRATION else ""
        at, column = (rows.row, rows.column_key) if same else (0, first)
        rows.show(shown.rows, at=at, column=column, empty=empty)
        self._column = ""
        self._plot_column()
        self._show_selected()

    def show_user_state(self, user_state: UserState) -> None:
        """Recorded tiers stand beside those that are reckoned."""
        super().show_user_state(user_state)
        self._show_notes()
        if self._answer is not None and self._board == MIGRATION:
            self.arrange_parts()

    def _show_notes(self) -> None:
        if self._answer is None:
            return
        recorded = recorded_words(self.user_state.recorded(self._rule)) if self._board == MIGRATION else ()
        self.query_one(Notes).parts = (*self._modes, "based on past spend", *self._answer.caption, *recorded)

    @property
    def grid(self) -> Grid:
        """The table in which the cursor is."""
        return self._grids[self._at_rows]

    @property
    def _grids(self) -> tuple[Grid, Grid]:
        pair = self.query_one(Pair)
        return pair.cells, pair.rows

    def steps(self) -> tuple[Step, ...]:
        """What the cell or row under the cursor stands for."""
        if self._answer is None or not self.grid.table or not self.grid.table.height:
            return ()
        if self._at_rows:
            return self._answer.row_steps[self.grid.row]
        return self._answer.cell_steps[self.grid.row][self.grid.column]

    def closed(self) -> str | None:
        """Why the cell or row under the cursor cannot be drilled into."""
        return None if self.steps() else "Nothing to drill into: leads have no orders, and “all” is not a segment."

    @property
    def idle(self) -> frozenset[str]:
        """Rows that lead nowhere, days where a board shows one, shares of what does not add up."""
        if self.location is None:
            return super().idle
        state = self.location.state(MatrixState)
        return super().idle | idle_on(state)

    # -- two tables ----------------------------------------------------------------------------------

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        """A click on the name of a board shows it."""
        self.post_message(
            LocationWanted(lambda location: location.having(location.state(MatrixState).on(message.name)))
        )

    def on_edge_passed(self, message: EdgePassed) -> None:
        """Over the edge of one table lies the other."""
        step = message.columns if self.query_one(Pair).is_beside(self.room) else message.rows
        if (step > 0) != self._at_rows and step:
            self._grids[step > 0].focus()

    def on_descendant_focus(self) -> None:
        """The cursor is where the focus is."""
        if (grid := self.app.focused) in self._grids:
            self._at_rows = grid is self._grids[1]
            self.post_message(CursorMoved(self.grid.row, self.grid.column_key))

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The bars follow the column of the rows, the last line the cell or row."""
        self._plot_column()
        self._show_selected()

    def _show_selected(self) -> None:
        """What the cell or row under the cursor holds, and what to do with it."""
        answer, grid = self._answer, self.grid
        words = ""
        if answer is not None and self._at_rows:
            words = answer.row_words[grid.row] if grid.row < len(answer.row_words) else ""
        elif answer is not None and grid.row < len(answer.cell_words):
            words = answer.cell_words[grid.row][grid.column]
        self.query_one(Selected).words = words

    def _plot_column(self) -> None:
        rows = self._grids[1]
        if self._answer is None or rows.table is None or rows.column_key == self._column:
            return
        self._column = rows.column_key
        chosen = next((c for c in rows.table.columns if c.key == self._column and c.right), None)
        self.arrange_parts()
        self.query_one(TableOverPlots).draw((self._answer.plot(chosen),), self.room)

    def arrange_parts(self) -> None:
        """Both tables have their places before their heights are asked for."""
        self.query_one(Pair).place_tables(self.room)
        super().arrange_parts()


def _first_filled(shown: Shown) -> int:
    """The first row of the matrix that somebody is in, where its first cell is the sum of the row."""
    cells = shown.cells
    if cells.columns[FIXED].title != ALL:
        return 0
    sums = cells.frame[cells.columns[FIXED].key].to_list()
    return next((row for row, value in enumerate(sums) if value), 0)
