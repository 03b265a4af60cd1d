"""Several of the columns that there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings


class ColumnsDialog(Dialog[tuple[str, ...]]):
    """Space chooses or leaves out a column, Enter shows what is chosen; nothing chosen hides all."""

    DEFAULT_CSS = """
    ColumnsDialog SelectionList { height: auto; max-height: 18; border: none; padding: 0; background: $surface; }
    ColumnsDialog SelectionList:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("columns")

    def __init__(self, title: str, columns: Mapping[str, str], chosen: Collection[str]) -> None:
        """`columns` are what is returned, and how it is written; `chosen` of them are shown now."""
        super().__init__()
        self._title, self._columns, self._chosen = title, dict(columns), frozenset(chosen)

    def compose(self) -> ComposeResult:
        """A list and a hint."""
        with Vertical(id="box") as box:
            box.border_title = Text(self._title)
            yield SelectionList[str](
                *(Selection(Text(t), key, key in self._chosen) for key, t in self._columns.items())
            )
            yield Static("Space choose · Enter show · Esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.query_one(SelectionList).focus()

    def action_accept(self) -> None:
        """The chosen columns, in the order of the list."""
        chosen = set(self.query_one(SelectionList).selected)
        self.dismiss(tuple(key for key in self._columns if key in chosen))
