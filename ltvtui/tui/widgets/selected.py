"""What the row or cell under the cursor says: in words, below the tables."""

from __future__ import annotations

from typing import Final

from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive

from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

NARROW: Final = 110
"""Cells below which a sentence may need its second line."""


class Selected(FixedSizeWidget):
    """One sentence, in a line or two; it has their room on all rows, so that nothing moves with the cursor."""

    DEFAULT_CSS = "Selected { height: 1; width: 1fr; padding: 0 1; text-style: bold; }"

    words: reactive[str] = reactive("")

    def __init__(self, lines: int = 1) -> None:
        """`lines`: as many in a narrow view."""
        super().__init__()
        self._most = lines

    def lines_in(self, room: Size) -> int:
        """Lines it takes in a view of that size."""
        return self._most if room.width < NARROW else 1

    def render(self) -> Text:
        """The sentence, as far as there is room for it."""
        is_broken = self.size.height > 1
        words = f"▸ {self.words}" if self.words else ""
        return Text(words, no_wrap=not is_broken, overflow="fold" if is_broken else "ellipsis", end="")
