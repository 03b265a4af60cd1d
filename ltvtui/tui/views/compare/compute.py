"""What Compare shows: a board, or why nobody is left to compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.present.headline.comparison import GroupNames
from ltvtui.query.query import Filter, Query
from ltvtui.session.comparison import sides_between, words_of
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.compare.board import BoardFunction, CompareBoard, CompareQuestion
from ltvtui.tui.views.compare.boards import difference, drivers, index, when
from ltvtui.tui.views.compare.state import BOARDS, DRIVERS, CompareState

BEST: Final = (Filter("tier", "VIP"),)
"""Who is compared with the others where the trail selects nobody."""
_BOARDS: Final[Mapping[str, BoardFunction]] = dict(zip(BOARDS, (difference, index, drivers, when), strict=True))


@dataclass(frozen=True, eq=False, kw_only=True)
class CompareAnswer(Answer):
    """What the screen shows."""

    names: GroupNames
    shown: CompareBoard | None
    """None where there is nobody to compare with."""
    why: str = ""
    """Why there is nobody, and what to do."""


def compare(dataset: Dataset, location: Location) -> CompareAnswer:
    """The board: of the customers of the trail against all others, at the top of VIP."""
    board, query = location.state(CompareState).board, compared(location.query)
    asked = location.query if board == DRIVERS else query
    names = GroupNames(words_of(asked.trail), words_of(None))
    try:
        if board != DRIVERS:
            sides_between(dataset, query.whole(), query.trail)
        shown = _BOARDS[board](CompareQuestion(dataset, asked, names, () if location.query.trail else asked.trail))
    except LtvError as error:
        return CompareAnswer(names=names, shown=None, why=f"{error.what} {error.mend}")
    return CompareAnswer(tables=(shown.table,), headline=shown.headline, names=names, shown=shown)


def compared(query: Query) -> Query:
    """`query` with a trail that selects A."""
    return query if query.trail else replace(query, trail=BEST)
