"""What Plan shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final, Self

from ltvtui.query.query import Filter
from ltvtui.tui.location import ViewState, choices, unsaved
from ltvtui.user_state.notes import Note
from ltvtui.user_state.plans import MarketingPlan

GOAL: Final = "goal"
CRITERIA: Final = "criteria"
SEGMENTS: Final = "segments"
PROFILES: Final = "profiles"
MEASURES: Final = "measures"
CHANGES: Final = "changes"
BOARDS: Final = (GOAL, CRITERIA, "method", SEGMENTS, PROFILES, MEASURES, CHANGES)
"""In the order in which Tab goes through them."""


@dataclass(frozen=True)
class PlanState(ViewState):
    """Which board Plan shows, and of which plan."""

    board: str = field(default=GOAL, metadata=choices(BOARDS))
    """One of BOARDS."""
    draft: MarketingPlan | None = field(default=None, metadata=unsaved())
    """What was changed and not saved; None: nothing was."""
    saved: MarketingPlan | None = field(default=None, metadata=unsaved())
    """The plan of the shop; None: none was saved."""
    notes: tuple[tuple[str, Note], ...] = field(default=(), metadata=unsaved())
    """The analyst's notes, by Subject.key."""

    @property
    def plan(self) -> MarketingPlan:
        """The plan that is shown; what it leaves open is filled from the data."""
        return self.draft or self.saved or MarketingPlan()

    def within(self, dimensions: Collection[str | None]) -> Self:
        """Without a plan of segments by dimensions that the shop has not."""
        plan = self.plan
        used = {step.dimension for trail in plan.segments for step in trail if isinstance(step, Filter)} | {plan.by}
        return self if used - {None} <= set(dimensions) else replace(self, draft=MarketingPlan(goal=plan.goal))

    def with_saved(self, here: Self) -> Self:
        """The plan and the notes are the shop's."""
        return replace(self, draft=here.draft, saved=here.saved, notes=here.notes)
