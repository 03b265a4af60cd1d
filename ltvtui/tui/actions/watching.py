"""What can be done about changes of a shop that is watched, and about the tour."""

from __future__ import annotations

from ltvtui.tui.action_context import ActionContext


def count_from_now(main_screen: ActionContext) -> None:
    """Changes are counted from what is on screen now."""
    if not main_screen.live.on:
        main_screen.app.notify("Changes are counted only while watching: press L first.", markup=False)
        return
    main_screen.live.count_from(main_screen.dataset)
    main_screen.updates.show_again()


def end_tour(main_screen: ActionContext) -> None:
    """Close the tour."""
    if not main_screen.frame.end_tour():
        main_screen.app.notify("No tour is shown: `ltvtui demo --fresh` has one.", markup=False)
