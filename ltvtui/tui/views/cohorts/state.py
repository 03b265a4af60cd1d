"""What Cohorts shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Self

from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.tui.location import ViewState, choices


@dataclass(frozen=True)
class CohortsState(ViewState):
    """What the triangle of cohorts shows."""

    bucket: str = field(default="month", metadata=choices(BUCKETS))
    """One of calendar.BUCKETS."""
    by: str | None = None
    """Dimension that makes the cohorts; None: the period of the first order."""
    metric: str = field(default="retention", metadata=choices(COHORT_METRICS))
    """A key of cohort_metrics.COHORT_METRICS."""
    relative: bool = False
    """Cells as shares of the cohort's first period."""

    def within(self, dimensions: Collection[str | None]) -> Self:
        """By the first order where the shop has no such dimension."""
        return self if self.by is None or self.by in dimensions else replace(self, by=None)
