"""Overview: the tiers, and three plots of the whole that the trail selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import polars as pl
from textual.app import ComposeResult

from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.history import by_month
from ltvtui.analytics.lapsed import lapsed_shares, with_lapsed
from ltvtui.analytics.pareto import READINGS, pareto_curve, top_share
from ltvtui.analytics.segments import profile, value_bands, value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.present.lapsed import lapsed_column
from ltvtui.present.newest import newest_orders
from ltvtui.present.numbers import symbol
from ltvtui.present.plots import pareto_plot, revenue_plot, value_plot
from ltvtui.present.segments import segment_table
from ltvtui.present.tables import Table
from ltvtui.present.terms import rule_words
from ltvtui.query.query import Filter
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import EdgeReached
from ltvtui.tui.screens.segments import Segments, history_words, sorted_segments
from ltvtui.tui.screens.view import Caption, ScreenWanted, steps_of
from ltvtui.tui.widgets.doubt_line import DoubtLine
from ltvtui.tui.widgets.grid import Grid

BY = ("tier",)
FEED = 7
"""Lines of the newest orders, with their headings."""


@dataclass(frozen=True, eq=False)
class OverviewAnswer:
    """What the overview shows."""

    rows: pl.DataFrame
    plots: tuple[ChartSpec, ...]
    rule: tuple[str, ...]
    newest: Table | None
    """The newest orders of the shop, where they are shown."""
    history: tuple[str, ...]
    """What has to be known of the history beside LTV."""
    doubts: tuple[Doubt, ...]
    """What may have been read wrong."""


def pareto(snapshot: Snapshot) -> tuple[pl.DataFrame, tuple[tuple[float, float | None], ...]]:
    """The Pareto curve and its readings, of the value by which tiers are cut."""
    ranked = snapshot.ranked
    return pareto_curve(ranked), tuple((p, top_share(ranked, p)) for p in READINGS)


class OverviewScreen(Segments):
    """The tier table over cumulative LTV, the Pareto curve and revenue by month."""

    name_of_view: ClassVar[str] = "overview"

    DEFAULT_CSS = """
    OverviewScreen #feed { height: 7; display: none; padding: 0 1; }
    OverviewScreen.-fed #feed { display: block; }
    OverviewScreen.-big #feed, OverviewScreen.-big DoubtLine { display: none; }
    """

    def __init__(self) -> None:
        super().__init__(most=3)

    def compose(self) -> ComposeResult:
        """Tables and plots over the newest orders."""
        yield from super().compose()
        feed = Grid(id="feed")
        feed.can_focus = False
        yield feed

    def compose_tables(self) -> ComposeResult:
        """Doubts over all else."""
        yield DoubtLine()
        yield from super().compose_tables()

    @property
    def height_of_head(self) -> int:
        """What is not shared out among tables and plots."""
        return super().height_of_head + FEED * self.has_class("-fed") + self.query_one(DoubtLine).lines

    def on_edge_reached(self, message: EdgeReached) -> None:
        """Above the first row stand the doubts."""
        if message.rows < 0 and self.query_one(DoubtLine).lines:
            self.query_one(DoubtLine).focus()

    def on_doubt_line_doubts_opened(self) -> None:
        """Quality tells them."""
        self.post_message(ScreenWanted("quality"))

    def on_doubt_line_left(self) -> None:
        """Back to the table."""
        self.grid.focus()

    def toggle_feed(self) -> None:
        """Show or hide the newest orders."""
        self.toggle_class("-fed")
        self.arrange_parts()

    def ask(self, dataset: Dataset, location: Location) -> OverviewAnswer:
        """Tier rows and the three plots."""
        snapshot = dataset.snapshot(location.query)
        currency, gross = symbol(dataset.cleaned.currency), dataset.gross(location.query)
        sure = location.show.with_intervals(snapshot.customers.height)
        profiled, curves = dataset.ask(profile, location.query, BY, sure), value_bands if sure else value_curves
        tiers = with_lapsed(profiled, dataset.ask(lapsed_shares, location.query, BY), BY)
        rows = sorted_segments(tiers, location.sort, location.query.horizon)
        plots = (
            value_plot(dataset.ask(curves, location.query, BY), BY, tiers, currency, gross),
            pareto_plot(*dataset.ask(pareto, location.query), "revenue" if gross else "margin"),
            revenue_plot(dataset.ask(by_month, location.query), currency),
        )
        feeds = self.has_class("-fed")
        newest = (
            newest_orders(dataset.cleaned, dataset.day_of_last(FEED - 1), dataset.default_day, FEED - 1)
            if feeds
            else None
        )
        return OverviewAnswer(
            rows,
            plots,
            rule_words(snapshot, currency, gross),
            newest,
            history_words(dataset, location),
            dataset.doubts,
        )

    def show(self, dataset: Dataset, location: Location, answer: OverviewAnswer) -> None:
        """Fill the table and the plots."""
        (table,) = self.tables_of(dataset, location, answer)
        self.grid.show(table, location.sort, self.grid.row)
        self._tell_doubts(answer.doubts)
        self.tell_history(answer.history)
        self.query_one(Caption).tell(answer.rule)
        self.draw(answer.plots)
        if answer.newest is not None:
            self.query_one("#feed", Grid).show(answer.newest)

    def take_focus(self) -> None:
        """Whoever stands on the doubts stays there."""
        if not self.query_one(DoubtLine).has_focus:
            super().take_focus()

    def _tell_doubts(self, doubts: Sequence[Doubt]) -> None:
        line = self.query_one(DoubtLine)
        if line.has_focus and not doubts:
            self.grid.focus()  # hidden widgets lose it
        line.tell(doubts)

    def tables_of(self, dataset: Dataset, location: Location, answer: OverviewAnswer) -> tuple[Table, ...]:
        """The tiers."""
        lapsed = lapsed_column(dataset.snapshot(location.query).churn_gap.days)
        query, gross = location.query, dataset.gross(location.query)
        return (segment_table(answer.rows, BY, query.horizon, gross, location.show.ages, (lapsed,)),)

    def steps(self) -> tuple[Filter, ...]:
        """The tier under the cursor."""
        return steps_of(self.grid, BY)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment."""
        trail = self.location.query.trail if self.location is not None else ()
        return not self.user_state.notes.of_trail((*trail, *steps_of(self.grid, BY, row))).blank
