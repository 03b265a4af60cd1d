"""What Matrix shows: its board, its measure, the days that are compared."""

from __future__ import annotations

from typing import Any

from ltvtui.query.query import Query
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.actions.terms import agree
from ltvtui.tui.dialogs.period import PeriodDialog
from ltvtui.tui.location import after
from ltvtui.tui.views.matrix.boards import board
from ltvtui.tui.views.matrix.compute import first_day
from ltvtui.tui.views.matrix.modes import has_shares
from ltvtui.tui.views.matrix.state import BOARDS, MIGRATION, MatrixState
from ltvtui.user_state.tier_history import tier_rule_key


def turn(main_screen: ActionContext, step: int) -> None:
    """The next board, or the one before."""
    state = main_screen.wanted.state(MatrixState)
    main_screen.go(main_screen.wanted.having(state.on(after(BOARDS, state.board, step))), way="stay")


def measure(main_screen: ActionContext, step: int) -> None:
    """What cells show next."""
    terms = main_screen.wanted.state(MatrixState)
    choices = board(terms.board).measures
    show(main_screen, measure=after(choices, terms.measure if terms.measure in choices else choices[0], step))


def shares(main_screen: ActionContext) -> None:
    """Figures, or shares."""
    terms = main_screen.wanted.state(MatrixState)
    if not has_shares(terms):
        main_screen.app.notify(f"{terms.measure} has no shares; m changes the metric.", markup=False)
        return
    show(main_screen, is_swapped=not terms.is_swapped)


def days(main_screen: ActionContext) -> None:
    """The two days that are compared."""
    location, dataset = main_screen.wanted, main_screen.dataset
    state = location.state(MatrixState)
    since = first_day(dataset, location.query, state)
    if not board(state.board).since:
        main_screen.app.notify("This board shows one day; life cycle and tier migration compare two.", markup=False)
        return

    def chosen(days: tuple[int | None, Query] | None) -> None:
        if days is not None:
            since, query = days
            show(main_screen, since=since)
            agree(main_screen, query)

    months = board(state.board).since
    rule = tier_rule_key(location.query, dataset.margin_mapped)
    recordings = main_screen.user_state.recorded(rule) if state.board == MIGRATION else ()
    dialog = PeriodDialog(location.query, since, dataset.as_of(location.query), dataset.first_day, months, recordings)
    main_screen.app.push_screen(dialog, chosen)


def show(main_screen: ActionContext, **changes: Any) -> None:
    """Matrix with other settings."""
    main_screen.go(main_screen.wanted.changed(MatrixState, **changes), way="stay")
