"""What workers and the store tell the app about the shop, as classes that bring nothing else along."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from textual.message import Message

from ltvtui.tui.requests import Changed, HistoryWanted, ReadingStopped, ViewWanted

if TYPE_CHECKING:
    import polars as pl

    from ltvtui.analytics.budget.manual_spend import ManualSpend
    from ltvtui.errors import LtvError
    from ltvtui.session.opened_dataset import OpenedDataset
    from ltvtui.tui.location import Location
    from ltvtui.user_state.state import Change, UserState
    from ltvtui.user_state.tier_history import TierChange


@dataclass
class RowsRead(Message):
    """The reading went on."""

    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        """Only the newest count matters."""
        return isinstance(message, RowsRead)


@dataclass
class StepBegun(Message):
    """A step of a reading whose rows are not counted."""

    doing: str
    number: int
    steps: int


@dataclass
class ShopOpened(Message):
    """The shop is read; its figures can be asked for."""

    opened: OpenedDataset
    user_state: dict[str, str]
    """Terms chosen on screen the last time, as text."""
    is_complete: bool
    """False: order ids, attributes and people are still being read."""


@dataclass
class ShopCompleted(Message):
    """What was still being read of an opened shop is there."""

    opened: OpenedDataset


@dataclass
class OpeningFailed(Message):
    """There is nothing to show, and why."""

    error: LtvError


@dataclass
class ShopStored(Message):
    """The shop is kept, or need not be."""

    opened: OpenedDataset


@dataclass
class ShopGrew(Message):
    """Somebody committed something, and this is the shop with it."""

    opened: OpenedDataset
    shown: threading.Event = field(default_factory=threading.Event)
    """Set when it is on screen: a newer one is not made before."""


@dataclass
class ShopLost(Message):
    """What is shown is of before, as long as nobody says otherwise, and why."""

    error: LtvError
    reason: str
    """The same in a few words."""


@dataclass
class ShopBack(Message):
    """It can be read again."""


@dataclass
class ShopChecked(Message):
    """Whether all rows that were known before have been read again since the last commit."""

    is_proven: bool


@dataclass
class NotSaved(Message):
    """A choice could not be remembered, and why."""

    error: LtvError


@dataclass
class OnlyRead(Message):
    """What is to be known of what is remembered: why it is not whole, or nothing is kept."""

    notice: str


@dataclass
class TypedRead(Message):
    """What was typed in about spend is read."""

    typed: ManualSpend
    before: ManualSpend
    """What was known of it when it was looked up."""


@dataclass
class Recalled(Message):
    """What is remembered of the shop is read, or was changed."""

    user_state: UserState


@dataclass
class ChangeWritten(Message):
    """A view or a note is kept, or taken away."""

    change: Change


@dataclass
class HistoryRead(Message):
    """Recorded tiers of one customer are read."""

    customer: str
    """The shop's own id."""
    changes: list[TierChange]
    """The newest first."""


@dataclass
class TiersTaken(Message):
    """What tiers the shop's customers are in on its latest day is known."""

    manner: str
    """session.open_dataset.manner_of."""
    query: str
    """user_state.tier_history.tier_rule_key."""
    state: pl.DataFrame
    """analytics.tiers.changes.STATE."""
    as_of: int


@dataclass
class ViewFound(Message):
    """Where a saved view leads in the shop that is read."""

    location: Location


@dataclass
class ViewLost(Message):
    """A saved view cannot be shown, and why."""

    name: str
    error: LtvError


READING: Final = (
    *(RowsRead, StepBegun, ShopOpened, ShopCompleted),
    *(OpeningFailed, ReadingStopped, ShopStored, TypedRead),
)
"""Messages that ShopReader takes."""
WATCHING: Final = (ShopGrew, ShopLost, ShopChecked, ShopBack)
"""Messages that LiveControl takes."""
USER_STATE_MESSAGES: Final = (
    *(Recalled, Changed, ChangeWritten, HistoryRead),
    *(HistoryWanted, ViewWanted, ViewFound, ViewLost, TiersTaken),
)
"""Messages that UserStateKeeper takes."""
