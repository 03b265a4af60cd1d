"""What Overview can be told."""

from __future__ import annotations

from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.views.overview.state import OverviewState


def toggle_newest(main_screen: ActionContext) -> None:
    """Show or hide the newest orders."""
    shown = main_screen.wanted.state(OverviewState).newest
    main_screen.go(main_screen.wanted.changed(OverviewState, newest=not shown), way="stay")
