"""Intervals around curves as a faint shade: dots of braille, a quarter of a cell fine."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.frame import ZERO, Plot
from ltvtui.present.charts.scale import finite
from ltvtui.present.charts.specs import Band, Palette

DOTS: Final = ((0x40, 0x80), (0x04, 0x20), (0x02, 0x10), (0x01, 0x08))
"""Of a braille character the bits of its dots, from the lowest row up, left and right."""
BLANK: Final = 0x2800
_SHADE: Final = (0x04 | 0x01, 0x80 | 0x10)
"""Of every second dot the bits, in the left and in the right half of a cell."""
_LEAST: Final = 3
"""Dots between the bounds from which on a band is seen beside its curve."""
_Bounds = tuple[float, float, float]


def draw_band(canvas: Canvas, palette: Palette, plot: Plot, band: Band, *, steps: bool) -> bool:
    """Shade what lies between the bounds, where nothing is drawn yet; False where it is too thin to be seen."""
    cells: dict[tuple[int, int], int] = {}
    for run in _runs(band):
        for half in range(plot.width * 2):
            x = plot.x[0] + (half / 2 - 0.25) / (plot.width - 1) * (plot.x[1] - plot.x[0])
            ends = _at(run, x, steps)
            if ends is None:
                continue
            low, high = (math.floor((plot.up(end) - 0.5) * 4) for end in ends)
            if high - low < _LEAST:
                continue
            low, high = max(low, 0), min(high, plot.height * 4 - 1)
            for row in range(low // 4, high // 4 + 1):
                cell = (plot.height - 1 - row, half // 2)
                bits = _SHADE[half % 2]
                if row == low // 4 or row == high // 4:
                    inside = [DOTS[dot % 4][half % 2] for dot in range(max(low, row * 4), min(high, row * 4 + 3) + 1)]
                    bits &= sum(inside)
                if bits:
                    cells[cell] = cells.get(cell, 0) | bits
    style = Style(palette.colour(band.colour), dim=True)
    for (row, column), bits in cells.items():
        if canvas.is_blank(plot.top + row, plot.left + column, but=ZERO):
            canvas.cell(plot.top + row, plot.left + column, chr(BLANK + bits), style)
    return bool(cells)


def _runs(band: Band) -> Iterator[Sequence[_Bounds]]:
    """x, lower and upper bound without gaps, from left to right."""
    run: list[_Bounds] = []
    for x, low, high in zip(map(finite, band.xs), map(finite, band.lower), map(finite, band.upper), strict=False):
        if x is not None and low is not None and high is not None:
            run.append((x, low, high))
        elif run:
            yield sorted(run)
            run = []
    if run:
        yield sorted(run)


def _at(run: Sequence[_Bounds], x: float, steps: bool) -> tuple[float, float] | None:
    """Both bounds at x; None outside the stretch."""
    if not run[0][0] <= x <= run[-1][0]:
        return None
    place = bisect_right(run, x, key=lambda bounds: bounds[0])
    before, after = run[place - 1], run[min(place, len(run) - 1)]
    if steps or after[0] <= before[0]:
        return before[1:]
    part = (x - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * part, before[2] + (after[2] - before[2]) * part
