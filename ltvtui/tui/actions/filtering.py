"""Saying in one line who is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.filters.completing import Candidate, complete
from ltvtui.lens import Lens, Where
from ltvtui.tui.dialogs.filter import Chosen, FilterDialog, Kept
from ltvtui.tui.place import Place
from ltvtui.tui.screens.desk import Desk
from ltvtui.where import kept, shop_of, step_of

REMEMBERED: Final = 10
"""Expressions of the session that can be brought back."""


def filter(desk: Desk) -> None:
    """A step more on the trail, as an expression; where the last step is one, that is changed instead."""
    place = desk.place
    trail = place.lens.trail
    old = trail[-1] if trail and isinstance(trail[-1], Where) else None
    lens = place.lens.up() if old else place.lens

    def judge(text: str) -> Kept:
        book = desk.shop  # while the dialog stands more of the shop may come
        of = book.snapshot(lens).customers.height
        if not text.strip():
            return Kept(None, of, of)
        step = step_of(book, lens, text)
        return Kept(step, kept(book, lens & step), of)

    def suggest(text: str, cursor: int) -> tuple[Candidate, ...]:
        return complete(text, cursor, shop_of(desk.shop, lens))

    def under(lens: Lens) -> Place:
        """The place with that trail, as keys that are being answered may have changed it and its terms."""
        here = desk.wanted if desk.wanted.view == place.view else place
        return replace(here, lens=lens).under(desk.wanted.lens)

    def chosen(answer: Chosen | None) -> None:
        if answer is None:
            return
        if answer.step is None:
            if old:
                without, came = under(lens), desk.came_from
                back = came is not None and came.under(without.lens) == without
                desk.go(without, way="back" if back else "stay")
            return
        others = (text for text in desk.expressions if text != answer.text)
        desk.expressions = (answer.text, *others)[:REMEMBERED]
        if answer.step != old:
            desk.go(under(lens & answer.step), way="stay" if old else "on")

    desk.app.push_screen(FilterDialog(old.words() if old else "", judge, suggest, desk.expressions), chosen)
