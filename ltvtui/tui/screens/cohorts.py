"""Cohorts: the triangle as a heat map, its curves, and how long customers stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ltvtui.analytics.cohort_metrics import COHORT_METRICS
from ltvtui.analytics.cohorts import Cohorts as Found
from ltvtui.analytics.cohorts import cohorts, dimension_of
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.survival import retention_curves, retention_summary
from ltvtui.days import iso
from ltvtui.present.charts import LineChart
from ltvtui.present.cohorts import FIXED, GOING_ON, Triangle, curves, notes, summary_words, triangle, with_marks
from ltvtui.present.numbers import counted, symbol
from ltvtui.present.plots import retention_plot
from ltvtui.present.tables import Table
from ltvtui.present.terms import calendar_words
from ltvtui.query.query import Active, Filter, Query, Step
from ltvtui.session.apply_filters import step_of
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.screens.table_with_charts import TableWithCharts
from ltvtui.tui.screens.view import Caption

MOST_CURVES = 6
"""More cannot be told apart."""


@dataclass(frozen=True, eq=False)
class CohortsAnswer:
    """What the screen shows."""

    found: Found
    table: Triangle
    over: bool
    """Cells of an attribute tell of those for whom the period is over."""
    summary: str
    notes: tuple[str, ...]
    """What has to be known of the cells beside the name of the metric."""
    retention: LineChart
    counted: tuple[Step, ...]
    """Whom the summary counts, where that is not everybody."""


class CohortsScreen(TableWithCharts):
    """A cell is the customers of a cohort who came back in that period; Enter lists them."""

    name_of_view: ClassVar[str] = "cohorts"

    def __init__(self) -> None:
        super().__init__(most=2, cursor="cell")
        self._answer: CohortsAnswer | None = None
        self._currency = ""
        self._of: tuple[object, ...] = ()
        self._marked: frozenset[int] = frozenset()
        self._plotted: frozenset[int] = frozenset()

    def ask(self, dataset: Dataset, location: Location) -> CohortsAnswer:
        """The triangle, and Kaplan-Meier retention by what makes the cohorts, else by tier."""
        terms = location.cohorts
        found = dataset.ask(cohorts, location.query, terms.bucket, terms.by)
        by = _cut(location.query, terms.by)
        life = dataset.ask(retention_curves, location.query, by)
        summary = dataset.ask(retention_summary, location.query, by)
        metric = COHORT_METRICS[terms.metric]
        table = triangle(found, metric, terms.relative)
        words = summary_words(metric, terms.relative)
        over = terms.by is not None and not metric.all_observed(terms.relative)
        said = notes(found, metric, terms.relative)
        counted = () if found.since is None else (step_of(dataset, location.query, f"first >= {iso(found.since)}"),)
        return CohortsAnswer(found, table, over, words, said, retention_plot(life, by, summary), counted)

    def show(self, dataset: Dataset, location: Location, answer: CohortsAnswer) -> None:
        """Fill the triangle; marks and cursor stay while the cohorts are the same."""
        of = (dataset, location.query, location.cohorts.bucket, location.cohorts.by)
        same = of == self._of
        self._of, self._answer, self._currency = of, answer, symbol(dataset.cleaned.currency)
        if not same:
            self._marked = frozenset()
        table = with_marks(answer.table, self._marked)
        self.grid.show(table, at=self.grid.row if same else 1, column=self.grid.column_key if same else "0")
        self.query_one(Caption).tell(
            self._caption(answer, calendar_words(dataset.time_zone, location.query.week_start))
        )
        self._plot()

    def tables_of(self, dataset: Dataset, location: Location, answer: CohortsAnswer) -> tuple[Table, ...]:
        """The triangle."""
        return (answer.table,)

    def _caption(self, answer: CohortsAnswer, calendar: tuple[str, ...]) -> list[str]:
        found = answer.found
        of = f"by {found.by}, " if found.by is not None else ""
        parts = [f"{answer.table.title} by {found.bucket} since the first order"]
        if found.by in HINDSIGHT:
            parts.append("based on past spend")
        parts += answer.notes
        if any(answer.table.unfinished):
            parts.append(f"{GOING_ON} {found.unfinished} not complete")
        parts += [*calendar, answer.summary]
        return [*parts, f"{of}{counted(found.rows.height, 'cohort')}"]

    def steps(self) -> tuple[Step, ...]:
        """The cohort of the row, and who was active in the period of the column."""
        if self._answer is None or self.grid.table is None or not self.grid.table.height:
            return ()
        found, row, offset = self._answer.found, self.grid.row - 1, self.grid.column - FIXED
        if row < 0:
            back = (Active(found.bucket, offset, complete=True),) if offset >= 0 else ()
            return (*self._answer.counted, *back)
        cohort = Filter(found.by or dimension_of(found.bucket), found.rows["cohort"][row])
        active = Active(found.bucket, offset, complete=self._answer.over)
        # In the first period everybody is active: it is that of the first order.
        everybody = offset < 0 or (offset == 0 and not active.complete)
        return (cohort,) if everybody else (cohort, active)

    def is_blank(self) -> bool:
        """True where the cursor is on a cell that was not observed."""
        table = self.grid.table
        return (
            table is None
            or not table.height
            or not table.cells(self.grid.row, self.grid.row + 1, [self.grid.column])[0][0]
        )

    def mark(self) -> None:
        """Mark the cohort under the cursor, or unmark it."""
        row = self.grid.row
        if self._answer is None or not row:
            return
        if row not in self._marked and len(self._marked) == MOST_CURVES:
            self.app.notify(f"{MOST_CURVES} cohorts are marked, the most that one chart can show.", markup=False)
            return
        self._marked, self._front = self._marked ^ {row}, 0
        table = with_marks(self._answer.table, self._marked)
        self.grid.show(table, at=row, column=self.grid.column_key)
        self._plot()

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """Without marks the curve is that of the cohort under the cursor."""
        if not self._marked and self._rows() != self._plotted:
            self._plot()

    def toggle_plot(self) -> None:
        """Show the curves, then retention where both have no room beside each other, then none."""
        if self.showing and self.alone and not self._front:
            self.next_plot()
        else:
            self._front = 0
            super().toggle_plot()

    def _rows(self) -> frozenset[int]:
        cohorts = self._answer.found.rows.height if self._answer else 0
        return self._marked or frozenset({max(self.grid.row, 1)} if cohorts else ())

    def _plot(self) -> None:
        if self._answer is None:
            return
        self._plotted = self._rows()
        drawn = curves(self._answer.found, self._answer.table, self._plotted, self._currency)
        self.draw((drawn, self._answer.retention))


def _cut(query: Query, by: str | None) -> tuple[str, ...]:
    """By what retention is cut: what makes the cohorts, else tiers unless the trail has chosen one."""
    wanted = by or "tier"
    return () if wanted in query.settled else (wanted,)
