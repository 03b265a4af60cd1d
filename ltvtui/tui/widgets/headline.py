"""The sentence that says what the screen shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from rich.text import Text
from textual.reactive import reactive

from ltvtui.present.headline.fitting import fitting
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

LINES: Final = 2
"""Lines it takes at most."""
_FIXED: Final = "\u00a0"
"""Stands within a figure and between it and its unit, so that no line ends there."""
_WITHIN_FIGURES: Final = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9])|[^\w\s(),.;:])")


class Headline(FixedSizeWidget):
    """As many whole clauses as fit into two lines, the most important first; away where there are none."""

    DEFAULT_CSS = """
    Headline { height: 0; width: 1fr; padding: 0 1; display: none; }
    Headline.-any { display: block; }
    """

    clauses: reactive[tuple[str, ...]] = reactive(())

    def show(self, clauses: Sequence[str], width: int) -> None:
        """Say these, in a frame of that width."""
        self.clauses = tuple(clauses)
        self.set_class(bool(clauses), "-any")
        self.fit(width)

    def fit(self, width: int) -> None:
        """Take the lines that it needs in a frame of that width."""
        self.styles.height = self.lines_in(width)

    def lines_in(self, width: int) -> int:
        """Lines it takes in a frame of that width."""
        return len(self._lines(width - 2))

    def render(self) -> Text:
        """The lines."""
        return Text("\n".join(self._lines(self.size.width)), no_wrap=True, overflow="ellipsis", end="")

    def _lines(self, width: int) -> list[str]:
        text = fitting(self.clauses, lambda text: len(_wrapped(text, width)) <= LINES)
        return _wrapped(text, width)[:LINES]


def _wrapped(text: str, width: int) -> list[str]:
    lines = wrap(_WITHIN_FIGURES.sub(_FIXED, text), max(width, 1), break_on_hyphens=False)
    return [line.replace(_FIXED, " ") for line in lines]
