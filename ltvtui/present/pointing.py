"""A place in a typed text, pointed at from the line below."""

from __future__ import annotations

from rich.cells import cell_len

from ltvtui.present.fitting import fit
from ltvtui.present.plain import plain

_AFTER = 12
"""Cells that are left to what stands behind the place where the text is longer than the line."""


def pointed(text: str, at: int, width: int) -> tuple[str, str]:
    """The text on a line of `width` cells, and a line with a caret under character `at`, or behind the last one."""
    before, after = plain(text[:at]), plain(text[at:])
    room = max(width - min(cell_len(after) + 1, _AFTER), 1)
    if cell_len(before) > room:
        while before and cell_len(before) >= room:
            before = before[1:]
        before = f"…{before}"
    return fit(before + after, width), " " * cell_len(before) + "^"
