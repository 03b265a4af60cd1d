"""Explore: one table, any dimension; the column under the cursor as bars, LTV as curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.listing import narrow
from ltvtui.analytics.segments import profile, value_bands, value_curves
from ltvtui.book import Book
from ltvtui.lens import Filter
from ltvtui.present.charts import LineChart
from ltvtui.present.numbers import count, symbol
from ltvtui.present.plots import bars_plot, value_plot
from ltvtui.present.segments import segment_table
from ltvtui.present.tables import Table
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.place import Place
from ltvtui.tui.screens.segments import Segments, history_words, sorted_segments
from ltvtui.tui.screens.view import Caption, steps_of
from ltvtui.where import made_with_hindsight


@dataclass(frozen=True, eq=False)
class Answer:
    """What explore shows."""

    rows: pl.DataFrame
    of: int
    """Rows before narrowing."""
    curves: LineChart
    history: tuple[str, ...]
    """What has to be known of the history beside LTV."""


class Explore(Segments):
    """Segment rows of the place's dimensions."""

    name_of_view: ClassVar[str] = "explore"

    def __init__(self) -> None:
        super().__init__(most=2)
        self._by: tuple[str, ...] = ()
        self._curves: LineChart | None = None
        self._column = ""

    def ask(self, book: Book, place: Place) -> Answer:
        """Segment rows, sorted and narrowed, and their LTV over time."""
        sure = place.show.with_intervals(book.snapshot(place.lens).customers.height)
        rows = book.ask(profile, place.lens, place.by, sure)
        kept = narrow(rows, place.search)
        shown = sorted_segments(kept, place.sort, place.lens.horizon)
        curves = book.ask(value_bands if sure else value_curves, place.lens, place.by)
        currency, gross = symbol(book.cleaned.currency), book.gross(place.lens)
        plot = value_plot(curves, place.by, kept, currency, gross)
        return Answer(shown, rows.height, plot, history_words(book, place))

    def show(self, book: Book, place: Place, answer: Answer) -> None:
        """Fill the table; keep the column the analyst was reading."""
        same = self._by == place.by
        self._by, self._curves = place.by, answer.curves
        (table,) = self.tables_of(book, place, answer)
        column = self.grid.column_key if self.grid.table else "revenue"
        self.grid.show(table, place.sort, self.grid.row if same else 0, column)
        self.tell_history(answer.history)
        self.query_one(Caption).tell(self._caption(book, place, answer))
        self._column = ""
        self._plot_column()

    def tables_of(self, book: Book, place: Place, answer: Answer) -> tuple[Table, ...]:
        """The segments."""
        lens, gross = place.lens, book.gross(place.lens)
        return (segment_table(answer.rows, place.by, lens.horizon, gross, place.show.ages),)

    def _caption(self, book: Book, place: Place, answer: Answer) -> list[str]:
        shown = f"{count(answer.rows.height)} of {count(answer.of)}" if place.search else count(answer.of)
        parts = [f"{shown} {'row' if answer.of == 1 else 'rows'} by {' × '.join(place.by)}"]
        if set(place.by) & HINDSIGHT or made_with_hindsight(book, place.lens):
            parts.append("made with hindsight: describes, does not predict")
        if answer.rows["few"].any():
            parts.append("few: under 30 customers")
        if set(place.by) & book.people.of_first_order:
            parts.append("as it was at the first order")
        return parts

    def steps(self) -> tuple[Filter, ...]:
        """Filters of the row under the cursor."""
        return steps_of(self.grid, self._by)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment."""
        trail = self.place.lens.trail if self.place is not None else ()
        return not self.remembered.notes.of_trail((*trail, *steps_of(self.grid, self._by, row))).blank

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The bars follow the column; another row of the same column draws nothing."""
        if message.column != self._column:
            self._plot_column()

    def _plot_column(self) -> None:
        table = self.grid.table
        if table is None or self._curves is None:
            return
        self._column = self.grid.column_key
        column = next((c for c in table.columns if c.key == self._column and c.right), None)
        column = column or next(c for c in table.columns if c.key == "revenue")
        self.draw((bars_plot(table.frame, self._by, column), self._curves))
