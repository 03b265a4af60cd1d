"""What Explore can be told."""

from __future__ import annotations

from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions import rows
from ltvtui.tui.views.explore.view import ExploreScreen


def next_metric(main_screen: ActionContext) -> None:
    """The heat map of the next metric; without one the next plot."""
    view = main_screen.active
    if isinstance(view, ExploreScreen) and view.is_pivoted:
        view.next_metric()
    else:
        rows.next_plot(main_screen)
