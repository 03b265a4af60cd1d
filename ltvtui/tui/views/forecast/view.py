"""Forecast: what today's customers will bring, how good such forecasts were, and whom to win back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.app import ComposeResult
from textual.widgets import Static

from ltvtui.present.plain import plain
from ltvtui.query.query import Filter
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import LocationWanted
from ltvtui.tui.views.forecast.board import NO_TABLE, BoardContent
from ltvtui.tui.views.forecast.compute import ForecastAnswer
from ltvtui.tui.views.forecast.idle import ON_BOARD, WITHOUT_FORECAST
from ltvtui.tui.views.forecast.modes import modes
from ltvtui.tui.views.forecast.state import BOARDS, PROOF, TOTALS, ForecastState, on_board
from ltvtui.tui.views.forecast.tables import ROOMY, TALL, Tables
from ltvtui.tui.views.segments import NOBODY, has_note
from ltvtui.tui.views.view import INTO_ROW, View, steps_of
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.choices import Choices
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.table_over_plots import ASKED_HEIGHT, PLOT_HEIGHT, WORDS_HEIGHT, TableOverPlots

NOBODY_BEHIND: Final = "Tests of the past have no customers behind them; Tab leads to other boards."
CLOSED: Final = "No forecast yet"


class ForecastScreen(View):
    """Three boards; a calm page where a shop has told too little."""

    DEFAULT_CSS = """
    ForecastScreen #closed { display: none; height: 1fr; padding: 2 4; }
    ForecastScreen.-closed #closed { display: block; }
    ForecastScreen.-closed TableOverPlots { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.why = ""
        """Why there is no forecast; blank where there is one."""
        self._shown_board: BoardContent | None = None
        self._board = TOTALS
        self._of: tuple[object, ...] = ()
        self._is_low = False

    def compose(self) -> ComposeResult:
        """Boards, what the keys change, cautions and tables over plots; or the page without a forecast."""
        head = Choices(BOARDS), Caption(), Notes(most=9, warning=True)
        parts = TableOverPlots(*head, table=Tables(), plots=3, foot=(Notes(most=7),))
        parts.sideways = True
        yield parts
        yield Static("", id="closed", markup=False)

    def show(self, dataset: Dataset, location: Location, answer: ForecastAnswer) -> None:
        """Fill the board; the cursor stays while its rows are the same."""
        state, shown = location.state(ForecastState), answer.shown
        self.why, self._shown_board, self._board = answer.why, shown, state.board
        self.set_class(shown is None, "-closed")
        self.query_one(Choices).active = state.board
        if shown is None:
            lines = (CLOSED, "", plain(answer.why), "", *answer.needed)
            self.query_one("#closed", Static).update("\n".join(lines))
            self.grid.show(NO_TABLE)
            self._of = ()
            return
        settings = modes(location, shown.season, answer.has_value)
        # What a narrow terminal has no room for is left out from the end: never that the answer is not the whole one.
        parts = (*shown.caption, *settings) if answer.is_preliminary else (*settings, *shown.caption)
        self.query_one(Caption).show(parts)
        self.query(Notes).first().parts = answer.cautions
        self._show_rows(location, state, shown)
        self._show_above(shown)
        self.query_one(Tables).leaves_room = state.board == PROOF
        self.arrange_parts()
        plots = self.query_one(TableOverPlots)
        plots.least = PLOT_HEIGHT if state.board == PROOF else WORDS_HEIGHT  # its curves say nothing in words
        plots.asked = PLOT_HEIGHT if state.board == PROOF else ASKED_HEIGHT  # there are two tables above them
        plots.draw(shown.plots, self.room)

    def _show_rows(self, location: Location, state: ForecastState, shown: BoardContent) -> None:
        of = (state.board, location.by, location.query, location.sort, location.search)
        same, before = of == self._of, self._of[:2]
        self._of = of
        grid = self.grid
        column = grid.column_key if before == of[:2] else None
        first = shown.rows.columns[0].key if shown.rows.columns else None
        grid.show(
            shown.rows,
            location.sort,
            grid.row if same else 0,
            column or first,
            NOBODY if shown.empty is None else shown.empty,
        )

    def _show_above(self, shown: BoardContent) -> None:
        """The upper table; where there is little room its short form."""
        self._is_low = self.room.height < ROOMY and shown.above_low is not None
        above = shown.above_low if self._is_low and shown.above_low is not None else shown.above
        self.query_one(Tables).above.show(above, at=shown.marked_low if self._is_low else shown.marked)

    def arrange_parts(self) -> None:
        """The tables have their places before their heights are asked for."""
        shown = self._shown_board
        if shown is not None and (self.room.height < ROOMY and shown.above_low is not None) != self._is_low:
            self._show_above(shown)
        self.query_one(Tables).place(self.room)
        if shown is not None:
            self._show_words(shown)
        super().arrange_parts()

    def _show_words(self, shown: BoardContent) -> None:
        """Sentences under the tables, unless plots that were asked for need their lines."""
        is_crowded = self.room.height < TALL and bool(shown.plots) and self.query_one(TableOverPlots).is_drawn
        notes = self.query(Notes).last()
        notes.parts, notes.apart = ((), shown.words) if is_crowded else (shown.words, ())

    @property
    def grid(self) -> Grid:
        """The table with the cursor."""
        return self.query_one(Tables).rows

    @property
    def _rows_are_people(self) -> bool:
        return self._shown_board is not None and self._shown_board.is_people

    def steps(self) -> tuple[Filter, ...]:
        """The group under the cursor."""
        by = self._shown_board.by if self._shown_board is not None else ()
        return steps_of(self.grid, by) if by else ()

    def customer(self) -> int | None:
        """Code of the customer under the cursor."""
        table = self.grid.table
        if not self._rows_are_people or table is None or table.height == 0:
            return None
        return int(table.part(self.grid.row, self.grid.row + 1)["customer"][0])

    def origin(self) -> int | None:
        """The day on which the test under the cursor was made."""
        table = self.grid.table
        if table is None or table.height == 0 or "origin" not in table.frame.columns:
            return None
        return int(table.part(self.grid.row, self.grid.row + 1)["origin"][0])

    @property
    def idle(self) -> frozenset[str]:
        """Those that mean nothing on the board, or without a forecast."""
        if self._shown_board is None:
            return WITHOUT_FORECAST
        is_open = self.customer() is not None or self.closed() is None or self._is_test
        return ON_BOARD[self._board] if is_open else ON_BOARD[self._board] | INTO_ROW

    @property
    def _is_test(self) -> bool:
        """Whether the row under the cursor is a test of the past, which has tenths."""
        are_tests = self.location is not None and self.location.state(ForecastState).origin is None
        return are_tests and self.origin() is not None

    def later(self) -> tuple[Callable[[], object], ...]:
        """The order of all rows: for a jump to the last of them."""
        order = None if self.grid.table is None else self.grid.table.order
        return () if order is None else (lambda: order.whole,)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the group or customer."""
        shown, table = self._shown_board, self.grid.table
        if shown is None or table is None:
            return False
        if shown.is_people:
            return not self.user_state.notes.of_customer(str(table.part(row, row + 1)["id"][0])).blank
        return bool(shown.by) and has_note(self, shown.by, row)

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        """A click on the name of a board shows it."""
        self.post_message(LocationWanted(lambda location: on_board(location, message.name)))

    def toggle_plot(self) -> None:
        """Show the plots one after the other where they have no room beside each other, then none."""
        plots = self.query_one(TableOverPlots)
        shown = self._shown_board
        if plots.is_drawn and plots.is_single and shown is not None and plots.front < len(shown.plots) - 1:
            plots.next()
        else:
            plots.front = 0
            super().toggle_plot()
            self.arrange_parts()
