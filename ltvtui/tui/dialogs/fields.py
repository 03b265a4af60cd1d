"""A dialog of named fields, read together."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from ltvtui.errors import LtvError
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.widgets.line import TextLine

Read = TypeVar("Read")


@dataclass(frozen=True)
class Field:
    """One line of the dialog."""

    name: str
    label: str
    value: str
    """What stands in it at first."""
    default: str
    """What an empty field means."""


class FieldsDialog(Dialog[Read], Generic[Read]):
    """One field under the other; an empty one gives the default back. Nothing changes before Enter, but `tried` is
    told of all that could be accepted."""

    def __init__(self, title: str, fields: tuple[Field, ...]) -> None:
        super().__init__()
        self._title = title
        self._fields = fields

    @abstractmethod
    def read(self, texts: dict[str, str]) -> Read:
        """What the fields say, by name. Raises LtvError where they cannot be."""

    def tried(self, read: Read) -> None:
        """This could be accepted."""

    def compose(self) -> ComposeResult:
        """Fields under each other."""
        with Vertical(id="box") as box:
            box.border_title = self._title
            for field in self._fields:
                with Horizontal(classes="field"):
                    yield Label(field.label, markup=False)
                    yield TextLine(field.value, placeholder=field.default, id=field.name, select_on_focus=True)
            yield from self.compose_more()
            yield Static("", classes="error", markup=False)
            yield Static("Enter accept · Tab next field · empty: default · Esc close", classes="hint", markup=False)

    def compose_more(self) -> ComposeResult:
        """What stands below the fields."""
        yield from ()

    def on_input_changed(self) -> None:
        """Tell of what is typed as soon as it can be."""
        with suppress(LtvError):  # said when it is to be accepted
            self.tried(self.read(self._texts))

    def on_input_submitted(self) -> None:
        """Accept all fields, or say which cannot be."""
        try:
            read = self.read(self._texts)
        except LtvError as error:
            self.query_one(".error", Static).update(f"{error.what} {error.mend}")
            return
        self.dismiss(read)

    @property
    def _texts(self) -> dict[str, str]:
        return {field.name: self.query_one(f"#{field.name}", Input).value.strip() for field in self._fields}
