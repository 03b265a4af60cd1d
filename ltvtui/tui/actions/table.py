"""Which function carries out which command of the registry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from ltvtui.tui.actions import budget, cohorts, drilling, filtering, matrix, rows, terms, views_and_notes, watching
from ltvtui.tui.screens.main_screen import MainScreen

ACTIONS: Final[dict[str, Callable[[MainScreen], None]]] = {
    "overview": partial(drilling.switch, view="overview"),
    "explore": partial(drilling.switch, view="explore"),
    "cohorts": partial(drilling.switch, view="cohorts"),
    "matrix": partial(drilling.switch, view="matrix"),
    "budget": partial(drilling.switch, view="budget"),
    "quality": partial(drilling.switch, view="quality"),
    "drill": drilling.drill,
    "back": drilling.back,
    "people": drilling.people,
    "dimension": drilling.dimension,
    "tiers": terms.tiers,
    "terms": terms.terms,
    "rules": terms.rules,
    "earlier": partial(terms.step_month, step=-1),
    "later": partial(terms.step_month, step=1),
    "search": rows.narrow,
    "filter": filtering.filter,
    "sort": rows.sort,
    "reverse": rows.reverse,
    "copy": rows.copy,
    "intervals": rows.intervals,
    "ages": rows.ages,
    "plot": rows.plot,
    "big_plot": rows.big_plot,
    "metric": partial(rows.metric, step=1),
    "previous_metric": partial(rows.metric, step=-1),
    "bucket": rows.period,
    "relative": rows.shares,
    "board": partial(matrix.turn, step=1),
    "previous_board": partial(matrix.turn, step=-1),
    "mark": cohorts.mark,
    "what_if": budget.try_others,
    "as_agreed": budget.as_agreed,
    "agree": budget.keep,
    "spend": budget.spend,
    "join": budget.join,
    "views": views_and_notes.views,
    "note": views_and_notes.note,
    "note_trail": views_and_notes.note_on_trail,
    "help": rows.help,
    "count_from_now": watching.count_from_now,
    "feed": watching.feed,
}
"""By the command's id; those of the app itself (reading, palette, leaving) stand in app.py."""
