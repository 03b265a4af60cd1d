"""The board of those to win back: customers by what would be lost with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ltvtui.analytics.forecast.summary import alive_histogram
from ltvtui.analytics.forecast.win_back import LATE, STATES, UNLIKELY, at_risk_together, by_state
from ltvtui.analytics.forecast.win_back import win_back as at_risk
from ltvtui.analytics.listing import Listing
from ltvtui.analytics.rfm.names import best_lost_names
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.forecast.columns import LIKELY
from ltvtui.present.forecast.plots import risk_plot
from ltvtui.present.forecast.tables import win_back_table
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.forecast import late_clauses, no_leavers_clause, win_back_clauses
from ltvtui.present.numbers import count, counted, percent
from ltvtui.tui.views.forecast.board import NO_TABLE, BoardContent, BoardQuestion
from ltvtui.tui.views.forecast.totals import CALCULATING, KIND, PRELIMINARY

ORDER: Final = ("state", True)
"""Those who may still come back first, by value × chance of return."""
MATRIX_KEY: Final = "4"
"""Of the screen that tells who stays away without a model."""
NEXT_ORDER: Final = "next order: where P(alive) is 50 % or more"
"""Why most rows have no such day."""


def win_back(asked: BoardQuestion) -> BoardContent:
    """One table; columns keep their places while rows are narrowed."""
    dataset, location, state = asked.dataset, asked.location, asked.state
    if asked.found.preliminary:
        return BoardContent(NO_TABLE, empty=CALCULATING, caption=(PRELIMINARY,), is_people=True)
    query, search = location.query, location.search
    sort = order(asked)
    found = dataset.ask(at_risk, query, KIND, state.horizons, *sort, search)
    attributes, sign = tuple(dataset.people.attributes), asked.sign
    has_names = "name" in found.frame.columns
    has_day = dataset.ask(_has_day, query, state.horizons)
    widths = dataset.ask(_widths, query, state.horizons, attributes, sign, has_day)
    sums = dataset.ask(_together, query, state.horizons, search, asked.own.value_at_risk)
    risks = dataset.ask(alive_histogram, query, KIND, state.horizons)
    matching = (f"{counted(found.frame.height, 'customer')} matching “{search}”",) if search else ()
    late = late_clauses(by_state(found, state.months), state.months, sign, not asked.found.no_value)
    stayers = _no_leavers(asked)
    gap = dataset.snapshot(query).churn_gap.days
    return BoardContent(
        win_back_table(found, state.months, has_names, sign, attributes, widths, has_day),
        is_people=True,
        plots=(risk_plot(risks, state.months, sign),),
        caption=(*matching, *_state_words(gap), *([NEXT_ORDER] if has_day else [])),
        headline=(*stayers, *late, *win_back_clauses(sums, state.months, sign, search)),
    )


def _state_words(gap: int) -> tuple[str, ...]:
    """What comes first, and what the states are."""
    return (
        "late first, by value × chance of return",
        f"late: P(alive) < {percent(LATE, 0)} or {count(gap)} days silent",
        f"unlikely: < {percent(UNLIKELY, 0)}",
    )


def _no_leavers(asked: BoardQuestion) -> Clauses:
    if asked.found.repeat is None or not asked.found.repeat.has_no_leavers:
        return ()
    names = best_lost_names(asked.location.query.rules.rfm.names)
    return (no_leavers_clause([f"“{name}”" for name in names], MATRIX_KEY),)


def order(asked: BoardQuestion) -> tuple[str, bool]:
    """The column that sorts the rows, and whether it falls."""
    sort, there = asked.location.sort, _sortable(asked.dataset.snapshot(asked.location.query), asked.state.months)
    return sort if sort is not None and sort[0] in there else ORDER


def _sortable(snapshot: Snapshot, months: int) -> set[str]:
    expected = {f"expected_days_{months}", f"expected_value_{months}"}
    return {
        *snapshot.measured.columns,
        "p_alive",
        "next_order_day",
        "expected_ltv",
        "value_at_risk",
        "state",
        *expected,
    }


def _together(snapshot: Snapshot, horizons: tuple[int, ...], search: str, of: float) -> Mapping[str, Any]:
    return at_risk_together(at_risk(snapshot, KIND, horizons, search=search), of)


def _has_day(snapshot: Snapshot, horizons: tuple[int, ...]) -> bool:
    """Whether of those who are late most have a likely day of the next order."""
    late = at_risk(snapshot, KIND, horizons).frame.filter(pl.col("state") == STATES[0])
    return late.is_empty() or 2 * int((late["p_alive"] >= LIKELY).sum()) >= late.height


def _widths(
    snapshot: Snapshot, horizons: tuple[int, ...], attributes: tuple[str, ...], sign: str, has_day: bool
) -> tuple[int, ...]:
    """Cells that the columns need, in any order of the rows: to measure a million of them takes its time."""
    found: Listing = at_risk(snapshot, KIND, horizons)
    has_names = "name" in found.frame.columns
    return win_back_table(found, horizons[-1], has_names, sign, attributes, has_day=has_day).widths
