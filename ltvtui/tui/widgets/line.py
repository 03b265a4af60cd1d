"""A line to type in."""

from __future__ import annotations

from typing import Any

from textual.widgets import Input


class TextLine(Input):
    """An input whose cursor stands still: over a slow link nothing is sent that was not asked for."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.cursor_blink = False
