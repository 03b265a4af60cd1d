"""What screens ask the app to do, to remember or to look up; how is the app's affair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from ltvtui.analytics.budget.manual_spend import ManualSpend
    from ltvtui.user_state.state import Change, SavedView


@dataclass
class Changed(Message):
    """A view was saved or removed, or something was noted: it is to be kept."""

    change: Change


@dataclass
class ViewWanted(Message):
    """The analyst wants to stand where a saved view says."""

    view: SavedView


@dataclass
class HistoryWanted(Message):
    """Recorded tiers under the rule in force are shown: they are to be looked up."""

    customer: str | None = None
    """Whose, by the shop's own id; None: how many changed, in all."""


@dataclass
class ReadingStopped(Message):
    """Esc was pressed while rows were read."""


@dataclass
class SettingsChanged(Message):
    """The analyst agreed on other settings."""

    settings: dict[str, str]
    """All that differ from the defaults, as text."""


@dataclass
class SpendTyped(Message):
    """The analyst typed in what was spent, or what a name in it means."""

    before: ManualSpend
    after: ManualSpend
