"""Columns over time, of block characters an eighth of a cell fine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

from ltvtui.present.charts.axis import Axis, linear
from ltvtui.present.charts.canvas import SHADE, Canvas, Style, blocks
from ltvtui.present.charts.frame import (
    LEAST_PLOT_HEIGHT,
    LEAST_PLOT_WIDTH,
    Key,
    Plot,
    draw_sentence,
    draw_x_axis,
    draw_y_axis,
    head,
    legend,
)
from ltvtui.present.charts.lines import draw_lines
from ltvtui.present.charts.scale import apart, figure, finite, limits
from ltvtui.present.charts.specs import ColumnChart, Line, LineChart, Palette

_UP = " ▁▂▃▄▅▆▇█"
_LEAST_SLOT = 2
"""Cells of the narrowest column and the gap behind it."""
_WIDEST_SLOT = 8
_FEWEST_ROWS_WITH_NOTE = 8
_USUAL_LABEL = 7
"""Cells left of the plot, before they are known."""


def draw_columns(canvas: Canvas, given: ColumnChart, palette: Palette) -> bool:
    """Draw a column per period, standing on zero, with a gap between neighbours: over longer periods where these
    have no room, else as a staircase."""
    chart, bars = _with_room(given, canvas.width)
    below = any(bar.value is not None and bar.value < 0 for bar in bars)
    top = head(canvas, palette, chart.title, chart.y_label) if canvas.height > 4 + below else 0
    seen = [bar.value for bar in bars if bar.value is not None]
    if not seen:
        draw_sentence(canvas, palette, chart.empty, top)
        return True
    if any(bar.partial for bar in bars) and canvas.height >= _FEWEST_ROWS_WITH_NOTE:
        key = Key(SHADE, chart.partial_note, Style(palette.colour(chart.colour)))
        top += legend(canvas, palette, top, [key], 1)
    height = canvas.height - top - 2
    if height < LEAST_PLOT_HEIGHT + below:
        return False
    axis = linear(
        *limits(seen, from_zero=True),
        height - below,
        chart.y_format,
        integers=all(value.is_integer() for value in seen),
    )
    left = max(cell_len(label) + 2 for *_, label in axis.ticks)
    width = canvas.width - left
    slots = _Slots.of(bars, width, _Ground.of(axis, height - below))
    if width < LEAST_PLOT_WIDTH:
        return False
    if slots is None:
        return _draw_staircase(canvas, chart, palette, bars)
    plot = Plot(top, left, width, height, apart(bars[0].x, bars[-1].x), (axis.low, axis.high))
    draw_y_axis(canvas, palette, plot, [(height - below - place, label) for place, _, label in axis.ticks])
    draw_x_axis(canvas, palette, plot, _column_ticks(chart, slots, bars, plot), "")
    if slots.ground.row < height:
        for column in range(width):
            canvas.cell(top + slots.ground.row, left + column, "─", Style(palette.colour("muted")))
    for bar in bars:
        _draw_column(canvas, palette, chart, plot, slots, bar)
    return True


def _with_room(given: ColumnChart, width: int) -> tuple[ColumnChart, list[_Column]]:
    """The chart of the shortest periods that have room for a column and a gap each, and its columns."""
    chart, bars = given, _Column.read(given)
    while chart.coarser is not None and _count(bars) * _LEAST_SLOT > width - _USUAL_LABEL:
        chart = chart.coarser
        bars = _Column.read(chart)
    return chart, bars


def _step(bars: Sequence[_Column]) -> float:
    return min((b.x - a.x for a, b in pairwise(bars) if b.x > a.x), default=1.0)


def _count(bars: Sequence[_Column]) -> float:
    """Periods from the first column to the last."""
    return (bars[-1].x - bars[0].x) / _step(bars) + 1 if bars else 0


@dataclass(frozen=True)
class _Column:
    x: float
    value: float | None
    faint: bool
    partial: bool
    colour: str

    @classmethod
    def read(cls, chart: ColumnChart) -> list[_Column]:
        """The columns from left to right; a place given twice keeps the later figure."""
        pairs = [*zip(map(finite, chart.x), map(finite, chart.values), strict=False)]
        positions = [x for x, _ in pairs if x is not None]
        partial = {max(positions)} if positions and chart.partial_last else set()
        partial |= {min(positions)} if positions and chart.partial_first else set()
        found = {
            x: cls(x, value, place in chart.greyed, x in partial, _colour(chart, place))
            for place, (x, value) in enumerate(pairs)
            if x is not None
        }
        return [found[x] for x in sorted(found)]


@dataclass(frozen=True)
class _Ground:
    """The row columns stand on or hang from: the x axis, or a row of the plot if some are below zero."""

    row: int
    unit: float
    """Cells for a unit, above and below it."""

    @classmethod
    def of(cls, axis: Axis, cells: int) -> _Ground:
        """The ground of an axis over that many cells."""
        unit = cells / (axis.high - axis.low)
        return cls(cells - round(-axis.low * unit), unit)


@dataclass(frozen=True)
class _Slots:
    """Even room for columns: slots of `width` cells from `first` on, of which one is a gap."""

    first: float
    step: float
    width: int
    ground: _Ground

    @classmethod
    def of(cls, bars: Sequence[_Column], width: int, ground: _Ground) -> _Slots | None:
        """Slots for `bars` in `width` cells; None where there is no room for gaps."""
        count = _count(bars)
        if count * _LEAST_SLOT > width + 1:
            return None
        return cls(bars[0].x, _step(bars), min(_WIDEST_SLOT, (width + 1) // round(count)), ground)

    def span(self, x: float) -> tuple[int, int]:
        """First cell of the column at x, from the left of the plot, and the one after its last."""
        start = round((x - self.first) / self.step) * self.width
        return start, start + self.width - 1


def _column_ticks(chart: ColumnChart, slots: _Slots, bars: Sequence[_Column], plot: Plot) -> list[tuple[int, str]]:
    low, high = bars[0].x, bars[-1].x
    ticks = [(x, label) for place, label in chart.x_ticks if (x := finite(place)) is not None]
    if not ticks:
        ticks = [(bar.x, figure(chart.x_format, bar.x)) for bar in bars]
    return [((sum(slots.span(x)) - 1) // 2, label) for x, label in sorted(ticks) if low <= x <= high]


def _colour(chart: ColumnChart, place: int) -> str:
    return chart.colours[place] if place < len(chart.colours) else chart.colour


def _draw_column(
    canvas: Canvas,
    palette: Palette,
    chart: ColumnChart,
    plot: Plot,
    slots: _Slots,
    bar: _Column,
) -> None:
    if not bar.value:
        return
    size = abs(bar.value) * slots.ground.unit
    shaded = bar.partial or bar.faint
    role = "muted" if bar.faint else "negative" if bar.value < 0 else bar.colour
    style = Style(palette.colour(role), dim=bar.faint)
    ground = plot.top + slots.ground.row
    if bar.value > 0:
        cells = [(ground - 1 - place, text) for place, text in enumerate(blocks(size, _UP, shaded))]
    else:
        halves = max(1, round(size * 2))  # blocks that hang exist in halves only
        hanging = "█" * (halves // 2) + "▀" * (halves % 2)
        hanging = SHADE * math.ceil(halves / 2) if shaded else hanging
        cells = [(ground + 1 + place, text) for place, text in enumerate(hanging)]
    start, after = slots.span(bar.x)
    for row, text in cells:
        for column in range(plot.left + start, plot.left + after):
            canvas.cell(row, column, text, style)


def _draw_staircase(canvas: Canvas, chart: ColumnChart, palette: Palette, bars: Sequence[_Column]) -> bool:
    """The same figures as a curve: with more columns than cells, leaving some out would mislead."""
    complete = [bar for bar in bars if not bar.partial]
    canvas.clear()
    lines = [Line("", [bar.x for bar in complete], [bar.value for bar in complete], chart.colour)]
    if chart.partial_last and len(bars) > 1:
        ends = bars[-2:]
        xs, ys = [bar.x for bar in ends], [bar.value for bar in ends]
        lines.append(Line(chart.partial_note, xs, ys, chart.colour, dotted=True))
    return draw_lines(
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
