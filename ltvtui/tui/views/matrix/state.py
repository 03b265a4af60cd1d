"""What Matrix shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ltvtui.analytics.segment_metrics import MATRIX_METRICS
from ltvtui.tui.location import ViewState, choices, days, saved_as

MIGRATION: Final = "tier migration"
BOARDS: Final = ("RFM", "ABC × XYZ", "life cycle", MIGRATION)
"""In the order in which Tab goes through them."""


@dataclass(frozen=True)
class MatrixState(ViewState):
    """Which board Matrix shows, and how."""

    board: str = field(default=BOARDS[0], metadata=choices(BOARDS))
    """One of BOARDS."""
    measure: str = field(default="customers", metadata=choices(MATRIX_METRICS))
    """A key of segment_metrics.MATRIX_METRICS."""
    is_swapped: bool = field(default=False, metadata=saved_as("turned"))
    """Shares where the board begins with figures, figures where it begins with shares."""
    since: int | None = field(default=None, metadata=days())
    """Day from which on moves are counted, since 1970-01-01; None: the board's own."""

    def on(self, board: str) -> MatrixState:
        """Another board, which begins with what it usually shows."""
        return replace(self, board=board, is_swapped=False)
