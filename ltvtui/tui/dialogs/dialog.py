"""The frame that every dialog shares: a titled box, Esc leaves without a change."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen

from ltvtui.tui.commands import dialog_bindings

Result = TypeVar("Result")


class Dialog(ModalScreen[Result | None]):
    """A box in the middle of the screen; returns None when left."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > #box {
        width: 72; max-width: 96%; height: auto; max-height: 92%;
        border: round $primary; border-title-color: $text; background: $surface; padding: 0 1;
    }
    Dialog .hint { color: $text-muted; height: auto; }
    Dialog .error { color: $text-error; height: auto; }
    Dialog Input { border: none; height: 1; padding: 0; background: $panel; }
    Dialog Input:focus { border: none; background: $primary-muted; }
    Dialog .field { height: 1; }
    Dialog .field Label { width: 24; color: $text-muted; }
    Dialog .field Input { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("every")

    def action_leave(self) -> None:
        """Close without a change."""
        self.dismiss(None)
