"""What Compare shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ltvtui.tui.location import ViewState, choices

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
