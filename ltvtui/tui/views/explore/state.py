"""What Explore shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from ltvtui.present.pivot import PIVOT_METRICS
from ltvtui.tui.location import ViewState, choices


@dataclass(frozen=True)
class ExploreState(ViewState):
    """How segments by two dimensions are shown."""

    crossed: bool = False
    """As a heat map, one dimension down and the other across; else as a list."""
    metric: str = field(default="ltv", metadata=choices(PIVOT_METRICS))
    """What the heat map shows: a key of PIVOT_METRICS."""
