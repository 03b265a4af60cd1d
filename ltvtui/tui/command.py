"""A command: something that a key does on the main screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Group = Literal["Screens", "Ask", "Keep", "Show", "App"]
"""Under which heading of help a command stands, in this order."""


@dataclass(frozen=True)
class Command:
    """Something that a key does."""

    id: str
    """Stable name, for rebinding in the configuration file."""
    keys: str
    """Textual's key names, separated by commas."""
    shown: str
    """How the keys are written on screen."""
    label: str
    """One or two words, for the footer."""
    help: str
    """One sentence that fits on a line, for help, palette and README."""
    group: Group
    scope: Literal["always", "loaded", "view"] = "view"
    """always: while a shop is being read too; loaded: in every view; view: in those that say how."""
    run: Callable[[Any], object] | None = None
    """What it does: an Action (tui/action_context.py); None: what the view says, or the app. Its type is not named
    here, since widgets show commands and know nothing of what actions ask."""
    why_not: str = ""
    """What is said when the key is pressed where it does not work; blank: nothing."""
    footer: int = 0
    """How important it is in the footer, where it works: what is more so stands first, and is there in a narrow
    terminal too. 0: it is not there."""
    synonyms: tuple[str, ...] = ()
    """Other words by which somebody may look for it in the palette."""
    on_rows: bool = False
    """Is about the row or cell under the cursor: pressed ahead, it means the rows that are yet to come."""
