"""What Matrix shows: a board that cuts customers two ways."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.matrix.board import Shown
from ltvtui.tui.views.matrix.boards import board
from ltvtui.tui.views.matrix.state import MatrixState


@dataclass(frozen=True, eq=False, kw_only=True)
class MatrixAnswer(Answer):
    """What the screen shows."""

    shown: Shown


def matrix(dataset: Dataset, location: Location) -> MatrixAnswer:
    """The board, answered."""
    state = location.state(MatrixState)
    since = first_day(dataset, location.query, state)
    shown = board(state.board).ask(dataset, location.query, replace(state, since=since))
    if location.query.trail and dataset.snapshot(location.query).customers.is_empty():
        shown = _of_nobody(shown)
    return MatrixAnswer(tables=(shown.cells, shown.rows), headline=shown.headline, shown=shown)


def _of_nobody(shown: Shown) -> Shown:
    """A board without its rows of noughts."""
    cells = replace(shown.cells, frame=shown.cells.frame.clear())
    rows = replace(shown.rows, frame=shown.rows.frame.clear())
    return replace(shown, cells=cells, cell_steps=(), cell_words=(), rows=rows, row_steps=(), row_words=())


def first_day(dataset: Dataset, query: Query, state: MatrixState) -> int:
    """The day from which on a board counts moves: the one that was chosen, where it lies before the as-of day."""
    chosen = (
        state.since if state.since is not None and dataset.first_day <= state.since <= dataset.as_of(query) else None
    )
    return dataset.since(query, chosen, board(state.board).since)
