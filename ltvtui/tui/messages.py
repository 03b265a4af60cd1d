"""What widgets tell the screen: facts in the past tense, with the data they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from ltvtui.tui.location import Location


@dataclass
class RowChosen(Message):
    """Enter or a click on the row that the cursor already stood on."""

    row: int
    column: str


@dataclass
class HeadingChosen(Message):
    """A click on the heading of a column, on which the cursor now stands."""

    column: str


@dataclass
class EdgePassed(Message):
    """A key would have moved the grid's cursor beyond the first or last row or column."""

    rows: int
    """-1 above the first, 1 below the last, else 0."""
    columns: int
    """-1 left of the first, 1 right of the last, else 0."""


class KeysFreed(Message):
    """What keys had to wait for is there."""


@dataclass
class CursorMoved(Message):
    """The grid's cursor stands on another cell."""

    row: int
    column: str

    def can_replace(self, message: Message) -> bool:
        """Only where the cursor ends up matters."""
        return isinstance(message, CursorMoved)


@dataclass
class CommandWanted(Message):
    """A command is to be run, as its key would."""

    id: str


@dataclass
class LocationWanted(Message):
    """Something else is to be shown."""

    change: Callable[[Location], Location]
    """What becomes of the location that is wanted. Raises LtvError where that cannot be."""
