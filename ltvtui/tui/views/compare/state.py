"""What Compare shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final, Self

from ltvtui.query.query import Filter
from ltvtui.session.comparison import Trail
from ltvtui.tui.location import ViewState, choices, unsaved

DIFFERENCE: Final = "difference"
INDEX: Final = "index"
DRIVERS: Final = "drivers"
WHEN: Final = "when"
BOARDS: Final = (DIFFERENCE, INDEX, DRIVERS, WHEN)
"""In the order in which Tab goes through them."""


@dataclass(frozen=True)
class CompareState(ViewState):
    """Which board Compare shows."""

    board: str = field(default=DIFFERENCE, metadata=choices(BOARDS))
    """One of BOARDS."""
    marks: tuple[Trail, ...] = field(default=(), metadata=unsaved())
    """A, and B where there are two; none: the trail is A, all others are B."""

    def within(self, dimensions: Collection[str | None]) -> Self:
        """Without marks where the shop has no such dimension."""
        filters = (step.dimension for trail in self.marks for step in trail if isinstance(step, Filter))
        return self if set(filters) <= set(dimensions) else replace(self, marks=())
