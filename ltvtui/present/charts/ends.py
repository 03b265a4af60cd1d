"""Names of curves beside their ends, so that no legend has to be looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from ltvtui.present.charts.canvas import Canvas
from ltvtui.present.charts.frame import Key, Plot, cut_name

_LEAST_PLOT: Final = 24
"""Cells across that curves keep; with less the names stand in a legend."""
_LEAST_NAME: Final = 6
_WIDEST_NAME: Final = 20
_SIGN: Final = 2
"""Cells of a sign and the blank behind it."""


@dataclass(frozen=True)
class End:
    """Where a curve ends, and how it is called."""

    row: int
    """From the top of the plot."""
    column: int
    """From the left of the plot."""
    up: float
    """In cells from the middle of the x axis: of two on one row the higher is named above."""
    key: Key


def room_for(canvas: Canvas, keys: Sequence[Key], height: int, axis: int) -> int:
    """Cells that names take at the right of the plot, `axis` being those at its left; 0 where there is no room."""
    if not keys or len(keys) > height:
        return 0
    widest = max(cell_len(cut_name(key.name, _WIDEST_NAME)) for key in keys)
    least = min(widest, _LEAST_NAME)
    most = canvas.width - axis - _LEAST_PLOT - _SIGN - 1
    return 0 if most < least else min(widest, most, max(least, canvas.width // 3)) + _SIGN + 1


def draw_ends(canvas: Canvas, plot: Plot, ends: Sequence[End], room: int) -> None:
    """Write each name beside the end of its curve, on the nearest row that is free."""
    width = room - 1
    beside = [end for end in ends if not _is_written_inside(canvas, plot, end, width)]
    beside.sort(key=lambda end: (end.row, -end.up))
    for row, end in zip(_spread([end.row for end in beside], plot.height), beside, strict=True):
        _write(canvas, end.key, plot.top + row, plot.left + plot.width, width)


def _is_written_inside(canvas: Canvas, plot: Plot, end: End, width: int) -> bool:
    """Write the name of a curve that ends early right behind it, where nothing else is drawn."""
    size = min(width, _SIGN + cell_len(end.key.name))
    row, column = plot.top + end.row, plot.left + end.column + 1
    early = end.column + 1 + size < plot.width - 1
    if early and canvas.is_blank(row, column, size + 1):
        _write(canvas, end.key, row, column, width)
        return True
    return False


def _write(canvas: Canvas, key: Key, row: int, column: int, width: int) -> None:
    column = canvas.put(row, column, key.sign[:1], key.style)
    canvas.put(row, column + 1, cut_name(key.name, width - _SIGN), key.style)


def _spread(wanted: Sequence[int], height: int) -> list[int]:
    """A row of its own for each of those wanted, which rise, and as near to them as may be."""
    rows: list[int] = []
    for row in wanted:
        rows.append(max(row, rows[-1] + 1 if rows else 0))
    for at in range(len(rows) - 1, -1, -1):
        rows[at] = min(rows[at], (rows[at + 1] if at + 1 < len(rows) else height) - 1)
    return rows
