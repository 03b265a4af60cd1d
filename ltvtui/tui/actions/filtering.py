"""Saying in one line who is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.query.grammar.completing import Completion, complete
from ltvtui.query.query import Query, Where
from ltvtui.session.apply_filters import count_matching, shop_of, step_of
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.dialogs.filter import ChosenFilter, FilterDialog, FilterOutcome
from ltvtui.tui.location import Location

MOST_EXPRESSIONS: Final = 10
"""Expressions of the session that can be brought back."""


def filter(main_screen: ActionContext) -> None:
    """A step more on the trail, as an expression; where the last step is one, that is changed instead."""
    location = main_screen.location
    trail = location.query.trail
    old = trail[-1] if trail and isinstance(trail[-1], Where) else None
    query = location.query.up() if old else location.query

    def check(text: str) -> FilterOutcome:
        dataset = main_screen.dataset  # while the dialog stands more of the shop may come
        of = dataset.snapshot(query).customers.height
        if not text.strip():
            return FilterOutcome(None, of, of)
        step = step_of(dataset, query, text)
        return FilterOutcome(step, count_matching(dataset, query & step), of)

    def suggest(text: str, cursor: int) -> tuple[Completion, ...]:
        return complete(text, cursor, shop_of(main_screen.dataset, query))

    def under(query: Query) -> Location:
        """The location with that trail, as keys that are being answered may have changed it and its terms."""
        here = main_screen.wanted if main_screen.wanted.view == location.view else location
        return replace(here, query=query).under(main_screen.wanted.query)

    def chosen(answer: ChosenFilter | None) -> None:
        if answer is None:
            return
        if answer.step is None:
            if old:
                without, previous = under(query), main_screen.navigator.previous_location
                back = previous is not None and previous.under(without.query) == without
                main_screen.go(without, way="back" if back else "stay")
            return
        others = (text for text in main_screen.expressions if text != answer.text)
        main_screen.expressions = (answer.text, *others)[:MOST_EXPRESSIONS]
        if answer.step != old:
            main_screen.go(under(query & answer.step), way="stay" if old else "on")

    main_screen.app.push_screen(
        FilterDialog(old.describe() if old else "", check, suggest, main_screen.expressions), chosen
    )
