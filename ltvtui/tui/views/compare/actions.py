"""What keys do on Compare: the next board, and into what a row stands for."""

from __future__ import annotations

from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions import drilling
from ltvtui.tui.location import after
from ltvtui.tui.views.compare.state import BOARDS, CompareState
from ltvtui.tui.views.compare.view import CompareScreen


def turn(main_screen: ActionContext, step: int) -> None:
    """The next board, or the one before."""
    wanted = main_screen.wanted
    board = after(BOARDS, wanted.state(CompareState).board, step)
    main_screen.go(wanted.changed(CompareState, board=board), way="stay")


def drill(main_screen: ActionContext) -> None:
    """Into the customers of the row, or to the segments of its dimension."""
    dimension = main_screen.active.dimension() if isinstance(main_screen.active, CompareScreen) else None
    if dimension is None:
        drilling.into_segments(main_screen)
        return
    main_screen.last_dimension = (dimension,)
    main_screen.go(main_screen.wanted.at("explore", main_screen.location.query, (dimension,)))
