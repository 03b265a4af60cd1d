"""All remarks of a screen in full: what its lines have no room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.console import Group
from rich.padding import Padding
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings

Section = tuple[str, Sequence[str]]
"""A heading, and the sentences under it."""
HINT: Final = "↑ ↓ scroll · Esc close"
NOTHING: Final = "This screen has no remarks."


class RemarksDialog(Dialog[None]):
    """One page that scrolls, a line for each sentence."""

    DEFAULT_CSS = """
    RemarksDialog > #box { width: 92; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("remarks")

    def __init__(self, sections: Sequence[Section], *, of: str = "") -> None:
        """`sections` of the screen called `of`; those without a sentence are left out."""
        super().__init__()
        self._of = of
        self.sections = tuple((heading, lines) for heading, lines in sections if lines)

    def compose(self) -> ComposeResult:
        """The sentences under their headings."""
        with VerticalScroll(id="box") as box:
            box.border_title = f"Remarks · {self._of}" if self._of else "Remarks"
            box.border_subtitle = HINT
            yield Static(self._page(), id="page", markup=False)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#box").focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by a line."""
        self.query_one("#box").scroll_relative(y=lines, animate=False)

    def _page(self) -> Group | Text:
        parts: list[Padding | Text] = []
        for heading, lines in self.sections:
            parts.append(Text(heading, "bold underline"))
            parts += [Padding(Text(line), (0, 0, 0, 1)) for line in lines]
        return Group(*parts) if parts else Text(NOTHING)
