"""Named fields, read together: the part of a dialog in which several values are typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from ltvtui.errors import LtvError
from ltvtui.tui.widgets.line import TextLine

Texts = dict[str, str]
HINT: Final = "Enter accept · Tab next field · empty: default · Esc close"


@dataclass(frozen=True)
class Field:
    """One line of a form."""

    name: str
    label: str
    value: str
    """What stands in it at first."""
    default: str
    """What an empty field means."""


class Form(Vertical):
    """One field under the other; an empty one gives the default back. Nothing changes before Enter."""

    @dataclass
    class Accepted(Message):
        """All fields can be read, and are to hold."""

        value: Any
        """What `read` gave."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        read: Callable[[Texts], Any],
        *below: Widget,
        on_preview: Callable[[Any], object] = lambda value: None,
        hint: str = HINT,
        no_text: Collection[str] = (),
    ) -> None:
        """`read` gives what the texts mean, by the names of the fields, or raises LtvError; `on_preview` hears of all
        that could be accepted. `below` stands under the fields, the `hint` at last; `no_text`: keys nobody types.
        """
        super().__init__(id="box")
        self._title = title
        self._fields = tuple(fields)
        self._read = read
        self._on_preview = on_preview
        self._below = below
        self._hint = hint
        self._no_text = no_text

    def compose(self) -> ComposeResult:
        """Fields under each other."""
        self.border_title = self._title
        for field in self._fields:
            with Horizontal(classes="field"):
                yield Label(field.label, markup=False)
                yield TextLine(
                    field.value,
                    placeholder=field.default,
                    id=field.name,
                    select_on_focus=True,
                    no_text=self._no_text,
                )
        yield from self._below
        yield Static("", classes="error", markup=False)
        yield Static(self._hint, classes="hint", markup=False)

    @property
    def texts(self) -> Texts:
        """What stands in the fields, by their names."""
        return {field.name: self.query_one(f"#{field.name}", Input).value.strip() for field in self._fields}

    def on_input_changed(self) -> None:
        """Tell of what is typed as soon as it can be read."""
        with suppress(LtvError):  # said when it is to be accepted
            self._on_preview(self._read(self.texts))

    def on_input_submitted(self) -> None:
        """Accept all fields, or say which cannot be."""
        try:
            value = self._read(self.texts)
        except LtvError as error:
            self.query_one(".error", Static).update(f"{error.what} {error.mend}")
            return
        self.post_message(self.Accepted(value))
