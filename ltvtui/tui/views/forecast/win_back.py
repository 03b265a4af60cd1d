"""The board of those to win back: customers by what would be lost with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ltvtui.analytics.forecast.summary import alive_histogram
from ltvtui.analytics.forecast.win_back import at_risk_together
from ltvtui.analytics.forecast.win_back import win_back as at_risk
from ltvtui.analytics.listing import Listing
from ltvtui.analytics.rfm.names import best_lost_names
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.forecast.plots import risk_plot
from ltvtui.present.forecast.tables import win_back_table
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.forecast import no_leavers_clause, win_back_clauses
from ltvtui.present.numbers import counted
from ltvtui.tui.views.forecast.board import NO_TABLE, BoardContent, BoardQuestion
from ltvtui.tui.views.forecast.totals import CALCULATING, KIND, PRELIMINARY

ORDER: Final = ("value_at_risk", True)
"""Most value at risk first."""
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
    widths = dataset.ask(_widths, query, state.horizons, attributes, sign)
    sums = dataset.ask(_together, query, state.horizons, search, asked.own.value_at_risk)
    risks = dataset.ask(alive_histogram, query, KIND, state.horizons)
    matching = (f"{counted(found.frame.height, 'customer')} matching “{search}”",) if search else ()
    return BoardContent(
        win_back_table(found, state.months, has_names, sign, attributes, widths),
        is_people=True,
        plots=(risk_plot(risks, state.months, sign),),
        caption=(*matching, NEXT_ORDER),
        headline=(*_no_leavers(asked), *win_back_clauses(sums, state.months, sign, search)),
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
    return {*snapshot.measured.columns, "p_alive", "next_order_day", "expected_ltv", "value_at_risk", *expected}


def _together(snapshot: Snapshot, horizons: tuple[int, ...], search: str, of: float) -> Mapping[str, Any]:
    return at_risk_together(at_risk(snapshot, KIND, horizons, search=search), of)


def _widths(snapshot: Snapshot, horizons: tuple[int, ...], attributes: tuple[str, ...], sign: str) -> tuple[int, ...]:
    """Cells that the columns need, in any order of the rows: to measure a million of them takes its time."""
    found: Listing = at_risk(snapshot, KIND, horizons)
    return win_back_table(found, horizons[-1], "name" in found.frame.columns, sign, attributes).widths
