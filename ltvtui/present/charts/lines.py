"""Line charts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from rich.cells import cell_len

from ltvtui.present.charts import braille
from ltvtui.present.charts.axis import linear, logarithmic
from ltvtui.present.charts.bands import draw_band
from ltvtui.present.charts.braille import Stroke
from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.curve_points import Point, dots, sign_places, stepped, straightened, thinned_points
from ltvtui.present.charts.ends import End, draw_ends, room_for
from ltvtui.present.charts.frame import (
    LEAST_PLOT_HEIGHT,
    LEAST_PLOT_WIDTH,
    Plot,
    draw_level,
    draw_sentence,
    draw_x_axis,
    draw_y_axis,
    draw_zero,
    head,
    legend,
)
from ltvtui.present.charts.logs import is_log, on_log_axis, wants_log_axis
from ltvtui.present.charts.marks import draw_marks
from ltvtui.present.charts.scale import apart, finite, limits
from ltvtui.present.charts.signs import SIGNS, keys, lead, several, sign
from ltvtui.present.charts.specs import Line, LineChart, Palette
from ltvtui.present.charts.under import draw_under, margin, rows_under

_FEWEST_ROWS_WITH_LEGEND = 6
_OVER: Final = 0.4
"""Rows by which a point may lie above the middle of the first, which shows it still."""
_USUAL_LABEL: Final = 6
"""Cells left of the plot, before they are known."""


def draw_lines(canvas: Canvas, given: LineChart, palette: Palette) -> bool:
    """Draw curves with their names at their ends, bands, levels and marks."""
    chart = on_log_axis(given) if wants_log_axis(given) else given
    curves = [_segments(line) for line in chart.lines]
    points = [point for segments in curves for segment in segments for point in segment]
    title = f"{chart.title}, log scale" if chart is not given else chart.title
    top = head(canvas, palette, title, chart.y_label) if canvas.height > 4 else 0
    if not points:
        draw_sentence(canvas, palette, chart.empty, top)
        return True
    by_line = {place: key for place, key in keys(chart, palette).items() if curves[place]}
    rows = rows_under(canvas, chart.under, top)
    leads = [lead(chart, row, palette) for row in rows]
    footer = 2 + bool(chart.x_label and canvas.height >= 12) + len(rows)
    notes = [replace(key, name=f"{key.name} {note}") for p, key in by_line.items() if (note := chart.lines[p].note)]
    if notes and canvas.height >= _FEWEST_ROWS_WITH_LEGEND:
        top += legend(canvas, palette, top, notes, 1, f"{chart.notes}:" if chart.notes else "")
    bounds = _Bounds.of(chart, points)
    height = canvas.height - top - footer
    room = room_for(canvas, list(by_line.values()), height, max(margin(leads), _USUAL_LABEL))
    if by_line and not room and not notes and canvas.height >= _FEWEST_ROWS_WITH_LEGEND:
        top += legend(canvas, palette, top, list(by_line.values()), 1)
        height = canvas.height - top - footer
    area = _plot_area(canvas, chart, bounds, top, height, margin(leads), room)
    if area is None:
        return False
    plot, y_ticks, x_ticks = area
    draw_y_axis(canvas, palette, plot, y_ticks)
    draw_x_axis(canvas, palette, plot, [(plot.column(x), label) for x, label in x_ticks], chart.x_label)
    draw_under(canvas, palette, plot, rows, leads, [x for x, _ in x_ticks])
    draw_zero(canvas, palette, plot)  # before the labels, so that it does not run through their blanks
    for level in chart.levels:
        draw_level(canvas, palette, plot, level)
    shaded = [draw_band(canvas, palette, plot, band, steps=chart.steps) for band in reversed(chart.bands)]
    if any(shaded) and top:
        head(canvas, palette, title, ", ".join(filter(None, (chart.y_label, chart.band_note))))
    ends = _draw_curves(canvas, chart, palette, plot, curves, signed=bool(by_line), ended=bool(room))
    if room:
        draw_ends(canvas, plot, [End(*ends[place], key) for place, key in by_line.items()], room)
    draw_marks(canvas, palette, plot, chart.marks)
    return True


@dataclass(frozen=True)
class _Bounds:
    """What the axes have to cover."""

    x: tuple[float, float]
    y: tuple[float, float]
    integer_x: bool
    integer_y: bool

    @classmethod
    def of(cls, chart: LineChart, points: Sequence[Point]) -> _Bounds:
        """All points, marks and ranges of a chart."""
        heights = [y for _, y in points] + [y for mark in chart.marks if (y := finite(mark.y)) is not None]
        banded = [y for band in chart.bands for end in (band.lower, band.upper) for y in map(finite, end)]
        heights += [y for y in banded if y is not None]
        across = [*(x for x, _ in points), *_range(chart.x_range)]
        return cls(
            apart(min(across), max(across), by=1.0),
            limits([*heights, *_range(chart.y_range)], from_zero=chart.y_from_zero and not is_log(chart)),
            _are_integers(x for x, _ in points),
            _are_integers(y for _, y in points) and not is_log(chart),
        )


def _plot_area(
    canvas: Canvas, chart: LineChart, bounds: _Bounds, top: int, height: int, left: int, right: int
) -> tuple[Plot, list[tuple[int, str]], list[tuple[float, str]]] | None:
    """The plot, the ticks of its y axis by row and those of its x axis by place; None without room for it."""
    if height < LEAST_PLOT_HEIGHT:
        return None
    top_tick = max(_range(chart.y_range), default=None)
    divide = (
        partial(logarithmic, write=chart.y_format)
        if is_log(chart)
        else partial(linear, write=chart.y_format, integers=bounds.integer_y, top=top_tick, over=_OVER)
    )
    y = divide(*bounds.y, height)
    if chart.y_range is not None:  # above what is possible there is no axis
        used = min(
            height, max(LEAST_PLOT_HEIGHT, math.ceil((bounds.y[1] - y.low) / (y.high - y.low) * height - _OVER))
        )
        y = replace(y, high=y.low + (y.high - y.low) * used / height)
        top, height = top + height - used, used
    left = max(left, *(cell_len(label) + 2 for *_, label in y.ticks))
    width = canvas.width - left - right
    if width < LEAST_PLOT_WIDTH:
        return None
    y_ticks = [(height - place, label) for place, _, label in y.ticks]
    if chart.x_ticks:
        plot = Plot(top, left, width, height, bounds.x, (y.low, y.high))
        return plot, y_ticks, _given_ticks(chart, plot)
    x = linear(
        *bounds.x,
        width - 1,
        chart.x_format,
        integers=bounds.integer_x,
        steps=chart.x_steps,
        top=max(_range(chart.x_range), default=None),
        room=2,
    )
    unit = (x.high - x.low) / (width - 1)
    used = min(width, max(LEAST_PLOT_WIDTH, math.ceil((bounds.x[1] - x.low) / unit - 1e-6) + 1))
    plot = Plot(top, left, used, height, (x.low, x.low + unit * (used - 1)), (y.low, y.high))
    return plot, y_ticks, [(value, label) for _, value, label in x.ticks]


def _range(given: tuple[float, float] | None) -> list[float]:
    return [number for value in given or () if (number := finite(value)) is not None]


def _are_integers(values: Iterable[float]) -> bool:
    """Whether the figures come in ones, such as customers or months."""
    return all(value.is_integer() for value in values)


def _segments(line: Line) -> list[list[Point]]:
    """The observed points, split where one was not observed, each stretch ordered by x."""
    segments: list[list[Point]] = [[]]
    for x, y in zip(map(finite, line.xs), map(finite, line.ys), strict=False):
        if x is not None and y is not None:
            segments[-1].append((x, y))
        elif segments[-1]:
            segments.append([])
    return [sorted(segment, key=lambda point: point[0]) for segment in segments if segment]


def _given_ticks(chart: LineChart, plot: Plot) -> list[tuple[float, str]]:
    given = sorted((x, label) for place, label in chart.x_ticks if (x := finite(place)) is not None)
    return [(x, label) for x, label in given if plot.covers(x)]


def _draw_curves(
    canvas: Canvas,
    chart: LineChart,
    palette: Palette,
    plot: Plot,
    curves: Sequence[list[list[Point]]],
    *,
    signed: bool,
    ended: bool,
) -> dict[int, tuple[int, int, float]]:
    """Draw all curves over their bands; gives row and column of the plot where each ends, and its height in cells."""
    placed = [
        [thinned_points([(plot.across(x), plot.up(y)) for x, y in segment]) for segment in segments]
        for segments in curves
    ]
    if chart.steps:
        placed = [[stepped(segment) for segment in segments] for segments in placed]
    else:
        placed = [[straightened(segment) for segment in segments] for segments in placed]
    strokes = [
        Stroke(dots(segment) if chart.lines[place].dotted else segment, place, not chart.lines[place].dotted)
        for place in reversed(range(len(placed)))
        for segment in placed[place]
    ]
    colours = [Style(palette.colour(line.colour)) for line in chart.lines]
    for row, column, character, place in braille.draw(strokes, plot.width, plot.height):
        canvas.cell(plot.top + row, plot.left + column, character, colours[place % len(colours)])
    ends: dict[int, tuple[int, int, float]] = {}
    for place in reversed(range(len(placed))):
        segments = placed[place]
        if not segments:
            continue
        ends[place] = (*_cell(plot, segments[-1][-1]), segments[-1][-1][1])
        carries = signed and several(chart) and chart.lines[place].name and not chart.lines[place].dotted
        if carries or _is_dot(segments):
            shown = sign(chart, place) if carries else SIGNS[0]
            along = sign_places(segments, place, len(placed), plot.width)
            for point in along if carries and ended else [*along, segments[-1][-1]]:
                row, column = _cell(plot, point)
                canvas.cell(plot.top + row, plot.left + column, shown, colours[place])
    return ends


def _cell(plot: Plot, point: Point) -> tuple[int, int]:
    """Row and column of the plot on which a placed point falls."""
    across, up = point
    return plot.height - max(1, min(plot.height, int(up + 0.5))), max(0, min(plot.width - 1, int(across + 0.5)))


def _is_dot(segments: Sequence[Sequence[Point]]) -> bool:
    """Whether a curve is a single point, which a single braille dot would hide."""
    return len(segments) == 1 and segments[0][0] == segments[0][-1]
