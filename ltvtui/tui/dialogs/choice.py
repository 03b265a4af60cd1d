"""One of several, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Final

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ltvtui.tui.dialogs.dialog import Dialog

PAUSE: Final = 1.0
"""Seconds after which what is typed begins anew."""


class Options(OptionList):
    """A list in which typing jumps to the next line that begins with it, or that has such a word."""

    DEFAULT_CSS = """
    Options { height: auto; max-height: 18; border: none; padding: 0; background: $surface; }
    Options:focus { border: none; }
    """

    _typed: str = ""
    _typed_at: float = 0.0

    def on_key(self, event: Key) -> None:
        """Letters one after the other are one word; the same letter again goes on to the next line."""
        if event.character is None or not event.character.isalpha():
            self._typed = ""
            return
        event.stop()
        now, letter = monotonic(), event.character.casefold()
        before = self._typed if now - self._typed_at < PAUSE else ""
        self._typed_at, self._typed = now, "" if before == letter else before
        self._typed += letter
        found = self._next_line(beyond=len(self._typed) == 1)
        if found is None:
            self.app.notify(f"No line begins with “{self._typed}”.")
            self._typed = ""
        else:
            self.highlighted = found

    def begin_word(self) -> None:
        """What is typed next is another word."""
        self._typed = ""

    def _next_line(self, beyond: bool) -> int | None:
        """The next line that begins with what is typed, else the next that has a word that does; from the one under
        the cursor on, or from `beyond` it."""
        start = (self.highlighted or 0) + beyond
        lines = [
            (index, str(self.get_option_at_index(index).prompt).lstrip(" 12").casefold())
            for index in [*range(start, self.option_count), *range(min(start, self.option_count))]
        ]
        begun = [index for index, line in lines if line.startswith(self._typed)]
        within = [index for index, line in lines if f" {self._typed}" in line]
        return next(iter((*begun, *within)), None)


class ChoiceDialog(Dialog[str]):
    """Enter takes the line under the cursor."""

    def __init__(self, title: str, choices: Mapping[str, str], current: str | None = None) -> None:
        """`choices` are what is returned, and how it is written; `current` has the cursor at first."""
        super().__init__()
        self._title = title
        self._choices = dict(choices)
        self._start = list(self._choices).index(current) if current in self._choices else 0

    def compose(self) -> ComposeResult:
        """A list and a hint."""
        with Vertical(id="box") as box:
            box.border_title = Text(self._title)
            yield Options(*(Option(Text(text)) for text in self._choices.values()), markup=False)
            yield Static("Enter select · Esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start on what is taken now."""
        options = self.query_one(Options)
        options.highlighted = self._start
        options.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the line."""
        self.dismiss(list(self._choices)[event.option_index])
