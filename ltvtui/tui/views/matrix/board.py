"""What a board of Matrix shows, and which customers each of its cells and rows stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ltvtui.present.cell_words import CellWords
from ltvtui.present.charts import Chart
from ltvtui.present.headline import Clauses
from ltvtui.present.matrix import MatrixTable
from ltvtui.present.tables import Column, Table
from ltvtui.query.query import Query, Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.views.matrix.state import MatrixState

Steps = tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Shown:
    """One board, answered. Steps of a cell or row are empty where nothing can be drilled into."""

    cells: MatrixTable
    cell_steps: Sequence[Sequence[Steps]]
    """By row and column of `cells`."""
    rows: Table
    row_steps: Sequence[Steps]
    """By row of `rows`."""
    headline: Clauses
    """The sentence over the board."""
    caption: tuple[str, ...]
    """The thresholds that make the board, and what has to be known beside it."""
    plot: Callable[[Column | None], Chart]
    """The rows as bars of one of their columns; None: of the one that tells most."""
    cell_words: CellWords = ()
    """What each cell says, in a sentence; none: nothing."""
    row_words: Sequence[str] = ()
    """The same of `rows`."""
    tallest: int | None = None
    """Lines that a row of `cells` may take; the board has the whole width, and the rows stand below. None: the two
    stand side by side where there is room."""


@dataclass(frozen=True)
class Board:
    """One of the boards."""

    ask: Callable[[Dataset, Query, MatrixState], Shown]
    measures: tuple[str, ...]
    """Of MATRIX_METRICS, those that its cells can show; the first stands for those they cannot."""
    since: int = 0
    """Months back from the as-of day to which it compares; 0: it does not."""
