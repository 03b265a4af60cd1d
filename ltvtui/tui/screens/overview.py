"""Overview: the tiers, and three plots of the whole that the trail selects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from ltvtui.analytics.history import by_month
from ltvtui.analytics.pareto import READINGS, pareto_curve, top_share
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.book import Book
from ltvtui.lens import Filter
from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.present.columns import segment_columns
from ltvtui.present.numbers import symbol
from ltvtui.present.plots import pareto_plot, revenue_plot, value_plot
from ltvtui.present.tables import Table
from ltvtui.present.terms import rule_words
from ltvtui.tui.place import Place
from ltvtui.tui.screens.plotted import Plotted
from ltvtui.tui.screens.view import Caption, steps_of

BY = ("tier",)


@dataclass(frozen=True, eq=False)
class Answer:
    """What the overview shows."""

    rows: pl.DataFrame
    plots: tuple[ChartSpec, ...]
    rule: tuple[str, ...]


def pareto(snapshot: Snapshot) -> tuple[pl.DataFrame, tuple[tuple[float, float | None], ...]]:
    """The Pareto curve and its readings."""
    ranked = snapshot.ranked
    return pareto_curve(ranked), tuple((p, top_share(ranked, p)) for p in READINGS)


class Overview(Plotted):
    """The tier table over cumulative LTV, the Pareto curve and revenue by month."""

    name_of_view: ClassVar[str] = "overview"

    def __init__(self) -> None:
        super().__init__(most=3)

    def ask(self, book: Book, place: Place) -> Answer:
        """Tier rows and the three plots."""
        snapshot = book.snapshot(place.lens)
        currency = symbol(book.cleaned.currency)
        tiers = book.ask(profile, place.lens, BY)
        rows = tiers.sort(place.sort[0], descending=place.sort[1], nulls_last=True) if place.sort else tiers
        plots = (
            value_plot(book.ask(value_curves, place.lens, BY), BY, tiers, currency, book.gross(place.lens)),
            pareto_plot(*book.ask(pareto, place.lens)),
            revenue_plot(book.ask(by_month, place.lens), currency),
        )
        return Answer(rows, plots, rule_words(snapshot, currency, book.gross(place.lens)))

    def show(self, book: Book, place: Place, answer: Answer) -> None:
        """Fill the table and the plots."""
        columns = segment_columns(BY, answer.rows, place.lens.horizon, book.gross(place.lens))
        self.grid.show(Table(answer.rows, columns, few="few"), place.sort, self.grid.row)
        self.query_one(Caption).tell(answer.rule)
        self.draw(answer.plots)

    def steps(self) -> tuple[Filter, ...]:
        """The tier under the cursor."""
        return steps_of(self.grid, BY)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment."""
        trail = self.place.lens.trail if self.place is not None else ()
        return not self.remembered.notes.of_trail((*trail, *steps_of(self.grid, BY, row))).blank
