"""One muted line over a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive

from ltvtui.tui.widgets.fixed_size import FixedSizeWidget


class Caption(FixedSizeWidget):
    """What a table is and how it is ordered."""

    DEFAULT_CSS = """
    Caption { height: 1; width: 1fr; color: $text-muted; padding: 0 1; }
    Caption.-empty { display: none; }
    """

    parts: reactive[tuple[str, ...]] = reactive(())
    change: reactive[str] = reactive("")
    """What changed under the cursor; stands before all."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.apart: tuple[str, ...] = ()
        """What is read with all remarks alone: the line has no room for so many words."""

    def watch_parts(self) -> None:
        """Take no line where there is nothing to say."""
        self.set_class(not self.parts and not self.change, "-empty")

    def watch_change(self) -> None:
        """A change takes the line, too."""
        self.watch_parts()

    def show(self, parts: Sequence[str]) -> None:
        """Show these parts, the most telling first, each once; what does not fit is left out whole."""
        self.parts = tuple(dict.fromkeys(p for p in parts if p))

    def render(self) -> Text:
        """As many parts as there is room for."""
        parts = [*([self.change] if self.change else []), *self.parts]
        while len(parts) > 1 and cell_len(" · ".join(parts)) > self.content_size.width:
            parts.pop()
        return Text(" · ".join(parts), no_wrap=True, overflow="ellipsis", end="")
