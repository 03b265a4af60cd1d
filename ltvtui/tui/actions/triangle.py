"""What the triangle of cohorts shows: its period, its metric, what makes a cohort."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ltvtui.analytics.cohorts import METRICS
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.tui.dialogs.dimension import DimensionDialog
from ltvtui.tui.place import Place, after
from ltvtui.tui.screens.cohorts import Cohorts
from ltvtui.tui.screens.desk import Desk

FIRST_ORDER: Final = "first order"
"""In the list of dimensions: the calendar period of the first order."""


def bucket(desk: Desk) -> None:
    """The next calendar period."""
    _show(desk, bucket=after(BUCKETS, desk.wanted.cohorts.bucket))


def metric(desk: Desk, step: int) -> None:
    """The next metric, or the one before."""
    _show(desk, metric=after(METRICS, desk.wanted.cohorts.metric, step))


def relative(desk: Desk) -> None:
    """Figures, or shares of the first period; the share of customers is what retention is."""
    terms = desk.wanted.cohorts
    if terms.metric == "retention":
        _show(desk, metric="customers", relative=False)
    elif terms.metric == "customers" and not terms.relative:
        _show(desk, metric="retention")
    else:
        _show(desk, relative=not terms.relative)


def mark(desk: Desk) -> None:
    """Mark the cohort under the cursor, so that its curve is drawn."""
    if isinstance(desk.active, Cohorts):
        desk.active.mark()


def ask_cohorts(desk: Desk) -> None:
    """What makes a cohort: the first order, or a dimension that the trail has not settled."""
    query, terms = desk.place.query, desk.place.cohorts
    free = [d for d in desk.shop.dimensions if d not in query.settled and d not in PERIODS]

    def to(by: tuple[str, ...]) -> Place:
        return _changed(desk.wanted, by=None if by == (FIRST_ORDER,) else by[0])

    def chosen(by: tuple[str, ...] | None) -> None:
        if by is not None:
            desk.go(to(by), way="stay")

    def tried(by: tuple[str, ...]) -> None:
        desk.expect(to(by))

    current = (terms.by or FIRST_ORDER,)
    names = [FIRST_ORDER, *free]
    desk.app.push_screen(DimensionDialog(names, current, title="Cohorts by", crossed=False, tried=tried), chosen)


def _show(desk: Desk, **changes: Any) -> None:
    desk.go(_changed(desk.wanted, **changes), way="stay")


def _changed(place: Place, **changes: Any) -> Place:
    return replace(place, cohorts=replace(place.cohorts, **changes))
