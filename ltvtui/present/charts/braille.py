"""Curves as braille dots, drawn by plotext: the only module that imports it.

plotext draws nothing but dots: its own axes, ticks and legend are off, and coordinates are cells of the plot,
so that no figure of the data reaches its C++ kernel, which ends the process at a NaN. Its figure is one per
process: draw on one thread.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

_PIECE = re.compile(r"\x1b\[([0-9;]*)m|([^\x1b\n]+)|(\n)")
_COLOUR = re.compile(r"38;5;(\d+)")
_DOCUMENTATION = "plotext._doc.doc"
_COLOURS = 200  # of the 256 that plotext's output can name


@dataclass(frozen=True)
class Stroke:
    """Points to join by straight lines."""

    points: Sequence[tuple[float, float]]
    """(cells from the middle of the first column, cells from the middle of the x axis), finite.

    The x axis is the row below the last. What is outside the plot is drawn at its edge.
    """
    series: int
    """Which series it belongs to; later strokes cover earlier ones."""
    joined: bool = True
    """Whether the points are joined; False leaves them single dots."""


def prepare() -> None:
    """Import plotext now, so that the first curve need not wait for it."""
    _plotext()


def draw(strokes: Sequence[Stroke], width: int, height: int) -> list[tuple[int, int, str, int]]:
    """The dots of all strokes: (row from the top, column, braille character, series).

    Width and height are at least 2.
    """
    plotext = _plotext()
    figure = plotext.figure
    figure.clear()  # before the size, which it resets
    figure.plot_size(width, height)
    figure.axes(False)
    figure.legend(False)
    for axis, size in (("x", width), ("y", height)):
        figure.ruler(axis).lim(0, size - 1)  # plotext puts the limits in the middle of the outer cells
        figure.ruler(axis).ticks([])
    for stroke in strokes:
        marker = plotext.marker("braille", pixel=1 + stroke.series % _COLOURS)
        xs = [min(max(x, -0.49), width - 0.51) for x, _ in stroke.points]
        ys = [min(max(y - 1, -0.49), height - 0.51) for _, y in stroke.points]
        figure.draw(figure.signal(xs, ys, marker=marker).lines(stroke.joined))
    return _cells(figure.build().string(), width, height)


def _cells(text: str, width: int, height: int) -> list[tuple[int, int, str, int]]:
    """The braille characters in plotext's output; its colours carry the series."""
    cells: list[tuple[int, int, str, int]] = []
    row = column = series = 0
    for codes, piece, newline in _PIECE.findall(text):
        if newline:
            row, column = row + 1, 0
        elif piece:
            if row < height:
                cells.extend(
                    (row, column + place, character, series)
                    for place, character in enumerate(piece[: width - column])
                    if "\u2800" < character <= "\u28ff"
                )
            column += len(piece)
        elif colour := _COLOUR.search(codes):
            series = int(colour[1]) - 1
    return cells


@cache
def _plotext() -> Any:
    """plotext, told to ignore the terminal's size. Imported when first drawn."""
    if (
        _DOCUMENTATION not in sys.modules
    ):  # plotext lays out its manual when it is imported, and that takes five times as long as the rest
        manual = ModuleType(_DOCUMENTATION)
        manual.docs = None  # type: ignore[attr-defined]
        sys.modules[_DOCUMENTATION] = manual
    import plotext  # type: ignore[import-untyped]

    plotext.terminal.limit(False, False)
    return plotext
