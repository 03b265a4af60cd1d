"""With what the app begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ltvtui.storage.settings_file import Settings, load_settings

if TYPE_CHECKING:
    from ltvtui.tui.location import Location
    from ltvtui.user_state.state import SavedView


@dataclass(frozen=True)
class Start:
    """Where the app begins, and with what."""

    by: tuple[str, ...] = ("tier",)
    """Dimensions of the first table."""
    location: Location | None = None
    """Goes before `by`."""
    view: SavedView | None = None
    """Gone to as soon as the shop is read."""
    live: bool = False
    """Whether the shop is watched from then on."""
    tour: bool = False
    """Whether a tour is given."""
    settings: Settings = field(default_factory=load_settings)

    @property
    def in_tiers(self) -> bool:
        """Whether nothing on the way to the first figures is said in attributes."""
        return (self.by if self.location is None else self.location.by) == ("tier",)
