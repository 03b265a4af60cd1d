"""Where the analyst stands: a view and a query. Frozen; a new place is made, never a changed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ltvtui.analytics.budget_terms import BudgetTerms
from ltvtui.query.query import Query


@dataclass(frozen=True)
class CohortTerms:
    """What the triangle of cohorts shows."""

    bucket: str = "month"
    """One of calendar.BUCKETS."""
    by: str | None = None
    """Dimension that makes the cohorts; None: the period of the first order."""
    metric: str = "retention"
    """A key of cohort_metrics.COHORT_METRICS."""
    relative: bool = False
    """Cells as shares of the cohort's first period."""

    def words(self) -> str:
        """What is on screen, for the trail."""
        return f"cohorts by {self.by or f'first {self.bucket}'}"


MIGRATION: Final = "tier migration"
BOARDS: Final = ("RFM", "ABC × XYZ", "life cycle", MIGRATION)
"""Boards of Matrix, in the order in which Tab goes through them."""


@dataclass(frozen=True)
class MatrixTerms:
    """Which board Matrix shows, and how."""

    board: str = BOARDS[0]
    """One of BOARDS."""
    measure: str = "customers"
    """A name of segment_metrics.MATRIX_METRICS."""
    turned: bool = False
    """Shares where the board begins with figures, figures where it begins with shares."""
    since: int | None = None
    """Day from which on moves are counted, since 1970-01-01; None: the board's own."""

    def on(self, board: str) -> MatrixTerms:
        """Another board, which begins with what it usually shows."""
        return replace(self, board=board, turned=False)

    def words(self) -> str:
        """What is on screen, for the trail."""
        return self.board


@dataclass(frozen=True)
class Show:
    """What of its figures a place shows."""

    intervals: bool | None = None
    """95 % intervals of LTV; None: where they cost little (INTERVALS_UP_TO)."""
    ages: bool = False
    """LTV at equal ages in place of its factors."""

    def with_intervals(self, customers: int) -> bool:
        """Whether intervals are shown of so many customers."""
        return customers <= INTERVALS_UP_TO if self.intervals is None else self.intervals


INTERVALS_UP_TO: Final = 300_000
"""Customers up to which an interval takes less than 100 ms."""


@dataclass(frozen=True)
class BudgetView:
    """What Budget shows: the terms that are tried, and those that are agreed on."""

    agreed: BudgetTerms = field(default_factory=BudgetTerms)
    """UserState for the shop; what they leave open is the query's."""
    tried: BudgetTerms = field(default_factory=BudgetTerms)
    """In force on Budget."""

    def words(self) -> str:
        """What is on screen, for the trail."""
        cuts = [name for name in (self.tried.dimension or "channel", self.tried.then) if name]
        return f"budget by {' × '.join(cuts)}"


@dataclass(frozen=True)
class Location:
    """One place on the main screen."""

    view: str
    """overview, explore, cohorts, matrix, budget, customers, customer or quality."""
    query: Query = field(default_factory=Query)
    by: tuple[str, ...] = ("tier",)
    """One dimension or two, of overview and explore."""
    customer: int | None = None
    """Customer code, of the card."""
    search: str = ""
    """Text that narrows the rows."""
    sort: tuple[str, bool] | None = None
    """Column and whether it falls; None: the table's own order."""

    cohorts: CohortTerms = field(default_factory=CohortTerms)
    """What the triangle shows, or showed last."""
    matrix: MatrixTerms = field(default_factory=MatrixTerms)
    """What Matrix shows, or showed last."""
    budget: BudgetView = field(default_factory=BudgetView)
    """What Budget shows, or showed last."""
    show: Show = field(default_factory=Show)
    """What of the figures is shown; it stays wherever one goes."""
    own_terms: bool = field(default=False, compare=False)
    """It brought its terms with it, as a saved view does: who goes back from it leaves them behind."""

    def under(self, query: Query) -> Location:
        """The same place and trail, under the terms of `query`."""
        return replace(self, query=replace(query, trail=self.query.trail))

    @property
    def question(self) -> Location:
        """The place without what its view does not show: places with one and the same answer are equal."""
        return replace(
            self,
            by=self.by if self.view == "explore" else (),
            cohorts=self.cohorts if self.view == "cohorts" else CohortTerms(),
            matrix=self.matrix if self.view == "matrix" else MatrixTerms(),
            budget=self.budget if self.view == "budget" else BudgetView(),
            show=Show() if self.view in ("budget", "quality") else self.show,
        )

    def words(self) -> str:
        """What the view itself adds to the trail."""
        by = " × ".join(self.by)
        words = {
            "explore": f"by {by}",
            "customers": "customers",
            "quality": "quality",
            "cohorts": self.cohorts.words(),
            "matrix": self.matrix.words(),
            "budget": self.budget.words(),
        }
        return words.get(self.view, "")


def after(choices: Sequence[str], now: str, step: int = 1) -> str:
    """The next of `choices`, or the one before; behind the last stands the first."""
    return choices[(choices.index(now) + step) % len(choices)]
