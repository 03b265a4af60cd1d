"""What Matrix shows: its board, its measure, the days that are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ltvtui.analytics.segment_metrics import MATRIX_METRICS
from ltvtui.query.query import Query
from ltvtui.tui.actions.terms import agree
from ltvtui.tui.dialogs.period import PeriodDialog
from ltvtui.tui.location import BOARDS, MIGRATION, after
from ltvtui.tui.matrix_views.table import board
from ltvtui.tui.screens.main_screen import MainScreen
from ltvtui.tui.screens.matrix import first_day
from ltvtui.user_state.tier_history import judged_by


def turn(main_screen: MainScreen, step: int) -> None:
    """The next board, or the one before."""
    wanted = main_screen.wanted
    main_screen.go(replace(wanted, matrix=wanted.matrix.on(after(BOARDS, wanted.matrix.board, step))), way="stay")


def measure(main_screen: MainScreen, step: int) -> None:
    """What cells show next."""
    terms = main_screen.wanted.matrix
    choices = board(terms.board).measures
    show(main_screen, measure=after(choices, terms.measure if terms.measure in choices else choices[0], step))


def shares(main_screen: MainScreen) -> None:
    """Figures, or shares."""
    terms = main_screen.wanted.matrix
    if terms.measure in board(terms.board).measures and not MATRIX_METRICS[terms.measure].adds_up:
        main_screen.app.notify(f"{terms.measure} has no shares; m changes the metric.", markup=False)
        return
    show(main_screen, turned=not terms.turned)


def days(main_screen: MainScreen) -> None:
    """The two days that are compared."""
    location, dataset = main_screen.wanted, main_screen.shop
    since = first_day(dataset, location.query, location.matrix)
    if not board(location.matrix.board).since:
        main_screen.app.notify("This board shows one day; life cycle and tier migration compare two.", markup=False)
        return

    def chosen(days: tuple[int | None, Query] | None) -> None:
        if days is not None:
            since, query = days
            show(main_screen, since=since)
            agree(main_screen, query)

    months = board(location.matrix.board).since
    rule = judged_by(location.query, dataset.margin_mapped)
    recordings = main_screen.user_state.recorded(rule) if location.matrix.board == MIGRATION else ()
    dialog = PeriodDialog(location.query, since, dataset.as_of(location.query), dataset.first_day, months, recordings)
    main_screen.app.push_screen(dialog, chosen)


def show(main_screen: MainScreen, **changes: Any) -> None:
    """Matrix with other terms."""
    wanted = main_screen.wanted
    main_screen.go(replace(wanted, matrix=replace(wanted.matrix, **changes)), way="stay")
