"""Help: the keys that work here, and what the words on screen mean. `/` searches both."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar, Final, NamedTuple

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


class HelpLine(NamedTuple):
    """A key or word, what it does or means, and other words by which it is found."""

    name: str
    meaning: str
    synonyms: str = ""
    is_idle: bool = False
    """Whether the key means nothing at this moment."""


HERE, EVERYWHERE = "Keys here", "Keys on every screen"
ON_THE_WAY: Final = frozenset({"up", "back"})
"""Keys of every screen that stand among those of the screen: by them one leaves it."""
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
        self,
        commands: Sequence[Command],
        columns: Sequence[Column] = (),
        words: Mapping[str, str] | None = None,
        *,
        of: str = "",
        idle: Collection[str] = (),
    ) -> None:
        """`words` of the screen called `of`, each with its definition; `idle`: ids of commands that mean nothing
        there at this moment."""
        super().__init__()
        self._of = of
        self._sections = tuple(_sections(commands, columns, words or {}, idle))

    def compose(self) -> ComposeResult:
        """Keys of the screen, its words and columns, then what is the same everywhere."""
        with VerticalScroll(id="box") as box:
            box.border_title = f"Help · {self._of}" if self._of else "Help"
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
            found = [line for line in lines if all(w in " ".join((heading, *line[:3])).casefold() for w in wanted)]
            if not found:
                continue
            lined = Lines.grid(padding=(0, 1, 0, 0))
            lined.add_column(no_wrap=True, min_width=NAMES)
            lined.add_column(ratio=1)
            for line in found:
                style = "dim" if line.is_idle else ""
                lined.add_row(Text(f" {line.name}", style or "bold"), Text(line.meaning, style))
            parts += [Text(heading, "bold underline"), lined]
        return Group(*parts) if parts else Text(f"No line has “{text}”.")


def _sections(
    commands: Sequence[Command], columns: Sequence[Column], words: Mapping[str, str], idle: Collection[str]
) -> Iterator[tuple[str, list[HelpLine]]]:
    """Under each heading its lines; the keys of the screen stand as in the footer, the most important first."""
    screens = [command for command in commands if command.group == "Screens"]
    here = [command for command in commands if command.scope == "view" or command.id in ON_THE_WAY]
    here.sort(key=lambda command: -command.footer)
    everywhere = [command for command in commands if command not in here and command not in screens]
    if here:
        yield HERE, [_line(command, command.id in idle) for command in here]
    if words:
        yield "Words", [HelpLine(word, meaning) for word, meaning in words.items()]
    if definitions := [HelpLine(plain(c.title).strip(), c.help) for c in columns if c.help and c.title]:
        yield "Columns", definitions
    for heading, of_heading in ((EVERYWHERE, everywhere), ("Screens", screens)):
        if of_heading:
            yield heading, [_line(command) for command in of_heading]
    yield "Move", [HelpLine(keys, does) for keys, does in MOVE_SHOWN.items()]


def _line(command: Command, is_idle: bool = False) -> HelpLine:
    return HelpLine(command.shown, command.help, f"{command.label} {' '.join(command.synonyms)}", is_idle)
