"""What Compare shows: a board, or why nobody is left to compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.errors import LtvError
from ltvtui.present.headline.comparison import GroupNames
from ltvtui.present.headline.overview import NOBODY
from ltvtui.query.query import Filter
from ltvtui.session.comparison import Trail, sides_between, words_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.largest_groups import costs_between, largest_groups
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.compare.board import BoardFunction, CompareBoard, CompareQuestion
from ltvtui.tui.views.compare.boards import difference, drivers, index, when
from ltvtui.tui.views.compare.periods import periods
from ltvtui.tui.views.compare.state import BOARDS, DIFFERENCE, OF_TRAIL, CompareState

BEST: Final = (Filter("tier", "VIP"),)
"""Who is compared with the others where the trail selects nobody and no groups differ."""
UP: Final = "No customers in this selection: Esc goes back up."
MARKING: Final = "On 1, 2 or 4 the key a marks a row as A, the next one as B; f filters."
"""How to choose others, where there is nobody to compare with."""
_BOARDS: Final[Mapping[str, BoardFunction]] = dict(
    zip(BOARDS, (difference, index, drivers, periods, when), strict=True)
)


@dataclass(frozen=True, eq=False, kw_only=True)
class CompareAnswer(Answer):
    """What the screen shows."""

    names: GroupNames
    shown: CompareBoard | None
    """None where there is nobody to compare with."""
    mend: str = ""
    """What to do where there is nobody; why is the headline."""


def compare(dataset: Dataset, location: Location) -> CompareAnswer:
    """The board: of both marked groups, else of the trail, at the top of VIP, against all others."""
    state, trail = location.state(CompareState), location.query.trail
    a, b = groups_of(dataset, location)
    names = GroupNames(words_of(trail if state.board in OF_TRAIL else a), words_of(b))
    asked = location.query if state.board in OF_TRAIL else replace(location.query, trail=a)
    if dataset.snapshot(location.query).customers.is_empty():
        return CompareAnswer(headline=NOBODY, names=names, shown=None, mend=UP)
    above = a[len(trail) :] if a[: len(trail)] == trail else None
    try:
        if state.board not in OF_TRAIL:
            sides_between(dataset, asked.whole(), a, b)
        terms = location.saved_value(BudgetTerms)
        costs = costs_between(dataset, location.query, a, b, terms) if state.board == DIFFERENCE else None
        shown = _BOARDS[state.board](CompareQuestion(dataset, asked, names, state, b, above, costs))
    except LtvError as error:
        headline = (error.what.removesuffix("."),)
        return CompareAnswer(headline=headline, names=names, shown=None, mend=f"{error.mend} {MARKING}")
    return CompareAnswer(tables=(shown.table, *shown.plotted), headline=shown.headline, names=names, shown=shown)


def groups_of(dataset: Dataset, location: Location) -> tuple[Trail, Trail | None]:
    """The steps that select A and B; None: B is all others. Of the whole shop, where nobody is marked: its largest
    groups, else its best customers and all others."""
    marks, trail = location.state(CompareState).marks, location.query.trail
    if marks:
        return marks[0], marks[1] if len(marks) > 1 else None
    if trail:
        return trail, None
    largest = largest_groups(dataset, location.query)
    return (BEST, None) if largest is None else ((largest[0],), (largest[1],))
