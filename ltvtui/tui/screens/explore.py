"""Explore: one table, any dimension; the column under the cursor as bars, LTV as curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.listing import narrow
from ltvtui.analytics.segments import profile, value_bands, value_curves
from ltvtui.present.charts import LineChart
from ltvtui.present.numbers import count, symbol
from ltvtui.present.plots import bars_plot, value_plot
from ltvtui.present.segments import segment_table
from ltvtui.present.tables import Table
from ltvtui.query.query import Filter
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.screens.segments import Segments, history_words, sorted_segments
from ltvtui.tui.screens.view import Caption, steps_of


@dataclass(frozen=True, eq=False)
class ExploreAnswer:
    """What explore shows."""

    rows: pl.DataFrame
    of: int
    """Rows before narrowing."""
    curves: LineChart
    history: tuple[str, ...]
    """What has to be known of the history beside LTV."""


class ExploreScreen(Segments):
    """Segment rows of the place's dimensions."""

    name_of_view: ClassVar[str] = "explore"

    def __init__(self) -> None:
        super().__init__(most=2)
        self._by: tuple[str, ...] = ()
        self._curves: LineChart | None = None
        self._column = ""

    def ask(self, dataset: Dataset, location: Location) -> ExploreAnswer:
        """Segment rows, sorted and narrowed, and their LTV over time."""
        sure = location.show.with_intervals(dataset.snapshot(location.query).customers.height)
        rows = dataset.ask(profile, location.query, location.by, sure)
        kept = narrow(rows, location.search)
        shown = sorted_segments(kept, location.sort, location.query.horizon)
        curves = dataset.ask(value_bands if sure else value_curves, location.query, location.by)
        currency, gross = symbol(dataset.cleaned.currency), dataset.gross(location.query)
        plot = value_plot(curves, location.by, kept, currency, gross)
        return ExploreAnswer(shown, rows.height, plot, history_words(dataset, location))

    def show(self, dataset: Dataset, location: Location, answer: ExploreAnswer) -> None:
        """Fill the table; keep the column the analyst was reading."""
        same = self._by == location.by
        self._by, self._curves = location.by, answer.curves
        (table,) = self.tables_of(dataset, location, answer)
        column = self.grid.column_key if self.grid.table else "revenue"
        self.grid.show(table, location.sort, self.grid.row if same else 0, column)
        self.tell_history(answer.history)
        self.query_one(Caption).tell(self._caption(dataset, location, answer))
        self._column = ""
        self._plot_column()

    def tables_of(self, dataset: Dataset, location: Location, answer: ExploreAnswer) -> tuple[Table, ...]:
        """The segments."""
        query, gross = location.query, dataset.gross(location.query)
        return (segment_table(answer.rows, location.by, query.horizon, gross, location.show.ages),)

    def _caption(self, dataset: Dataset, location: Location, answer: ExploreAnswer) -> list[str]:
        shown = f"{count(answer.rows.height)} of {count(answer.of)}" if location.search else count(answer.of)
        parts = [f"{shown} {'row' if answer.of == 1 else 'rows'} by {' × '.join(location.by)}"]
        if set(location.by) & HINDSIGHT or made_with_hindsight(dataset, location.query):
            parts.append("descriptive: based on past spend, not a prediction")
        if answer.rows["few"].any():
            parts.append("few: small sample (< 30 customers)")
        if set(location.by) & dataset.people.of_first_order:
            parts.append("as it was at the first order")
        return parts

    def steps(self) -> tuple[Filter, ...]:
        """Filters of the row under the cursor."""
        return steps_of(self.grid, self._by)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment."""
        trail = self.location.query.trail if self.location is not None else ()
        return not self.user_state.notes.of_trail((*trail, *steps_of(self.grid, self._by, row))).blank

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
