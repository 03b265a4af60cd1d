"""Sentences that may be longer than their room: arrows scroll them, and go on to the tables at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from ltvtui.tui.keys import scrolling_bindings


class ScrollingText(VerticalScroll):
    """Away where there is nothing to tell."""

    DEFAULT_CSS = """
    ScrollingText { height: auto; display: none; padding: 0 1; }
    ScrollingText.-any { display: block; }
    ScrollingText:focus { background: $surface; }
    ScrollingText Static { color: $text-warning; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = scrolling_bindings()

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static("", markup=False)

    def show(self, sentences: Sequence[str]) -> None:
        """Show these, a line each at least."""
        self.query_one(Static).update("\n".join(sentences))
        self.set_class(bool(sentences), "-any")

    def action_scroll(self, lines: int) -> None:
        """Scroll by a line; behind the last one the tables begin."""
        if lines > 0 and self.scroll_offset.y >= self.max_scroll_y:
            self.screen.focus_next()
        else:
            self.scroll_relative(y=lines, animate=False)
