"""One of several, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ltvtui.tui.dialogs.dialog import Dialog


class Options(OptionList):
    """A list in which typing a letter jumps to the next line that begins with it."""

    DEFAULT_CSS = """
    Options { height: auto; max-height: 18; border: none; padding: 0; background: $surface; }
    Options:focus { border: none; }
    """

    def on_key(self, event: Key) -> None:
        """Jump."""
        if event.character is None or not event.character.isalpha():
            return
        start = (self.highlighted or 0) + 1
        for index in [*range(start, self.option_count), *range(start)]:
            if (
                str(self.get_option_at_index(index).prompt)
                .lstrip(" 12")
                .casefold()
                .startswith(event.character.casefold())
            ):
                self.highlighted = index
                event.stop()
                return


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
