"""Explore: one table, any dimension, and the plot of the column under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl
from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.listing import narrow
from ltvtui.analytics.segments import profile
from ltvtui.book import Book
from ltvtui.lens import Filter
from ltvtui.present.columns import segment_columns
from ltvtui.present.numbers import count
from ltvtui.present.plots import bars_plot
from ltvtui.present.tables import Table
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.place import Place
from ltvtui.tui.screens.view import Caption, View, steps_of
from ltvtui.tui.widgets.chart import Chart
from ltvtui.tui.widgets.grid import Grid

WIDE = 150
"""From this width on the plot stands beside the table, else below it."""
LEAST_PLOT = 8
"""Lines left by the table from which on the plot shows without being asked for."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What explore shows."""

    rows: pl.DataFrame
    of: int
    """Rows before narrowing."""


class Explore(View):
    """Segment rows of the place's dimensions."""

    name_of_view: ClassVar[str] = "explore"
    DEFAULT_CSS = """
    Explore #body { height: 1fr; layout: vertical; }
    Explore.-wide #body { layout: horizontal; }
    Explore Grid { height: 1fr; padding: 0 1; }
    Explore Chart { height: 1fr; margin: 0 1; }
    Explore.-wide Grid { width: 2fr; }
    Explore.-wide Chart { width: 1fr; height: 1fr; }
    Explore.-big Grid { display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id=self.name_of_view)
        self._by: tuple[str, ...] = ()
        self._plot: bool | None = None
        self._drawn = ""

    def compose(self) -> ComposeResult:
        """Table and plot."""
        yield Caption()
        with Container(id="body"):
            yield Grid(empty="No customers in this selection: Esc goes back up.")
            yield Chart()

    def ask(self, book: Book, place: Place) -> Answer:
        """Segment rows, sorted and narrowed."""
        rows = book.ask(profile, place.lens, place.by)
        shown = narrow(rows, place.search)
        if place.sort and place.sort[0] in rows.columns:
            shown = shown.sort(place.sort[0], descending=place.sort[1], nulls_last=True)
        return Answer(shown, rows.height)

    def show(self, book: Book, place: Place, answer: Answer) -> None:
        """Fill the table; keep the column the analyst was reading."""
        same = self._by == place.by
        self._by = place.by
        columns = segment_columns(place.by, answer.rows, place.lens.horizon)
        column = self.grid.column_key or "revenue"
        self.grid.show(Table(answer.rows, columns, few="few"), place.sort, self.grid.row if same else 0, column)
        self.query_one(Caption).update(self._caption(book, place, answer))
        self._draw()

    def _caption(self, book: Book, place: Place, answer: Answer) -> str:
        shown = f"{count(answer.rows.height)} of {count(answer.of)}" if place.search else count(answer.of)
        parts = [f"{shown} {'row' if answer.of == 1 else 'rows'} by {' × '.join(place.by)}"]
        if set(place.by) & book.people.of_first_order:
            parts.append("as of the first order")
        if set(place.by) & HINDSIGHT:
            parts.append("made with hindsight: describes, does not predict")
        if answer.rows["few"].any():
            parts.append("few = under 30 customers")
        return " · ".join(parts)

    def steps(self) -> tuple[Filter, ...]:
        """Filters of the row under the cursor."""
        table = self.grid.table
        if table is None or table.frame.height == 0:
            return ()
        return steps_of(table.frame.row(self.grid.row, named=True), self._by)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The plot follows the column; another row of the same column draws nothing."""
        if message.column != self._drawn:
            self._draw()

    def do_plot(self) -> None:
        """Show or hide the plot."""
        self.remove_class("-big")
        self._plot = not self._has_plot
        self._draw()

    def do_big_plot(self) -> None:
        """The plot alone, and back."""
        self._plot = True
        self.toggle_class("-big")
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Beside the table where it is wide, below where it is high, hidden where it is neither."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self._draw()

    @property
    def _has_plot(self) -> bool:
        if self._plot is not None:
            return self._plot
        return self.has_class("-wide") or self.size.height - self.grid.height_of_table >= LEAST_PLOT

    def _table_height(self) -> int | str:
        """As high as its rows where the plot stands below, up to three fifths."""
        if not self._has_plot or self.has_class("-wide"):
            return "1fr"
        return min(self.grid.height_of_table, self.size.height * 3 // 5)

    def _draw(self) -> None:
        chart, table = self.query_one(Chart), self.grid.table
        self.grid.styles.height = self._table_height()
        chart.display = self._has_plot
        if not self._has_plot or table is None:
            return
        column = next((c for c in table.columns if c.key == self.grid.column_key and c.right), None)
        column = column or next(c for c in table.columns if c.key == "revenue")
        self._drawn = self.grid.column_key
        chart.chart = bars_plot(table.frame, self._by, column)
