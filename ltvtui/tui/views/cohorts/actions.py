"""What the triangle of cohorts shows: its period, its metric, what makes a cohort."""

from __future__ import annotations

from typing import Any

from ltvtui.analytics.cohorts.metrics import COHORT_METRICS, share_of
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.dialogs.dimension import DimensionDialog
from ltvtui.tui.location import Location, after
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.cohorts.view import FIRST_ORDER, CohortsScreen


def bucket(main_screen: ActionContext) -> None:
    """The next calendar period."""
    _show(main_screen, bucket=after(BUCKETS, main_screen.wanted.state(CohortsState).bucket))


def metric(main_screen: ActionContext, step: int) -> None:
    """The next metric, or the one before."""
    _show(main_screen, metric=after(tuple(COHORT_METRICS), main_screen.wanted.state(CohortsState).metric, step))


def relative(main_screen: ActionContext) -> None:
    """Figures, or shares of the first period; the share of customers is what retention is."""
    terms = main_screen.wanted.state(CohortsState)
    metric = COHORT_METRICS[terms.metric]
    if metric.share_of is not None:
        _show(main_screen, metric=metric.share_of, relative=False)
    elif not terms.relative and (share := share_of(metric)) is not None:
        _show(main_screen, metric=share.key)
    else:
        _show(main_screen, relative=not terms.relative)


def mark(main_screen: ActionContext) -> None:
    """Mark the cohort under the cursor, so that its curve is drawn."""
    if isinstance(main_screen.active, CohortsScreen):
        main_screen.active.mark()


def ask_cohorts(main_screen: ActionContext) -> None:
    """What makes a cohort: the first order, or a dimension that the trail has not settled."""
    query, terms = main_screen.location.query, main_screen.location.state(CohortsState)
    free = [d for d in main_screen.dataset.dimensions_of(query) if d not in PERIODS]

    def to(by: tuple[str, ...]) -> Location:
        return main_screen.wanted.changed(CohortsState, by=None if by == (FIRST_ORDER,) else by[0])

    def chosen(by: tuple[str, ...] | None) -> None:
        if by is not None:
            main_screen.go(to(by), way="stay")

    def preview(by: tuple[str, ...]) -> None:
        main_screen.lookahead.expect(to(by))

    current = (terms.by or FIRST_ORDER,)
    names = [FIRST_ORDER, *free]
    main_screen.app.push_screen(
        DimensionDialog(names, current, title="Cohorts by", crossed=False, on_preview=preview), chosen
    )


def _show(main_screen: ActionContext, **changes: Any) -> None:
    main_screen.go(main_screen.wanted.changed(CohortsState, **changes), way="stay")
