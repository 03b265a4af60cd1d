"""What Budget shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Self

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.tui.location import ViewState, saved_as, unsaved


@dataclass(frozen=True)
class BudgetState(ViewState):
    """The settings that are tried, and those that are saved for the shop."""

    saved: BudgetTerms = field(default_factory=BudgetTerms, metadata=unsaved())
    """Of the shop; what they leave open is the query's."""
    draft: BudgetTerms = field(default_factory=BudgetTerms, metadata=saved_as("tried"))
    """In force on Budget."""

    def within(self, dimensions: Collection[str | None]) -> Self:
        """What is saved where the shop has no such dimension."""
        return (
            self
            if {self.draft.dimension, self.draft.then} <= {None, *dimensions}
            else replace(self, draft=self.saved)
        )

    def settings(self) -> dict[str, str]:
        """Channel, target and payback limit."""
        return self.saved.short()

    def saved_values(self) -> tuple[object, ...]:
        """All of them, with names that the mapping joins to channels."""
        return (self.saved,)

    def with_saved(self, here: Self) -> Self:
        """What is saved is the shop's."""
        return replace(self, saved=here.saved)
