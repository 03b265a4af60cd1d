"""Keys of tables, lines and dialogs: what a key does in the widget that has the focus.

Keys of whole screens are commands (tui/commands.py).
"""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

REPAINT: Final = "ctrl+l"
"""Works over dialogs too, and before there is a screen of the shop."""
MOVES: Final[tuple[tuple[str, str, str], ...]] = (
    ("up,k", "move(-1, 0)", "Row up"),
    ("down,j", "move(1, 0)", "Row down"),
    ("left,h", "move(0, -1)", "Column left"),
    ("right,l", "move(0, 1)", "Column right"),
    ("pageup,ctrl+b", "page(-1)", "Page up"),
    ("pagedown,ctrl+f", "page(1)", "Page down"),
    ("shift+left", "pan(-1)", "Columns left"),
    ("shift+right", "pan(1)", "Columns right"),
    ("home", "edge(False)", "First row"),
    ("end", "edge(True)", "Last row"),
    ("enter", "choose", "Select the row"),
)
"""Keys of the large table: (keys, action, what it does)."""

MOVE_SHOWN: Final = {
    "← ↑ ↓ →": "Move by a cell; h j k l too.",
    "⇧← ⇧→": "Scroll the columns.",
    "PgUp PgDn": "Move by a page; ^b ^f too.",
    "Home End": "Go to the first or last row.",
}
"""The same as a person reads them: keys, and what they do."""

PARAMETER_KEYS: Final[tuple[tuple[str, str, str], ...]] = (
    ("left,h", "turn(-1)", "Less"),
    ("right,l", "turn(1)", "More"),
    ("tab,space", "choose(1)", "Next value"),
    ("shift+tab", "choose(-1)", "Previous value"),
    ("enter", "accept", "Accept the entry"),
    ("escape,up,down", "leave", "Back to the table"),
    ("backspace,delete", "reset", "Reset to saved"),
)
"""Keys of the what-if line: (keys, action, what it does)."""

DOUBTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("enter", "open", "Show the doubts"),
    ("down,j,escape", "leave", "Back to the table"),
)
"""Keys of the line of doubts: (keys, action, what it does)."""

SCROLLING: Final[tuple[tuple[str, str, str], ...]] = (
    ("down,j", "scroll(1)", "Scroll down"),
    ("up,k", "scroll(-1)", "Scroll up"),
)
"""Keys of sentences that scroll: (keys, action, what it does)."""

PARAMETER_KEYS_SHOWN: Final = "← → step · type a value, ⏎ · Tab next · ⌫ reset · Esc table"

DIALOGS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "every": (("escape", "leave", "Close without changes"),),
    "dimension": (("space", "mark", "Mark to cross two"),),
    "columns": (("enter", "accept", "Show the chosen columns"),),
    "export": (("up", "what(-1)", "Previous kind"), ("down", "what(1)", "Next kind")),
    "tiers": (("up", "kind(-1)", "Previous rule"), ("down", "kind(1)", "Next rule")),
    "terms": (
        ("left_square_bracket", "step(-1)", "A step back"),
        ("right_square_bracket", "step(1)", "A step on"),
        ("up", "app.focus_previous", "Previous field"),
        ("down", "app.focus_next", "Next field"),
    ),
    "filter": (
        ("up", "choose(-1)", "Previous suggestion"),
        ("down", "choose(1)", "Next suggestion"),
        ("tab", "accept", "Accept the suggestion"),
    ),
    "help": (
        ("slash", "search", "Search"),
        ("question_mark,q,enter", "leave", "Leave"),
        ("j", "scroll(1)", "Scroll down"),
        ("k", "scroll(-1)", "Scroll up"),
    ),
    "remarks": (
        ("exclamation_mark,q,enter", "leave", "Leave"),
        ("j", "scroll(1)", "Scroll down"),
        ("k", "scroll(-1)", "Scroll up"),
    ),
    "views": (
        ("up", "choose(-1)", "Previous view"),
        ("down", "choose(1)", "Next view"),
        ("delete", "remove", "Remove the view"),
    ),
    "note": (("ctrl+s", "save", "Save the note"),),
    "period": (
        ("up", "choose(-1)", "Previous recording"),
        ("down", "choose(1)", "Next recording"),
    ),
    "mapping": (
        ("ctrl+s", "accept", "Use and save the mapping"),
        ("escape", "leave", "Close without changes"),
        ("up", "app.focus_previous", "Previous field"),
        ("down", "app.focus_next", "Next field"),
    ),
}
"""Keys of each dialog: (keys, action, what it does)."""

_BEFORE_FIELDS: Final = frozenset({"columns", "dimension", "filter", "mapping", "note", "period", "terms", "views"})
"""Dialogs whose keys a field must not take."""


def move_bindings() -> list[BindingType]:
    """Bindings of the large table."""
    return _fixed("move", MOVES)


def parameter_bindings() -> list[BindingType]:
    """Bindings of the what-if line; they go before those of the screen."""
    return _fixed("what_if", PARAMETER_KEYS)


def doubt_bindings() -> list[BindingType]:
    """Bindings of the line of doubts; they go before those of the screen."""
    return _fixed("doubts", DOUBTS)


def scrolling_bindings() -> list[BindingType]:
    """Bindings of sentences that scroll."""
    return _fixed("telling", SCROLLING)


def dialog_bindings(name: str) -> list[BindingType]:
    """Bindings of a dialog; they go before those of the field in focus."""
    return _fixed(name, DIALOGS[name], priority=name in _BEFORE_FIELDS)


def _fixed(name: str, keys: tuple[tuple[str, str, str], ...], priority: bool = False) -> list[BindingType]:
    return [
        Binding(key, action, what, id=f"{name}.{what.lower().replace(' ', '_')}", show=False, priority=priority)
        for key, action, what in keys
    ]
