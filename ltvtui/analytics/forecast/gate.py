"""Whether a shop has told enough of itself for a forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ltvtui.analytics.forecast.observed import Observed
from ltvtui.errors import thousands

FEWEST_CUSTOMERS: Final = 500
SHORTEST_HISTORY: Final = 180
"""Days."""
FEWEST_REPEATS: Final = 100
"""Customers who came back on another day."""


@dataclass(frozen=True)
class Gate:
    """Whether a forecast can be made, and what is missing."""

    why: str = ""
    """Empty where it can."""

    @property
    def ok(self) -> bool:
        """True where a forecast can be made."""
        return not self.why


def gate(observed: Observed) -> Gate:
    """What `observed` customers allow."""
    seen = observed.customers
    lacks = [
        f"{thousands(there)} of {thousands(needed)} {what}"
        for there, needed, what in (
            (seen.height, FEWEST_CUSTOMERS, "customers"),
            (observed.history_days, SHORTEST_HISTORY, "days of history"),
            (int((seen["days"] > 1).sum()), FEWEST_REPEATS, "customers who ordered again on another day"),
        )
        if there < needed
    ]
    return Gate(f"Not enough data for a forecast: {', '.join(lacks)}." if lacks else "")
