"""What Overview can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltvtui.tui.views.overview.state import OverviewState

if TYPE_CHECKING:
    from ltvtui.tui.main_screen.main_screen import MainScreen


def toggle_newest(main_screen: MainScreen) -> None:
    """Show or hide the newest orders."""
    shown = main_screen.wanted.state(OverviewState).newest
    main_screen.go(main_screen.wanted.changed(OverviewState, newest=not shown), way="stay")
