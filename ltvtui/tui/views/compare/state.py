"""What Compare shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final, Self

from ltvtui.analytics.drivers.drivers import Figure
from ltvtui.analytics.kernel.calendar import OF_MONTHS
from ltvtui.query.query import Filter
from ltvtui.session.comparison import Trail
from ltvtui.tui.location import Location, ViewState, choices, unsaved

DIFFERENCE: Final = "difference"
INDEX: Final = "index"
DRIVERS: Final = "drivers"
PERIODS: Final = "periods"
WHEN: Final = "when"
BOARDS: Final = (DIFFERENCE, INDEX, DRIVERS, PERIODS, WHEN)
"""In the order in which Tab goes through them."""


OF_TRAIL: Final = frozenset({DRIVERS, PERIODS})
"""Boards that are of the customers of the trail, and compare no groups."""
FIGURES: Final[tuple[Figure, ...]] = ("ltv", "repeat")
"""What the board of drivers is of."""
BEFORE: Final = "the period before"
YEAR_AGO: Final = "a year ago"
AGAINST: Final = (BEFORE, YEAR_AGO)
"""What a period is compared with."""


@dataclass(frozen=True)
class CompareState(ViewState):
    """Which board Compare shows."""

    board: str = field(default=DIFFERENCE, metadata=choices(BOARDS))
    """One of BOARDS."""
    marks: tuple[Trail, ...] = field(default=(), metadata=unsaved())
    """A, and B where there are two; none: the trail is A, all others are B."""
    figure: str = field(default="ltv", metadata=choices(FIGURES))
    """Of the board of drivers: one of FIGURES."""
    bucket: str = field(default="month", metadata=choices(OF_MONTHS))
    """Of the board of periods: one of calendar.OF_MONTHS."""
    back: int = field(default=0, metadata=unsaved())
    """How many periods the later one lies before the last complete one."""
    against: str = field(default=BEFORE, metadata=choices(AGAINST))
    """What the later period is compared with: one of AGAINST."""

    def within(self, dimensions: Collection[str | None]) -> Self:
        """Without marks where the shop has no such dimension."""
        filters = (step.dimension for trail in self.marks for step in trail if isinstance(step, Filter))
        return self if set(filters) <= set(dimensions) else replace(self, marks=())


def another_period(location: Location, step: int) -> Location:
    """An earlier or a later period; the one that is not complete yet is the last."""
    back = max(location.state(CompareState).back - step, -1)
    return location.changed(CompareState, back=back)
