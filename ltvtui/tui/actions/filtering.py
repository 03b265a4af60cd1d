"""Saying in one line who is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.query.grammar.completing import Candidate, complete
from ltvtui.query.query import Query, Where
from ltvtui.session.apply_filters import kept, shop_of, step_of
from ltvtui.tui.dialogs.filter import Chosen, FilterDialog, Kept
from ltvtui.tui.place import Place
from ltvtui.tui.screens.desk import Desk

REMEMBERED: Final = 10
"""Expressions of the session that can be brought back."""


def filter(desk: Desk) -> None:
    """A step more on the trail, as an expression; where the last step is one, that is changed instead."""
    place = desk.place
    trail = place.query.trail
    old = trail[-1] if trail and isinstance(trail[-1], Where) else None
    query = place.query.up() if old else place.query

    def judge(text: str) -> Kept:
        dataset = desk.shop  # while the dialog stands more of the shop may come
        of = dataset.snapshot(query).customers.height
        if not text.strip():
            return Kept(None, of, of)
        step = step_of(dataset, query, text)
        return Kept(step, kept(dataset, query & step), of)

    def suggest(text: str, cursor: int) -> tuple[Candidate, ...]:
        return complete(text, cursor, shop_of(desk.shop, query))

    def under(query: Query) -> Place:
        """The place with that trail, as keys that are being answered may have changed it and its terms."""
        here = desk.wanted if desk.wanted.view == place.view else place
        return replace(here, query=query).under(desk.wanted.query)

    def chosen(answer: Chosen | None) -> None:
        if answer is None:
            return
        if answer.step is None:
            if old:
                without, came = under(query), desk.came_from
                back = came is not None and came.under(without.query) == without
                desk.go(without, way="back" if back else "stay")
            return
        others = (text for text in desk.expressions if text != answer.text)
        desk.expressions = (answer.text, *others)[:REMEMBERED]
        if answer.step != old:
            desk.go(under(query & answer.step), way="stay" if old else "on")

    desk.app.push_screen(FilterDialog(old.words() if old else "", judge, suggest, desk.expressions), chosen)
