"""What keys do on Compare: the next board, and into what a row stands for."""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.kernel.calendar import OF_MONTHS
from ltvtui.present.plain import plain
from ltvtui.session.comparison import Trail, words_of
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions import drilling, rows
from ltvtui.tui.actions.views_and_notes import choose_view
from ltvtui.tui.location import Location, after
from ltvtui.tui.views.compare.state import AGAINST, BOARDS, DRIVERS, FIGURES, PERIODS, CompareState
from ltvtui.tui.views.compare.view import CompareScreen

NO_PERIODS: Final = "Only the board of periods has them: Tab leads there."


def turn(main_screen: ActionContext, step: int) -> None:
    """The next board, or the one before."""
    wanted = main_screen.wanted
    board = after(BOARDS, wanted.state(CompareState).board, step)
    main_screen.go(wanted.changed(CompareState, board=board), way="stay")


def open_drivers(main_screen: ActionContext) -> None:
    """The dimensions that decide, among the customers of the trail."""
    wanted = main_screen.wanted
    there = wanted if wanted.view == "compare" else wanted.at("compare", wanted.query, drilling.ALL_CUSTOMERS)
    main_screen.go(there.changed(CompareState, board=DRIVERS), way="stay" if wanted.view == "compare" else "on")


def next_bucket(main_screen: ActionContext) -> None:
    """Months, quarters or years."""
    wanted = main_screen.wanted
    state = wanted.state(CompareState)
    if state.board != PERIODS:
        main_screen.app.notify(NO_PERIODS, markup=False)
        return
    main_screen.go(wanted.changed(CompareState, bucket=after(OF_MONTHS, state.bucket, 1), back=0), way="stay")


def next_metric(main_screen: ActionContext) -> None:
    """The other figure of the drivers, what a period is compared with, or the next plot."""
    wanted = main_screen.wanted
    state = wanted.state(CompareState)
    match state.board:
        case "drivers":
            main_screen.go(wanted.changed(CompareState, figure=after(FIGURES, state.figure, 1)), way="stay")
        case "periods":
            main_screen.go(wanted.changed(CompareState, against=after(AGAINST, state.against, 1)), way="stay")
        case _:
            rows.next_plot(main_screen)


def mark(main_screen: ActionContext) -> None:
    """The row, or the trail: as A, then as B; once more: not any more. On Compare: nobody is marked any more."""
    here = (*main_screen.location.query.trail, *main_screen.active.steps())
    if main_screen.view == "compare":
        _set_marks(main_screen, ())
    elif not here:
        main_screen.app.notify("No row is selected, and the trail is all customers.", markup=False)
    else:
        _mark(main_screen, here)


def mark_view(main_screen: ActionContext) -> None:
    """The customers of a saved view: as A, then as B; once more: not any more."""

    def chosen(location: Location) -> None:
        if location.query.trail:
            _mark(main_screen, location.query.trail)
        else:
            main_screen.app.notify("That view is of all customers: choose one with filters.", markup=False)

    choose_view(main_screen, "Mark a saved view for Compare", chosen)


def _mark(main_screen: ActionContext, trail: Trail) -> None:
    marks = main_screen.wanted.state(CompareState).marks
    if trail in marks:
        _set_marks(main_screen, tuple(each for each in marks if each != trail))
    else:
        _set_marks(main_screen, (trail,) if len(marks) > 1 else (*marks, trail))


def _set_marks(main_screen: ActionContext, marks: tuple[Trail, ...]) -> None:
    main_screen.go(main_screen.wanted.changed(CompareState, marks=marks), way="stay")
    main_screen.app.notify(_words(marks), markup=False)


def _words(marks: tuple[Trail, ...]) -> str:
    names = [f"{side}: {plain(words_of(trail))}" for side, trail in zip("AB", marks, strict=False)]
    match len(marks):
        case 0:
            return "Nothing is marked: Compare shows the trail against all others."
        case 1:
            return f"Marked as {names[0]}. Mark another group as B, or press 7 to compare it with all others."
        case _:
            return f"Marked as {' and '.join(names)}. Press 7 to compare them."


def drill(main_screen: ActionContext) -> None:
    """Into the customers of the row, or to the segments of its dimension."""
    dimension = main_screen.active.dimension() if isinstance(main_screen.active, CompareScreen) else None
    if dimension is None:
        drilling.into_segments(main_screen)
        return
    main_screen.last_dimension = (dimension,)
    main_screen.go(main_screen.wanted.at("explore", main_screen.location.query, (dimension,)))
