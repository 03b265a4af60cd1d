"""Help: the keys that work here, and what the words on screen mean. `/` searches both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import ClassVar, Final

from rich.console import Group
from rich.table import Table as Lines
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from ltvtui.present.plain import plain
from ltvtui.present.tables import Column
from ltvtui.tui.command import Command
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import MOVE_SHOWN, dialog_bindings
from ltvtui.tui.widgets.line import TextLine

Line = tuple[str, str, str]
"""A key or word, what it does or means, and other words by which it is found."""
HINT: Final = "/ search · ↑ ↓ scroll · Esc close"
NAMES: Final = 8
"""Cells of keys and words, at least."""
SEARCHING: Final = "⏎ keep · Esc all lines"


class HelpDialog(Dialog[None]):
    """One page that scrolls, a line for each key and each word; a text narrows it to the lines that have it."""

    DEFAULT_CSS = """
    HelpDialog > #box { width: 92; height: auto; }
    HelpDialog #find { dock: bottom; display: none; }
    HelpDialog #find.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("help")

    def __init__(
        self, commands: Sequence[Command], columns: Sequence[Column] = (), words: Mapping[str, str] | None = None
    ) -> None:
        """`words` of the screen, each with its definition."""
        super().__init__()
        self._sections = tuple(_sections(commands, columns, words or {}))

    def compose(self) -> ComposeResult:
        """Keys by group, then words, then columns."""
        with VerticalScroll(id="box") as box:
            box.border_title = "Help"
            box.border_subtitle = HINT
            yield Static(self._page(""), id="page", markup=False)
            yield TextLine(placeholder="search: part of a key, a command or a word", id="find")

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#box").focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by a line."""
        self.query_one("#box").scroll_relative(y=lines, animate=False)

    def action_search(self) -> None:
        """Open the line to search in."""
        line = self.query_one("#find", Input)
        line.add_class("-open")
        line.focus()
        self.query_one("#box").border_subtitle = SEARCHING

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only lines that have it all."""
        event.stop()
        self.query_one("#page", Static).update(self._page(event.value))
        self.query_one("#box").scroll_home(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Scroll in what was found."""
        event.stop()
        self.query_one("#box").focus()

    def action_leave(self) -> None:
        """All lines again; then close."""
        line = self.query_one("#find", Input)
        if not line.has_class("-open"):
            self.dismiss(None)
            return
        line.value = ""
        line.remove_class("-open")
        box = self.query_one("#box")
        box.border_subtitle = HINT
        box.focus()

    def _page(self, text: str) -> Group | Text:
        """The lines that have every word of `text`, under their headings, each with a hanging indent."""
        parts: list[Lines | Text] = []
        wanted = text.casefold().split()
        for heading, lines in self._sections:
            found = [line for line in lines if all(w in " ".join((heading, *line)).casefold() for w in wanted)]
            if not found:
                continue
            lined = Lines.grid(padding=(0, 1, 0, 0))
            lined.add_column(no_wrap=True, min_width=NAMES)
            lined.add_column(ratio=1)
            for name, meaning, _ in found:
                lined.add_row(Text(f" {name}", "bold"), Text(meaning))
            parts += [Text(heading, "bold underline"), lined]
        return Group(*parts) if parts else Text(f"No line has “{text}”.")


def _sections(
    commands: Sequence[Command], columns: Sequence[Column], words: Mapping[str, str]
) -> Iterator[tuple[str, list[Line]]]:
    for group, of_group in groupby(commands, key=lambda command: command.group):
        yield group, [(c.shown, c.help, f"{c.label} {' '.join(c.synonyms)}") for c in of_group]
    yield "Move", [(keys, does, "") for keys, does in MOVE_SHOWN.items()]
    if words:
        yield "Words", [(word, meaning, "") for word, meaning in words.items()]
    if definitions := [(plain(c.title).strip(), c.help, "") for c in columns if c.help and c.title]:
        yield "Columns", definitions
