"""Timelines: a stem per order, as dots of braille.

Stems are upright, so that their dots can be told without drawing lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.frame import (
    TOO_SMALL,
    Plot,
    draw_x_axis,
    draw_y_axis,
    draw_zero,
    head,
    plot_area,
    say,
)
from ltvtui.present.charts.scale import apart, date_ticks, finite, limits
from ltvtui.present.charts.specs import Palette, Timeline

_DOTS: Final = ((0x40, 0x80), (0x04, 0x20), (0x02, 0x10), (0x01, 0x08))
"""Of a braille character the bits of its dots, from the lowest row up, left and right."""
_BLANK: Final = 0x2800


class _Stem(NamedTuple):
    across: float
    """Cells from the middle of the first column."""
    up: float
    """Cells from the middle of the x axis, which is the row below the last."""
    amount: float


def draw_timeline(canvas: Canvas, chart: Timeline, palette: Palette) -> None:
    """Draw a stem per order: a full head for a payment, a hollow one below zero for a refund."""
    orders = [
        (day, amount)
        for day, amount in zip(map(finite, chart.days), map(finite, chart.amounts), strict=False)
        if day is not None and amount is not None
    ]
    top = head(canvas, palette, chart.title, chart.y_label) if canvas.height > 4 else 0
    if not orders:
        say(canvas, palette, chart.empty, top)
        return
    until = finite(chart.until)
    days = [day for day, _ in orders] + ([until] if until is not None else [])
    x = (min(days), max(days)) if max(days) - min(days) >= 1 else (min(days) - 15, max(days) + 15)
    y = limits((amount for _, amount in orders), from_zero=True)
    area = plot_area(canvas, top, y, apart(*x), chart.y_format)
    if area is None:
        say(canvas, palette, TOO_SMALL, top)
        return
    plot, y_ticks = area
    draw_y_axis(canvas, palette, plot, [(plot.tick_row(y), label) for y, label in y_ticks])
    ticks = [(plot.column(day), label) for day, label in date_ticks(*plot.x, plot.width // 10)]
    draw_x_axis(canvas, palette, plot, ticks, "")
    _draw_stems(canvas, palette, plot, orders)
    draw_zero(canvas, palette, plot)


def _draw_stems(canvas: Canvas, palette: Palette, plot: Plot, orders: Sequence[tuple[float, float]]) -> None:
    tallest: dict[tuple[int, bool], _Stem] = {}
    for day, amount in orders:  # one stem a half cell and direction: the highest covers the others
        stem = _Stem(plot.across(day), plot.up(amount), amount)
        key = (int(stem.across * 2), amount < 0)
        if key not in tallest or abs(amount) > abs(tallest[key].amount):
            tallest[key] = stem
    styles = (Style(palette.colour("accent1")), Style(palette.colour("negative")))
    for row, column, character, refund in _cells(tallest.values(), plot):
        canvas.cell(plot.top + row, plot.left + column, character, styles[refund])
    if len(tallest) > plot.width // 2:
        return
    for stem in tallest.values():
        sign = "○" if stem.amount < 0 else "●"
        row, column = plot.row(stem.amount), int(stem.across + 0.5)
        canvas.cell(plot.top + row, plot.left + column, sign, styles[stem.amount < 0])


def _cells(stems: Iterable[_Stem], plot: Plot) -> Iterator[tuple[int, int, str, bool]]:
    """The dots of all stems: (row from the top, column, braille character, whether of a refund).

    Of two in one cell the colour is that of the later.
    """
    cells: dict[tuple[int, int], tuple[int, bool]] = {}
    ground = _dot(plot.up(0.0), plot)
    for stem in stems:
        column, half = divmod(min(max(int((stem.across + 0.5) * 2), 0), plot.width * 2 - 1), 2)
        low, high = sorted((ground, _dot(stem.up, plot)))
        for dot in range(low, high + 1):
            cell = (plot.height - 1 - dot // 4, column)
            bits, _ = cells.get(cell, (0, False))
            cells[cell] = (bits | _DOTS[dot % 4][half], stem.amount < 0)
    for (row, column), (bits, refund) in cells.items():
        yield row, column, chr(_BLANK + bits), refund


def _dot(up: float, plot: Plot) -> int:
    """Which row of dots it is, counted from the lowest of the plot; what is outside stands at its edge."""
    return min(max(int((up - 0.5) * 4), 0), plot.height * 4 - 1)
