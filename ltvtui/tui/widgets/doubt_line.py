"""One line that says how many doubts there are about what was read, and leads to where they are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive

from ltvtui.analytics.doubts import Doubt
from ltvtui.present.doubts import doubts_in_short
from ltvtui.tui.keys import doubt_bindings
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget


class DoubtLine(FixedSizeWidget, can_focus=True):
    """The line, away where nothing is doubtful; Tab or ↑ reaches it."""

    DEFAULT_CSS = """
    DoubtLine { display: none; height: 1; width: 1fr; padding: 0 1; color: $text-warning; }
    DoubtLine.-any { display: block; }
    DoubtLine:focus { background: $primary-muted; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = doubt_bindings()

    short: reactive[str] = reactive("")

    class DoubtsOpened(Message):
        """Somebody wants to be told."""

    class Left(Message):
        """Somebody wants back to the table."""

    def show(self, doubts: Sequence[Doubt]) -> None:
        """Show these; nothing where there is none."""
        self.short = doubts_in_short(doubts)
        self.set_class(bool(doubts), "-any")

    def lines_in(self, room: Size) -> int:
        """Lines it takes."""
        return 1 if self.short else 0

    def render(self) -> Text:
        """As much of the doubts as there is room for, and always the key."""
        key = "Enter for Quality" if self.has_focus else "8 for Quality"
        room = self.content_size.width - cell_len(key) - 3
        short = self.short if cell_len(self.short) <= room else f"{self.short[: room - 1]}…"
        return Text(f"{short} · {key}", no_wrap=True, overflow="ellipsis", end="")

    def on_focus(self) -> None:
        """Another key now leads there."""
        self.refresh()

    def on_blur(self) -> None:
        """And another one again."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click does what Enter does."""
        event.stop()
        self.post_message(self.DoubtsOpened())

    def action_open(self) -> None:
        """Tell more."""
        self.post_message(self.DoubtsOpened())

    def action_leave(self) -> None:
        """Back to the table."""
        self.post_message(self.Left())
