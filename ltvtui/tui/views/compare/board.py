"""What a board of Compare shows, and where its rows lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ltvtui.present.charts import Chart
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.comparison import GroupNames
from ltvtui.present.numbers import symbol
from ltvtui.present.tables import Table
from ltvtui.query.query import Query, Step
from ltvtui.session.comparison import Trail
from ltvtui.session.dataset import Dataset
from ltvtui.session.largest_groups import Cost
from ltvtui.tui.views.compare.state import CompareState


@dataclass(frozen=True, eq=False)
class CompareQuestion:
    """Whom a board compares: the customers of `trail` with those of `others`."""

    dataset: Dataset
    query: Query
    """The settings, with `trail` as its trail."""
    names: GroupNames
    state: CompareState
    others: Trail | None = None
    """The steps that select B; None: all others."""
    above: Trail | None = ()
    """The steps of A that the location itself has not: a row stands for them too. None: the location is elsewhere."""
    costs: tuple[Cost, Cost] | None = None
    """What customers of A and B cost, where both are channels and spend is known."""

    @property
    def both(self) -> Query:
        """The settings, with the steps of both groups."""
        return replace(self.query, trail=(*self.trail, *(self.others or ())))

    @property
    def trail(self) -> Trail:
        """The steps that select A."""
        return self.query.trail

    @property
    def sign(self) -> str:
        """Of the currency."""
        return symbol(self.dataset.cleaned.currency)

    @property
    def gross(self) -> bool:
        """Whether LTV is before costs."""
        return self.dataset.gross(self.query)


@dataclass(frozen=True, eq=False)
class CompareBoard:
    """One board, answered."""

    table: Table
    headline: Clauses
    """The sentence over the board."""
    plots: tuple[Chart, ...] = ()
    plotted: tuple[Table, ...] = ()
    """Figures that stand in the charts alone."""
    caption: tuple[str, ...] = ()
    """What has to be known beside the figures."""
    steps: Sequence[tuple[Step, ...]] = ()
    """Filters of each row of the table, where rows are customers."""
    dimensions: Sequence[str] = ()
    """Dimension of each row, where rows are dimensions."""
    empty: str = ""
    """What stands in place of the table where it has no rows."""
    closed: str = ""
    """Why its rows lead nowhere; blank where they lead somewhere."""


BoardFunction = Callable[[CompareQuestion], CompareBoard]
