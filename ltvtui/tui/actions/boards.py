"""What Matrix shows: its board, its measure, the days that are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ltvtui.present.matrix import ADDS_UP
from ltvtui.query.query import Query
from ltvtui.remembered.tiers import judged_by
from ltvtui.tui.actions.terms import agree
from ltvtui.tui.boards.table import board
from ltvtui.tui.dialogs.period import PeriodDialog
from ltvtui.tui.place import BOARDS, MIGRATION, after
from ltvtui.tui.screens.desk import Desk
from ltvtui.tui.screens.matrix import first_day


def turn(desk: Desk, step: int) -> None:
    """The next board, or the one before."""
    wanted = desk.wanted
    desk.go(replace(wanted, matrix=wanted.matrix.on(after(BOARDS, wanted.matrix.board, step))), way="stay")


def measure(desk: Desk, step: int) -> None:
    """What cells show next."""
    terms = desk.wanted.matrix
    choices = board(terms.board).measures
    show(desk, measure=after(choices, terms.measure if terms.measure in choices else choices[0], step))


def shares(desk: Desk) -> None:
    """Figures, or shares."""
    terms = desk.wanted.matrix
    if terms.measure in board(terms.board).measures and terms.measure not in ADDS_UP:
        desk.app.notify(
            f"{terms.measure} does not add up, so it has no shares; m changes what cells show.", markup=False
        )
        return
    show(desk, turned=not terms.turned)


def days(desk: Desk) -> None:
    """The two days that are compared."""
    place, dataset = desk.wanted, desk.shop
    since = first_day(dataset, place.query, place.matrix)
    if not board(place.matrix.board).since:
        desk.app.notify("This board looks at one day; life cycle and tier migration compare two.", markup=False)
        return

    def chosen(days: tuple[int | None, Query] | None) -> None:
        if days is not None:
            since, query = days
            show(desk, since=since)
            agree(desk, query)

    months = board(place.matrix.board).since
    rule = judged_by(place.query, dataset.margin_mapped)
    recordings = desk.remembered.recorded(rule) if place.matrix.board == MIGRATION else ()
    dialog = PeriodDialog(place.query, since, dataset.as_of(place.query), dataset.first_day, months, recordings)
    desk.app.push_screen(dialog, chosen)


def show(desk: Desk, **changes: Any) -> None:
    """Matrix with other terms."""
    wanted = desk.wanted
    desk.go(replace(wanted, matrix=replace(wanted.matrix, **changes)), way="stay")
