"""What Customers shows."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.tui.location import ViewState


@dataclass(frozen=True)
class CustomersState(ViewState):
    """What stands beside customers."""

    forecast: bool | None = None
    """Whether their forecast does; None: where they are sorted or filtered by it."""
    columns: tuple[str, ...] = ()
    """Which columns of it, of present.forecast.columns.CHOICE; none: the usual ones."""
