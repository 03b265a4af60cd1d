"""The line in which rows are narrowed as the analyst types."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.widgets import Input

from ltvtui.tui.widgets.line import TextLine


class SearchBar(TextLine):
    """Hidden until it is opened; stays while it holds a text, so that narrowed rows are known as such."""

    DEFAULT_CSS = """
    SearchBar { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
    SearchBar:focus { border: none; background: $primary-muted; }
    SearchBar.-open { display: block; }
    """

    @dataclass
    class Typed(Message):
        """Other rows are wanted."""

        text: str

    @dataclass
    class Done(Message):
        """The text is kept; the analyst goes on in the table."""

    def __init__(self) -> None:
        super().__init__(placeholder="search: type part of a name, Enter keeps it, Esc clears it")

    @property
    def lines(self) -> int:
        """Lines it takes, laid out or not yet."""
        return int(self.has_class("-open"))

    def start(self, text: str) -> None:
        """Open for typing."""
        self.show(text)
        self.add_class("-open")
        self.focus()

    def close(self) -> None:
        """All rows again: nothing stands here, and the line goes."""
        with self.prevent(Input.Changed):
            self.value = ""
        self.remove_class("-open")

    def show(self, text: str) -> None:
        """Show what rows are narrowed by, unless it is being typed."""
        if not self.has_focus:
            with self.prevent(Input.Changed):
                self.value = text
            self.set_class(bool(text), "-open")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow with every key."""
        event.stop()
        if self.has_focus:
            self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep what was typed."""
        event.stop()
        self.set_class(bool(event.value), "-open")
        self.post_message(self.Done())
