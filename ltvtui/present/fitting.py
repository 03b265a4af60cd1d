"""Text in a given number of cells."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len, set_cell_size

_JOINERS: Final = "\u200d\ufe0e\ufe0f"
"""At the edge of a cell they would draw its neighbour into the last character, and move what follows."""


def fit(text: str, width: int, right: bool = False) -> str:
    """`text` in exactly `width` cells, cut with … where it is longer, whatever stands beside it."""
    if not text.isascii():
        text = text.strip(_JOINERS)
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip(_JOINERS) + "…" if width > 0 else ""
    pad = " " * (width - cell_len(text))
    return pad + text if right else text + pad
