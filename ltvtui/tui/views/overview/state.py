"""What Overview shows."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.tui.location import ViewState


@dataclass(frozen=True)
class OverviewState(ViewState):
    """Whether the newest orders stand below the tiers."""

    newest: bool = False
