"""What the triangle of cohorts shows: its period, its metric, what makes a cohort."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ltvtui.analytics.cohort_metrics import COHORT_METRICS, share_of
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.tui.dialogs.dimension import DimensionDialog
from ltvtui.tui.location import Location, after
from ltvtui.tui.screens.cohorts import CohortsScreen
from ltvtui.tui.screens.main_screen import MainScreen

FIRST_ORDER: Final = "first order"
"""In the list of dimensions: the calendar period of the first order."""


def bucket(main_screen: MainScreen) -> None:
    """The next calendar period."""
    _show(main_screen, bucket=after(BUCKETS, main_screen.wanted.cohorts.bucket))


def metric(main_screen: MainScreen, step: int) -> None:
    """The next metric, or the one before."""
    _show(main_screen, metric=after(tuple(COHORT_METRICS), main_screen.wanted.cohorts.metric, step))


def relative(main_screen: MainScreen) -> None:
    """Figures, or shares of the first period; the share of customers is what retention is."""
    terms = main_screen.wanted.cohorts
    metric = COHORT_METRICS[terms.metric]
    if metric.share_of is not None:
        _show(main_screen, metric=metric.share_of, relative=False)
    elif not terms.relative and (share := share_of(metric)) is not None:
        _show(main_screen, metric=share.key)
    else:
        _show(main_screen, relative=not terms.relative)


def mark(main_screen: MainScreen) -> None:
    """Mark the cohort under the cursor, so that its curve is drawn."""
    if isinstance(main_screen.active, CohortsScreen):
        main_screen.active.mark()


def ask_cohorts(main_screen: MainScreen) -> None:
    """What makes a cohort: the first order, or a dimension that the trail has not settled."""
    query, terms = main_screen.location.query, main_screen.location.cohorts
    free = [d for d in main_screen.shop.dimensions if d not in query.settled and d not in PERIODS]

    def to(by: tuple[str, ...]) -> Location:
        return _changed(main_screen.wanted, by=None if by == (FIRST_ORDER,) else by[0])

    def chosen(by: tuple[str, ...] | None) -> None:
        if by is not None:
            main_screen.go(to(by), way="stay")

    def tried(by: tuple[str, ...]) -> None:
        main_screen.expect(to(by))

    current = (terms.by or FIRST_ORDER,)
    names = [FIRST_ORDER, *free]
    main_screen.app.push_screen(
        DimensionDialog(names, current, title="Cohorts by", crossed=False, tried=tried), chosen
    )


def _show(main_screen: MainScreen, **changes: Any) -> None:
    main_screen.go(_changed(main_screen.wanted, **changes), way="stay")


def _changed(location: Location, **changes: Any) -> Location:
    return replace(location, cohorts=replace(location.cohorts, **changes))
