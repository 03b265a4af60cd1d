"""The board of two periods of one trail: how revenue went, and the exact part of each factor."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.comparison.periods import CalendarPeriod
from ltvtui.analytics.kernel.calendar import OF_MONTHS, period
from ltvtui.present.comparison.periods import PeriodReport, period_notes, period_table
from ltvtui.present.comparison.plots import bridge_plot
from ltvtui.query.periods import period_of
from ltvtui.session.comparison import period_change_of
from ltvtui.tui.views.compare.board import CompareBoard, CompareQuestion
from ltvtui.tui.views.compare.state import AGAINST, BEFORE, CompareState

IN_A_YEAR: Final = {"month": 12, "quarter": 4, "year": 1}


def periods(asked: CompareQuestion) -> CompareBoard:
    """Both periods and the bridge between them. Raises LtvError for a period without data."""
    dataset, query = asked.dataset, asked.query
    before, after = chosen(asked.state, dataset.as_of(query))
    change = period_change_of(dataset, query, before, after)
    report = PeriodReport(
        dataset.snapshot(query), asked.names.a, change, dataset.first_day, dataset.cleaned.currency, dataset.doubts
    )
    return CompareBoard(
        period_table(change, asked.sign),
        report.headline,
        (bridge_plot(change, asked.sign),),
        (
            f"of {asked.names.a}",
            f"period: {after.bucket} {OF_MONTHS.index(after.bucket) + 1}/{len(OF_MONTHS)} (b)",
            f"against: {asked.state.against} {AGAINST.index(asked.state.against) + 1}/{len(AGAINST)} (m)",
            "← → another period",
            *period_notes(report),
        ),
        closed="These rows are periods, not customers.",
    )


def chosen(state: CompareState, as_of: int) -> tuple[CalendarPeriod, CalendarPeriod]:
    """The earlier and the later period."""
    # The day after the last of a period is in the next one: then the period is complete.
    tomorrow = pl.Series([as_of + 1], dtype=pl.Int32)
    later = int(period(tomorrow, state.bucket)[0]) - 1 - state.back
    apart = 1 if state.against == BEFORE else IN_A_YEAR[state.bucket]
    return period_of(state.bucket, later - apart), period_of(state.bucket, later)
