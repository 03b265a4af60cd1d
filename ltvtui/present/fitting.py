"""Text in a given number of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size

_JOINERS: Final = "\u200d\ufe0e\ufe0f"
"""At the edge of a cell they would draw its neighbour into the last character, and move what follows."""

_LEAST_MIDDLE: Final = 7
"""Cells below which nothing can be read of both ends."""
_LEAST_SHARED: Final = 5
"""Cells of the beginning that several share which still say something, with the … behind them."""
_BETWEEN: Final = (" ", ":", "/", "-", "_", ".")
"""Stand between the parts of a name."""


def fit(text: str, width: int, right: bool = False) -> str:
    """`text` in exactly `width` cells, cut with … where it is longer, whatever stands beside it."""
    if not text.isascii():
        text = text.strip(_JOINERS)
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip(_JOINERS) + "…" if width > 0 else ""
    pad = " " * (width - cell_len(text))
    return pad + text if right else text + pad


def fit_middle(text: str, width: int, right: bool = False) -> str:
    """As `fit`, but cut in its middle: names that begin or end alike still tell rows apart."""
    if cell_len(text) <= width or width < _LEAST_MIDDLE:
        return fit(text, width, right)
    behind = _end(text, (width - 1) // 2)
    return fit(fit(text, width - cell_len(behind)).rstrip() + behind, width, right)


def shorten_apart(texts: Sequence[str], width: int) -> list[str]:
    """`texts` in at most `width` cells each: of what is longer the beginning that it shares with another is cut,
    else its middle, and never what tells it from the others."""
    long = [text for text in texts if cell_len(text) > width]
    return [_apart(text, texts, width) if text in long else text for text in texts]


def _apart(text: str, texts: Sequence[str], width: int) -> str:
    alike = max((_alike(text, other) for other in texts if other != text), default=0)
    at = max((text[:alike].rfind(mark) + 1 for mark in _BETWEEN), default=0)
    rest = text[at:].strip()
    if at and cell_len(rest) + _LEAST_SHARED <= width:
        return f"{fit(text[:at], width - cell_len(rest)).rstrip()}{rest}"
    return fit_middle(f"…{rest}" if at and width >= _LEAST_MIDDLE else text, width).rstrip()


def _alike(text: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other))
    )


def _end(text: str, width: int) -> str:
    """The last `width` cells of a text, from the beginning of a character on."""
    start = len(text)
    while start and cell_len(text[start - 1 :]) <= width:
        start -= 1
    return text[start:].lstrip(_JOINERS + " ")
