"""What has to be known beside figures, in as many lines as that takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive

from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

_GROUPED = re.compile(r"(?<=[0-9]) (?=[0-9]{3})")
KEY: Final = "(!)"
"""Names the key that leads to all of them."""
_FIXED = "\u00a0"
"""Stands between the threes of a number, so that no line ends within it."""


class Notes(FixedSizeWidget):
    """Sentences, the most telling first, in as many lines as they take; the view gives them the height.

    Where they may not take as many, the last ones are left out whole, and their number is told.
    """

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
        self.apart: tuple[str, ...] = ()
        """What is read with all remarks alone: lines elsewhere say it, or have no room for it."""

    def watch_parts(self, parts: tuple[str, ...]) -> None:
        """Take no line where there is nothing to say."""
        self.set_class(bool(parts), "-any")

    def lines_in(self, room: Size) -> int:
        """Lines they take in a view of that size."""
        if not self.parts:
            return 0
        most = None if self._most is None else max(room.height // self._most, 2)
        return len(self.lines(room.width, most))

    def lines(self, width: int, most: int | None = None) -> list[str]:
        """The parts in at most so many lines, none of them broken where it fits into a line."""
        for shown in range(len(self.parts), 0, -1):
            lines = _lines(self.parts[:shown], width)
            if most is None or len(lines) <= most:
                marked = _marked(lines, len(self.parts) - shown, width, most)
                if marked is not None:
                    return marked
        first, mark = _lines(self.parts[:1], width)[:most] or [""], f" … {KEY}"
        return [*first[:-1], first[-1][: max(width - 2 - len(mark), 0)] + mark]

    def render(self) -> Text:
        """As many parts as there is room for."""
        lines = self.lines(self.content_size.width + 2, self.content_size.height or None)
        return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")


def _marked(lines: list[str], left: int, width: int, most: int | None) -> list[str] | None:
    """`lines`, with how many parts are left out and the key that shows them; None where there is no room for it."""
    if not left:
        return lines
    for mark in (f" · … {left} more {KEY}", f" … {KEY}"):
        if cell_len(lines[-1] + mark) <= width - 2:
            return [*lines[:-1], lines[-1] + mark]
    return [*lines, f"… {left} more {KEY}"] if most is not None and len(lines) < most else None


def _lines(parts: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and cell_len(joined) <= width - 2:
            lines[-1] = joined
        else:
            broken = wrap(_GROUPED.sub(_FIXED, part), max(width - 2, 1))
            lines += [line.replace(_FIXED, " ") for line in broken]
    return lines
