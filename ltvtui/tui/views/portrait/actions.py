"""What keys do about portraits: open one, go through its parts, and into what a row stands for."""

from __future__ import annotations

from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions import drilling
from ltvtui.tui.location import after
from ltvtui.tui.views.portrait.state import BOARDS, PortraitState


def open_portrait(main_screen: ActionContext) -> None:
    """The page about the customers of the row or cell, or of the trail where none is under the cursor."""
    if main_screen.view == "portrait" and not main_screen.active.steps():
        main_screen.app.notify("This is the portrait of these customers already.", markup=False)
        return
    query = drilling.row_query(main_screen)
    main_screen.go(main_screen.wanted.at("portrait", query, main_screen.wanted.by))


def turn(main_screen: ActionContext, step: int) -> None:
    """The next part of the page, or the one before."""
    wanted = main_screen.wanted
    board = after(BOARDS, wanted.state(PortraitState).board, step)
    main_screen.go(wanted.changed(PortraitState, board=board), way="stay")


def drill(main_screen: ActionContext) -> None:
    """To the card of the customer, or into the customers of the row."""
    if main_screen.active.customer() is not None:
        drilling.into_customer(main_screen)
    else:
        drilling.into_segments(main_screen)


def people(main_screen: ActionContext) -> None:
    """The customers of the row, or all of whom the page is."""
    here = main_screen.location
    if main_screen.active.steps():
        drilling.people(main_screen)
    else:
        main_screen.go(here.at("customers", here.query, here.by))
