"""Compare: one board at a time, over its charts."""

from __future__ import annotations

from typing import Final

import polars as pl
from textual.app import ComposeResult

from ltvtui.present.tables import Table
from ltvtui.query.query import Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import EdgePassed, LocationWanted
from ltvtui.tui.views.compare.board import CompareBoard
from ltvtui.tui.views.compare.compute import CompareAnswer
from ltvtui.tui.views.compare.state import BOARDS, DRIVERS, OF_TRAIL, PERIODS, CompareState, another_period
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.choices import Choices
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.table_over_plots import TableOverPlots

NOTES: Final = 6
"""One line in so many of the view may say what has to be known: at 80×24 that leaves ten to a long table."""
NO_TABLE: Final = Table(pl.DataFrame(), ())


class CompareScreen(View):
    """A table of figures, values or dimensions; Enter goes into what a row stands for."""

    def __init__(self) -> None:
        super().__init__()
        self._shown_board: CompareBoard | None = None
        self._board = ""

    def compose(self) -> ComposeResult:
        """Boards, what has to be known, the table over its charts."""
        parts = TableOverPlots(Choices(BOARDS), Notes(NOTES), table=Grid(empty=""), plots=2)
        parts.sideways = True
        yield parts

    def show(self, dataset: Dataset, location: Location, answer: CompareAnswer) -> None:
        """Fill the table; the cursor stays while the board does."""
        board = location.state(CompareState).board
        same, self._board = self._board == board, board
        shown = self._shown_board = answer.shown
        self.grid.is_leafed = board == PERIODS
        self.query_one(Choices).active = board
        marked = ("a unmarks both",) if location.state(CompareState).marks else ()
        sides = () if board in OF_TRAIL else (f"A: {answer.names.a}", f"B: {answer.names.b}", *marked)
        self.query_one(Notes).parts = sides if shown is None else (*sides, *shown.caption)
        if shown is None:
            self.grid.show(NO_TABLE, empty=answer.mend)
            self.query_one(TableOverPlots).draw((), self.room)
            return
        first = shown.table.columns[0].key
        at, column = (self.grid.row, self.grid.column_key) if same else (0, first)
        self.grid.show(shown.table, at=at, column=column, empty=shown.empty)
        self.query_one(TableOverPlots).draw(shown.plots, self.room)

    def steps(self) -> tuple[Step, ...]:
        """Filters of the row under the cursor, where it is customers."""
        shown = self._shown_board
        return shown.steps[self.grid.row] if shown is not None and self.grid.row < len(shown.steps) else ()

    def dimension(self) -> str | None:
        """The dimension of the row under the cursor, where it is one."""
        shown = self._shown_board
        found = shown.dimensions if shown is not None else ()
        return found[self.grid.row] if self.grid.row < len(found) else None

    def closed(self) -> str | None:
        """Why the row under the cursor leads nowhere."""
        shown = self._shown_board
        if shown is not None and shown.closed:
            return shown.closed
        return super().closed()

    @property
    def idle(self) -> frozenset[str]:
        """What a row does not lead to, the next of plots where there is one, and periods where there are none."""
        shown = self._shown_board
        is_alone = self._board not in (DRIVERS, PERIODS) and (shown is None or len(shown.plots) < 2)
        nothing = {*(("metric",) if is_alone else ()), *(("bucket",) if self._board != PERIODS else ())}
        nothing |= {"drivers"} if self._board == DRIVERS else set()
        return frozenset(nothing) | (super().idle if self.dimension() is None else frozenset({"people"}))

    def on_edge_passed(self, message: EdgePassed) -> None:
        """← and → lead to an earlier and a later period."""
        if self.grid.is_leafed and message.columns:
            self.post_message(LocationWanted(lambda location: another_period(location, message.columns)))

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        """A click on the name of a board shows it."""
        self.post_message(LocationWanted(lambda location: location.changed(CompareState, board=message.name)))
