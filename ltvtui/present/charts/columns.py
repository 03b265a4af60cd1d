"""Columns over time, of block characters an eighth of a cell fine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ltvtui.present.charts.canvas import SHADE, Canvas, Style, blocks
from ltvtui.present.charts.frame import (
    TOO_SMALL,
    Key,
    Plot,
    draw_x_axis,
    draw_y_axis,
    head,
    legend,
    plot_area,
    say,
)
from ltvtui.present.charts.lines import draw_lines
from ltvtui.present.charts.scale import apart, finite, labelled_ticks, limits
from ltvtui.present.charts.specs import ColumnChart, Line, LineChart, Palette

_UP = " ▁▂▃▄▅▆▇█"
_WIDEST_COLUMN = 8
_EVEN_FROM = 3  # cells to a column from which on one more or less is seen
_FEWEST_ROWS_WITH_NOTE = 7


def draw_columns(canvas: Canvas, chart: ColumnChart, palette: Palette) -> None:
    """Draw a column per period, standing on zero; a staircase where there are more columns than cells."""
    bars = _Column.read(chart)
    below = any(bar.value is not None and bar.value < 0 for bar in bars)
    top = head(canvas, palette, chart.title, chart.y_label) if canvas.height > 4 + below else 0
    if not any(bar.value is not None for bar in bars):
        say(canvas, palette, chart.empty, top)
        return
    if chart.partial_last and canvas.height >= _FEWEST_ROWS_WITH_NOTE:
        key = Key(SHADE, chart.partial_note, Style(palette.colour(chart.colour)))
        top += legend(canvas, palette, top, [key], 1)
    y = limits((bar.value for bar in bars if bar.value is not None), from_zero=True)
    x = (bars[0].x, bars[-1].x)
    area = plot_area(
        canvas,
        top,
        y,
        apart(*x),
        chart.y_format,
        whole=all(bar.value is None or bar.value.is_integer() for bar in bars),
    )
    if area is None or area[0].height < 2 + below:
        say(canvas, palette, TOO_SMALL, top)
        return
    plot, y_ticks = area
    step = min((b.x - a.x for a, b in pairwise(bars) if b.x > a.x), default=1.0)
    slots = (x[1] - x[0]) / step + 1
    if slots > plot.width:
        _draw_staircase(canvas, chart, palette, bars)
        return
    share = plot.width / round(slots)
    cells = share if share < _EVEN_FROM else float(min(_WIDEST_COLUMN, int(share)))
    grid = _Slots(x[0], step, round(slots), cells, _Ground.of(plot))
    draw_y_axis(canvas, palette, plot, [(grid.ground.tick_row(value), label) for value, label in y_ticks])
    draw_x_axis(canvas, palette, plot, _column_ticks(chart, grid, bars, plot), "")
    if grid.ground.row < plot.height:
        for column in range(plot.width):
            canvas.cell(plot.top + grid.ground.row, plot.left + column, "─", Style(palette.colour("muted")))
    for bar in bars:
        _draw_column(canvas, palette, chart, plot, grid, bar)


@dataclass(frozen=True)
class _Column:
    x: float
    value: float | None
    faint: bool
    partial: bool

    @classmethod
    def read(cls, chart: ColumnChart) -> list[_Column]:
        """The columns from left to right; a place given twice keeps the later figure."""
        pairs = [*zip(map(finite, chart.x), map(finite, chart.values), strict=False)]
        last = max((x for x, _ in pairs if x is not None), default=0.0)
        found = {
            x: cls(x, value, place in chart.greyed, chart.partial_last and x == last)
            for place, (x, value) in enumerate(pairs)
            if x is not None
        }
        return [found[x] for x in sorted(found)]


@dataclass(frozen=True)
class _Ground:
    """The row columns stand on or hang from: the x axis, or a row of the plot if some are below zero."""

    row: int
    unit: float

    @classmethod
    def of(cls, plot: Plot) -> _Ground:
        """The ground of a plot: cells for a unit are the same above and below it."""
        low, high = plot.y
        if low >= 0:
            return cls(plot.height, plot.height / high)
        rows = plot.height - 1
        above = 0 if high <= 0 else max(1, min(rows - 1, round(rows * high / (high - low))))
        below = max(1, rows - above)
        return cls(above, min([below / -low] + ([above / high] if high > 0 else [])))

    def tick_row(self, value: float) -> int:
        """The row the end of a column of this value falls in, from the top of the plot."""
        if value == 0:
            return self.row
        cells = max(0, math.ceil(abs(value) * self.unit - 0.5 - 1e-9) - 1) + 1
        return self.row - cells if value > 0 else self.row + cells


@dataclass(frozen=True)
class _Slots:
    """Even room for columns: `count` slots of `width` cells from `first` on.

    A width of 1.6 makes columns of one and of two cells: together they fill the plot, which whole
    cells would leave half empty.
    """

    first: float
    step: float
    count: int
    width: float
    ground: _Ground

    def span(self, x: float) -> tuple[int, int]:
        """First cell of the column at x, from the left of the plot, and the one after its last; one stays
        free between neighbours where there is room."""
        slot = max(0, min(self.count - 1, round((x - self.first) / self.step)))
        start, after = int(slot * self.width), int((slot + 1) * self.width)
        return start, after - 1 if self.width >= _EVEN_FROM or self.width == 2 else after


def _column_ticks(chart: ColumnChart, grid: _Slots, bars: Sequence[_Column], plot: Plot) -> list[tuple[int, str]]:
    low, high = bars[0].x, bars[-1].x
    ticks = [(x, label) for place, label in chart.x_ticks if (x := finite(place)) is not None]
    if not ticks:
        ticks = labelled_ticks(low, high, max(1, plot.width // 10), chart.x_format, whole=True)
    return [(sum(grid.span(x)) // 2, label) for x, label in sorted(ticks) if low <= x <= high]


def _draw_column(
    canvas: Canvas,
    palette: Palette,
    chart: ColumnChart,
    plot: Plot,
    grid: _Slots,
    bar: _Column,
) -> None:
    if not bar.value:
        return
    size = abs(bar.value) * grid.ground.unit
    shaded = bar.partial or bar.faint
    role = "muted" if bar.faint else "negative" if bar.value < 0 else chart.colour
    style = Style(palette.colour(role), dim=bar.faint)
    ground = plot.top + grid.ground.row
    if bar.value > 0:
        cells = [(ground - 1 - place, text) for place, text in enumerate(blocks(size, _UP, shaded))]
    else:
        halves = max(1, round(size * 2))  # blocks that hang exist in halves only
        hanging = "█" * (halves // 2) + "▀" * (halves % 2)
        hanging = SHADE * math.ceil(halves / 2) if shaded else hanging
        cells = [(ground + 1 + place, text) for place, text in enumerate(hanging)]
    start, after = grid.span(bar.x)
    for row, text in cells:
        for column in range(plot.left + start, plot.left + after):
            canvas.cell(row, column, text, style)


def _draw_staircase(canvas: Canvas, chart: ColumnChart, palette: Palette, bars: Sequence[_Column]) -> None:
    """The same figures as a curve: with more columns than cells, leaving some out would mislead."""
    whole = [bar for bar in bars if not bar.partial]
    canvas.clear()
    lines = [Line("", [bar.x for bar in whole], [bar.value for bar in whole], chart.colour)]
    if chart.partial_last and len(bars) > 1:
        ends = bars[-2:]
        xs, ys = [bar.x for bar in ends], [bar.value for bar in ends]
        lines.append(Line(chart.partial_note, xs, ys, chart.colour, dotted=True))
    draw_lines(
        canvas,
        LineChart(
            chart.title,
            lines,
            y_label=chart.y_label,
            x_ticks=chart.x_ticks,
            steps=True,
            y_format=chart.y_format,
            x_format=chart.x_format,
            empty=chart.empty,
        ),
        palette,
    )
