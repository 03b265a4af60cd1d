"""Overview: the tiers, and three plots of the whole that the trail selects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize

from ltvtui.analytics.history import by_month
from ltvtui.analytics.pareto import READINGS, pareto_curve, top_share
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.book import Book
from ltvtui.lens import Filter
from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.present.columns import segment_columns
from ltvtui.present.numbers import amount, symbol
from ltvtui.present.plots import pareto_plot, revenue_plot, value_plot
from ltvtui.present.tables import Table
from ltvtui.tui.place import Place
from ltvtui.tui.screens.view import Caption, View, steps_of
from ltvtui.tui.widgets.chart import Chart
from ltvtui.tui.widgets.grid import Grid

BY = ("tier",)


@dataclass(frozen=True, eq=False)
class Answer:
    """What the overview shows."""

    rows: pl.DataFrame
    plots: tuple[ChartSpec, ...]
    rule: str


def pareto(snapshot: Snapshot) -> tuple[pl.DataFrame, tuple[tuple[float, float | None], ...]]:
    """The Pareto curve and its readings."""
    revenues = snapshot.customers["revenue"]
    return pareto_curve(revenues), tuple((p, top_share(revenues, p)) for p in READINGS)


class Overview(View):
    """The tier table over as many plots as the terminal has room for."""

    name_of_view: ClassVar[str] = "overview"
    DEFAULT_CSS = """
    Overview Grid { height: auto; padding: 0 1; }
    Overview #plots { height: 1fr; }
    Overview Chart { width: 1fr; height: 1fr; margin: 1 1 0 1; }
    Overview.-big Grid, Overview.-big Caption { display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id=self.name_of_view)
        self._plots: tuple[ChartSpec, ...] = ()
        self._first = 0
        self._shown = True

    def compose(self) -> ComposeResult:
        """Table over plots."""
        yield Caption()
        yield Grid(empty="No customers in this selection.")
        with Horizontal(id="plots"):
            for _ in range(3):
                yield Chart()

    def ask(self, book: Book, place: Place) -> Answer:
        """Tier rows and the three plots."""
        snapshot = book.snapshot(place.lens)
        currency = symbol(book.cleaned.currency)
        rows = book.ask(profile, place.lens, BY)
        if place.sort:
            rows = rows.sort(place.sort[0], descending=place.sort[1], nulls_last=True)
        gross = place.lens.margin is None and not book.margin_mapped
        plots = (
            value_plot(book.ask(value_curves, place.lens, "tier"), "tier", currency, gross),
            pareto_plot(*book.ask(pareto, place.lens)),
            revenue_plot(book.ask(by_month, place.lens), currency),
        )
        return Answer(rows, plots, _rule_words(snapshot, currency))

    def show(self, book: Book, place: Place, answer: Answer) -> None:
        """Fill the table and the plots."""
        columns = segment_columns(BY, answer.rows, place.lens.horizon)
        self.grid.show(Table(answer.rows, columns, few="few"), place.sort, self.grid.row)
        self.grid.styles.height = self.grid.height_of_table
        self.query_one(Caption).update(answer.rule)
        self._plots = answer.plots
        self._draw()

    def steps(self) -> tuple[Filter, ...]:
        """The tier under the cursor."""
        table = self.grid.table
        if table is None or table.frame.height == 0:
            return ()
        return steps_of(table.frame.row(self.grid.row, named=True), BY)

    def do_plot(self) -> None:
        """Show or hide the plots."""
        self._shown = not self._shown
        self._draw()

    def do_big_plot(self) -> None:
        """One plot alone, and back."""
        self._shown = True
        self.toggle_class("-big")
        self._draw()

    def do_metric(self) -> None:
        """Bring the next plot to the front."""
        self._first = (self._first + 1) % max(len(self._plots), 1)
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """As many plots side by side as can be read."""
        self._draw()

    def _draw(self) -> None:
        room = 1 if self.has_class("-big") else max(1, min(3, self.size.width // 58))
        self.query_one("#plots").display = self._shown
        for place, chart in enumerate(self.query(Chart)):
            chart.display = place < room
            if place < room and self._plots:
                chart.chart = self._plots[(self._first + place) % len(self._plots)]


def _rule_words(snapshot: Snapshot, currency: str) -> str:
    """The tier rule with the money it comes to, the churn gap and what it means."""
    cuts = snapshot.thresholds
    money = [
        f"{name} from {amount(cut / 10_000 * snapshot.margin)} {currency}".rstrip()
        for name, cut in (("VIP", cuts.vip), ("middle", cuts.middle))
        if cut is not None
    ]
    gap = snapshot.churn_gap
    silence = f"churn gap {gap.days} d{' (set)' if gap.chosen else ''}"
    return " · ".join((", ".join(money), silence, snapshot.terms.tier_rule.words()))
