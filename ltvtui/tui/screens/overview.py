"""Overview: the tiers, and three plots of the whole that the trail selects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl
from textual.app import ComposeResult

from ltvtui.analytics.history import by_month
from ltvtui.analytics.lapsed import lapsed_shares, with_lapsed
from ltvtui.analytics.pareto import READINGS, pareto_curve, top_share
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.book import Book
from ltvtui.lens import Filter
from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.present.columns import segment_columns
from ltvtui.present.lapsed import with_lapsed_column
from ltvtui.present.newest import newest_orders
from ltvtui.present.numbers import symbol
from ltvtui.present.plots import pareto_plot, revenue_plot, value_plot
from ltvtui.present.tables import Table
from ltvtui.present.terms import rule_words
from ltvtui.tui.place import Place
from ltvtui.tui.screens.plotted import Plotted
from ltvtui.tui.screens.view import Caption, steps_of
from ltvtui.tui.widgets.grid import Grid

BY = ("tier",)
FEED = 7
"""Lines of the newest orders, with their headings."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What the overview shows."""

    rows: pl.DataFrame
    plots: tuple[ChartSpec, ...]
    rule: tuple[str, ...]
    newest: Table | None
    """The newest orders of the shop, where they are shown."""


def pareto(snapshot: Snapshot) -> tuple[pl.DataFrame, tuple[tuple[float, float | None], ...]]:
    """The Pareto curve and its readings, of the value by which tiers are cut."""
    ranked = snapshot.ranked
    return pareto_curve(ranked), tuple((p, top_share(ranked, p)) for p in READINGS)


class Overview(Plotted):
    """The tier table over cumulative LTV, the Pareto curve and revenue by month."""

    name_of_view: ClassVar[str] = "overview"

    DEFAULT_CSS = """
    Overview #feed { height: 7; display: none; padding: 0 1; }
    Overview.-fed #feed { display: block; }
    Overview.-big #feed { display: none; }
    """

    def __init__(self) -> None:
        super().__init__(most=3)

    def compose(self) -> ComposeResult:
        """Tables and plots over the newest orders."""
        yield from super().compose()
        feed = Grid(id="feed")
        feed.can_focus = False
        yield feed

    @property
    def height_of_head(self) -> int:
        """What is not shared out among tables and plots."""
        return super().height_of_head + FEED * self.has_class("-fed")

    def toggle_feed(self) -> None:
        """Show or hide the newest orders."""
        self.toggle_class("-fed")
        self.arrange_parts()

    def ask(self, book: Book, place: Place) -> Answer:
        """Tier rows and the three plots."""
        snapshot = book.snapshot(place.lens)
        currency, gross = symbol(book.cleaned.currency), book.gross(place.lens)
        tiers = with_lapsed(book.ask(profile, place.lens, BY), book.ask(lapsed_shares, place.lens, BY), BY)
        rows = tiers.sort(place.sort[0], descending=place.sort[1], nulls_last=True) if place.sort else tiers
        plots = (
            value_plot(book.ask(value_curves, place.lens, BY), BY, tiers, currency, gross),
            pareto_plot(*book.ask(pareto, place.lens), "revenue" if gross else "margin"),
            revenue_plot(book.ask(by_month, place.lens), currency),
        )
        feeds = self.has_class("-fed")
        newest = (
            newest_orders(book.cleaned, book.day_of_last(FEED - 1), book.default_day, FEED - 1) if feeds else None
        )
        return Answer(rows, plots, rule_words(snapshot, currency, gross), newest)

    def show(self, book: Book, place: Place, answer: Answer) -> None:
        """Fill the table and the plots."""
        (table,) = self.tables_of(book, place, answer)
        self.grid.show(table, place.sort, self.grid.row)
        self.query_one(Caption).tell(answer.rule)
        self.draw(answer.plots)
        if answer.newest is not None:
            self.query_one("#feed", Grid).show(answer.newest)

    def tables_of(self, book: Book, place: Place, answer: Answer) -> tuple[Table, ...]:
        """The tiers."""
        columns = segment_columns(BY, answer.rows, place.lens.horizon, book.gross(place.lens))
        gap = book.snapshot(place.lens).churn_gap.days
        return (Table(answer.rows, with_lapsed_column(columns, gap), few="few"),)

    def steps(self) -> tuple[Filter, ...]:
        """The tier under the cursor."""
        return steps_of(self.grid, BY)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment."""
        trail = self.place.lens.trail if self.place is not None else ()
        return not self.remembered.notes.of_trail((*trail, *steps_of(self.grid, BY, row))).blank
