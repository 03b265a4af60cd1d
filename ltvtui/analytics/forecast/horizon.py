"""How far a forecast looks ahead: months outside the model, weeks inside it, nowhere both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DAYS_A_WEEK: Final = 7
DAYS_A_MONTH: Final = 30.4375


@dataclass(frozen=True)
class Horizon:
    """The time that follows a day."""

    days: float
    """More than 0."""

    @classmethod
    def of_months(cls, months: float) -> Horizon:
        """So many months of 30.4375 days."""
        return cls(months * DAYS_A_MONTH)

    @property
    def weeks(self) -> float:
        """The same as the model counts time."""
        return self.days / DAYS_A_WEEK

    @property
    def whole_days(self) -> int:
        """The same in whole days, at least 1: what happened is counted by day."""
        return max(round(self.days), 1)

    @property
    def whole(self) -> Horizon:
        """The nearest one of whole days: what is held against what happened."""
        return Horizon(self.whole_days)
