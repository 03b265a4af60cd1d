"""Cohorts: the triangle as a heat map, its curves, and how long customers stay."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult

from ltvtui.analytics.cohorts.cohorts import dimension_of
from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.present.cohorts import FIXED, GOING_ON, curves, with_marks
from ltvtui.present.numbers import counted, symbol
from ltvtui.present.terms import calendar_words
from ltvtui.query.query import Active, Filter, Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.views.cohorts.compute import CohortsAnswer
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.segments import NOBODY
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.table_over_plots import TableOverPlots

FIRST_ORDER = "first order"
"""What makes cohorts where no dimension does: the calendar period of it."""
LEAST_TRIANGLE = 14
"""Lines of the triangle, heading and summary among them, over which curves do not need to be asked for."""
MOST_CURVES = 6
"""More cannot be told apart."""


class CohortsScreen(View):
    """A cell is the customers of a cohort who came back in that period; Enter lists them."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: CohortsAnswer | None = None
        self._currency = ""
        self._of: tuple[object, ...] = ()
        self._marked: frozenset[int] = frozenset()
        self._plotted: frozenset[int] = frozenset()

    def compose(self) -> ComposeResult:
        """The triangle over its curves and retention."""
        parts = TableOverPlots(Caption(), table=Grid(empty=NOBODY, cursor="cell"), plots=2)
        parts.shared_from = LEAST_TRIANGLE
        yield parts

    def show(self, dataset: Dataset, location: Location, answer: CohortsAnswer) -> None:
        """Fill the triangle; marks and cursor stay while the cohorts are the same."""
        state = location.state(CohortsState)
        of = (dataset, location.query, state.bucket, state.by)
        same = of == self._of
        self._of, self._answer, self._currency = of, answer, symbol(dataset.cleaned.currency)
        if not same:
            self._marked = frozenset()
        table = with_marks(answer.triangle, self._marked)
        keys = [column.key for column in table.columns]
        first = keys[min(FIXED, len(keys) - 1)]
        if not answer.found.rows.height:  # a summary of nobody is no row
            table = replace(table, frame=table.frame.clear())
        self.grid.show(table, at=self.grid.row if same else 1, column=self.grid.column_key if same else first)
        calendar = calendar_words(dataset.time_zone, location.query.week_start)
        caption = self.query_one(Caption)
        caption.show(self._caption(answer, state, calendar))
        caption.apart = answer.remarks
        self._plot()

    def _caption(self, answer: CohortsAnswer, state: CohortsState, calendar: tuple[str, ...]) -> list[str]:
        found, metrics = answer.found, list(COHORT_METRICS)
        metric = answer.triangle.title.removesuffix(" %")
        parts = [f"metric: {metric} {metrics.index(state.metric) + 1}/{len(metrics)} (m)"]
        if found.by in HINDSIGHT:
            parts.append("based on past spend")
        parts += answer.notes
        if answer.triangle.by_age:
            parts.append("coloured against all of the same age")
        if any(answer.triangle.unfinished):
            parts.append(f"{GOING_ON} {found.unfinished} not complete")
        parts += [f"by {found.by or FIRST_ORDER} (d)", f"per {found.bucket} (b)"]
        parts += [*calendar, answer.summary]
        return [*parts, counted(found.rows.height, "cohort")]

    def steps(self) -> tuple[Step, ...]:
        """The cohort of the row, and who was active in the period of the column."""
        if self._answer is None or self.grid.table is None or not self.grid.table.height:
            return ()
        found, row, place = self._answer.found, self.grid.row - 1, self.grid.column - FIXED
        offset = -1 if place < 0 else place + self._answer.triangle.begins
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

    def closed(self) -> str | None:
        """A cell that was not observed stands for nobody."""
        return "No data yet: this period is in the future." if self.is_blank() else None

    @property
    def why_unmarked(self) -> str | None:
        """Why the row under the cursor cannot be marked or unmarked; None: it can."""
        if self._answer is None or not self._answer.found.rows.height:
            return NOBODY
        if not self.grid.row:
            return "“all” is drawn beside the marked cohorts: mark one of those."
        if self.grid.row not in self._marked and len(self._marked) == MOST_CURVES:
            return f"{MOST_CURVES} cohorts are marked, the most that one chart can show."
        return None

    @property
    def idle(self) -> frozenset[str]:
        """A cell of nobody leads nowhere; what cannot be marked is not."""
        return super().idle if self.why_unmarked is None else super().idle | {"mark"}

    def mark(self) -> None:
        """Mark the cohort under the cursor, or unmark it."""
        row = self.grid.row
        if self._answer is None or self.why_unmarked is not None:
            self.app.notify(self.why_unmarked or NOBODY, markup=False)
            return
        self._marked = self._marked ^ {row}
        self.query_one(TableOverPlots).front = 0
        table = with_marks(self._answer.triangle, self._marked)
        self.grid.show(table, at=row, column=self.grid.column_key)
        self._plot()

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """Without marks the curve is that of the cohort under the cursor."""
        if not self._marked and self._rows() != self._plotted:
            self._plot()

    def toggle_plot(self) -> None:
        """Show the curves, then retention where both have no room beside each other, then none."""
        plots = self.query_one(TableOverPlots)
        if plots.is_drawn and plots.is_single and not plots.front:
            plots.next()
        else:
            plots.front = 0
            super().toggle_plot()

    def _rows(self) -> frozenset[int]:
        cohorts = self._answer.found.rows.height if self._answer else 0
        return self._marked or frozenset({max(self.grid.row, 1)} if cohorts else ())

    def _plot(self) -> None:
        if self._answer is None:
            return
        self._plotted = self._rows()
        drawn = curves(self._answer.found, self._answer.triangle, self._plotted, self._currency, self._answer.orders)
        self.query_one(TableOverPlots).draw((drawn, self._answer.retention), self.room)
