"""What can be done about changes of a shop that is watched."""

from __future__ import annotations

from ltvtui.tui.screens.desk import Desk
from ltvtui.tui.screens.overview import Overview


def count_from_now(desk: Desk) -> None:
    """Changes are counted from what is on screen now."""
    if not desk.watching.on:
        desk.app.notify("Changes are counted while the shop is watched: L begins.", markup=False)
        return
    desk.watching.count_from(desk.shop)
    desk.show_again()


def feed(desk: Desk) -> None:
    """Show or hide the newest orders."""
    if isinstance(desk.active, Overview):
        desk.active.toggle_feed()
        desk.show_again()
