"""What can be done about changes of a shop that is watched."""

from __future__ import annotations

from ltvtui.tui.screens.main_screen import MainScreen
from ltvtui.tui.screens.overview import OverviewScreen


def count_from_now(main_screen: MainScreen) -> None:
    """Changes are counted from what is on screen now."""
    if not main_screen.watching.on:
        main_screen.app.notify("Changes are counted only while watching: press L first.", markup=False)
        return
    main_screen.watching.count_from(main_screen.shop)
    main_screen.show_again()


def feed(main_screen: MainScreen) -> None:
    """Show or hide the newest orders."""
    if isinstance(main_screen.active, OverviewScreen):
        main_screen.active.toggle_feed()
        main_screen.show_again()
