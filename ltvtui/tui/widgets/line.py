"""A line to type in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from textual.widgets import Input


class TextLine(Input):
    """An input whose cursor stands still: over a slow link nothing is sent that was not asked for."""

    def __init__(self, *given: Any, no_text: Collection[str] = (), **options: Any) -> None:
        """`no_text`: keys that are never typed here, since the dialog around has a use for them."""
        super().__init__(*given, **options)
        self.cursor_blink = False
        self._no_text = frozenset(no_text)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key is text."""
        return key not in self._no_text and super().check_consume_key(key, character)
