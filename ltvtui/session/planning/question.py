"""What a plan is asked of: a shop, its settings, the plan as far as it is made, and what was noted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.budget.spend import channel_dimension
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.query import Query
from ltvtui.session.budget import budget_of, spend_of
from ltvtui.session.dataset import Dataset
from ltvtui.user_state.notes import Notebook
from ltvtui.user_state.plans import MarketingPlan, Trail

NO_SPEND = "No spend is known: name its table or file with --spend, or press 5 and e on screen to enter it."
NOT_SPLIT = "Spend is known of the whole shop and of channels, not of these customers."


@dataclass(frozen=True, eq=False)
class PlanQuestion:
    """What a plan is asked of."""

    dataset: Dataset
    query: Query
    """Its customers are those the plan is about; all of the shop where it has no trail."""
    budget: BudgetTerms = field(default_factory=BudgetTerms)
    plan: MarketingPlan = field(default_factory=MarketingPlan)
    notebook: Notebook = field(default_factory=Notebook)

    @property
    def as_of(self) -> int:
        """The day that is looked at."""
        return self.dataset.as_of(self.query)

    @property
    def snapshot(self) -> Snapshot:
        """The customers that the plan is about."""
        return self.dataset.snapshot(self.query)

    @property
    def channel(self) -> str | None:
        """The dimension of channels, where spend is known by it."""
        spend = self.dataset.spending
        if spend is None or not spend.rows["channel"].count():
            return None
        return self.budget.dimension or channel_dimension(self.dataset.people, spend)

    def on(self, day: int) -> Query:
        """The same settings on another day."""
        return replace(self.query, as_of=day)

    def within(self, trail: Trail) -> Query:
        """The same settings, narrowed to a segment."""
        return replace(self.query, trail=(*self.query.trail, *trail))

    def why_no_budget(self) -> str:
        """Why there is no budget of these customers; blank where there is one."""
        spend = self.dataset.spending
        if spend is None or spend.rows.is_empty():
            return NO_SPEND
        return NOT_SPLIT if spend_of(self.dataset, self.query, self.budget) is None else ""

    def budget_on(self, query: Query, **terms: object) -> Budget:
        """The budget of the customers of `query`, under the shop's settings with others in their place."""
        own = replace(self.budget, **{"then": None, "until": None, **terms})  # type: ignore[arg-type]
        return budget_of(self.dataset, query, own, spend_of(self.dataset, query, own))
