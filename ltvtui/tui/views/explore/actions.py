"""What Explore can be told."""

from __future__ import annotations

from ltvtui.present.pivot import PIVOT_METRICS
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions import rows
from ltvtui.tui.location import Location, after
from ltvtui.tui.views.explore.state import ExploreState


def plot(main_screen: ActionContext) -> None:
    """Of two dimensions the heat map in place of the list, and back; of one the plots."""
    wanted = main_screen.wanted
    if len(wanted.by) < 2:
        rows.plot(main_screen)
        return
    state, column = wanted.state(ExploreState), main_screen.active.grid.column_key
    metric = column if not state.crossed and column in PIVOT_METRICS else state.metric
    main_screen.go(wanted.changed(ExploreState, crossed=not state.crossed, metric=metric), way="stay")


def next_metric(main_screen: ActionContext) -> None:
    """The heat map of the next metric; without one the next plot."""
    if is_crossed(main_screen.wanted):
        main_screen.go(with_next_metric(main_screen.wanted), way="stay")
    else:
        rows.next_plot(main_screen)


def is_crossed(location: Location) -> bool:
    """Whether a heat map is shown."""
    return len(location.by) > 1 and location.state(ExploreState).crossed


def with_next_metric(location: Location) -> Location:
    """The heat map of the next metric."""
    metric = location.state(ExploreState).metric
    return location.changed(ExploreState, metric=after(PIVOT_METRICS, metric))
