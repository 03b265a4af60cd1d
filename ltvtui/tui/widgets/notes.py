"""What has to be known beside figures, in as many lines as that takes."""

from __future__ import annotations

import re
from textwrap import wrap

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive

from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

_GROUPED = re.compile(r"(?<=[0-9]) (?=[0-9]{3})")
_FIXED = "\u00a0"
"""Stands between the threes of a number, so that no line ends within it."""


class Notes(FixedSizeWidget):
    """Sentences, the most telling first, in as many lines as they take; the view gives them the height."""

    DEFAULT_CSS = """
    Notes { width: 1fr; padding: 0 1; color: $text-muted; display: none; }
    Notes.-any { display: block; }
    Notes.-warning { color: $text-warning; }
    """

    parts: reactive[tuple[str, ...]] = reactive(())

    def __init__(self, most: int | None = None, *, warning: bool = False) -> None:
        """`most`: one line in so many of the view may be a note, two at least; None: as many as they take."""
        super().__init__(classes="-warning" if warning else None)
        self._most = most

    def watch_parts(self, parts: tuple[str, ...]) -> None:
        """Take no line where there is nothing to say."""
        self.set_class(bool(parts), "-any")

    def lines_in(self, room: Size) -> int:
        """Lines they take in a view of that size."""
        if not self.parts:
            return 0
        lines = len(self.lines(room.width))
        return lines if self._most is None else min(lines, max(room.height // self._most, 2))

    def lines(self, width: int) -> list[str]:
        """The parts, none of them broken where it fits into a line."""
        lines: list[str] = []
        for part in self.parts:
            joined = f"{lines[-1]} · {part}" if lines else part
            if lines and cell_len(joined) <= width - 2:
                lines[-1] = joined
            else:
                broken = wrap(_GROUPED.sub(_FIXED, part), max(width - 2, 1))
                lines += [line.replace(_FIXED, " ") for line in broken]
        return lines or [""]

    def render(self) -> Text:
        """As many lines as there is room for; where some are left out the last one says so."""
        lines, most = self.lines(self.content_size.width + 2), self.content_size.height
        if len(lines) > most > 0:
            lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
        return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")
