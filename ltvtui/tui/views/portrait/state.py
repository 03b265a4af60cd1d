"""What Portrait shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ltvtui.tui.location import ViewState, choices

WHO: Final = "who"
WHEN: Final = "when"
TYPICAL: Final = "typical customers"
WHY: Final = "why"
BOARDS: Final = (WHO, WHEN, TYPICAL, WHY)
"""In the order in which Tab goes through them."""


@dataclass(frozen=True)
class PortraitState(ViewState):
    """Which part of the page Portrait shows."""

    board: str = field(default=WHO, metadata=choices(BOARDS))
    """One of BOARDS."""
