"""Line charts."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rich.cells import cell_len

from ltvtui.present.charts import braille
from ltvtui.present.charts.braille import Stroke
from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.frame import (
    TOO_SMALL,
    ZERO,
    Plot,
    draw_x_axis,
    draw_y_axis,
    draw_zero,
    head,
    legend,
    plot_area,
    say,
)
from ltvtui.present.charts.scale import apart, finite, labelled_ticks, limits
from ltvtui.present.charts.signs import SIGNS, keys, lead, several
from ltvtui.present.charts.specs import Line, LineChart, Mark, Palette
from ltvtui.present.charts.under import draw_under, margin, rows_under
from ltvtui.present.plain import plain

_GUIDE = "┊"
_NEAR = 0.1  # cells; a braille dot is a quarter high
_FEWEST_ROWS_WITH_LEGEND = 6
_Point = tuple[float, float]


def draw_lines(canvas: Canvas, chart: LineChart, palette: Palette) -> None:
    """Draw curves, their legend and marks."""
    curves = [_segments(line) for line in chart.lines]
    points = [point for segments in curves for segment in segments for point in segment]
    top = head(canvas, palette, chart.title, chart.y_label) if canvas.height > 4 else 0
    if not points:
        say(canvas, palette, chart.empty, top)
        return
    if canvas.height >= _FEWEST_ROWS_WITH_LEGEND:
        top += legend(canvas, palette, top, keys(chart, palette), max(1, canvas.height // 6))
    heights = [y for _, y in points] + [y for mark in chart.marks if (y := finite(mark.y)) is not None]
    y_limits = limits([*heights, *_range(chart.y_range)], from_zero=chart.y_from_zero)
    across = [*(x for x, _ in points), *_range(chart.x_range)]
    x_limits = apart(min(across), max(across), by=1.0)
    rows = rows_under(canvas, chart.under, top)
    leads = [lead(chart, row, palette) for row in rows]
    area = plot_area(
        canvas,
        top,
        y_limits,
        x_limits,
        chart.y_format,
        chart.x_label,
        _whole(y for _, y in points),
        len(rows),
        margin(leads),
    )
    if area is None:
        say(canvas, palette, TOO_SMALL, top)
        return
    plot, y_ticks = area
    draw_y_axis(canvas, palette, plot, [(plot.tick_row(y), label) for y, label in y_ticks])
    x_ticks = _x_ticks(chart, plot, _whole(x for x, _ in points))
    draw_x_axis(canvas, palette, plot, [(plot.column(x), label) for x, label in x_ticks], chart.x_label)
    draw_under(canvas, palette, plot, rows, leads, [x for x, _ in x_ticks])
    draw_zero(canvas, palette, plot)  # before the labels, so that it does not run through their blanks
    _draw_curves(canvas, chart, palette, plot, curves)
    _draw_marks(canvas, palette, plot, chart.marks)


def _range(given: tuple[float, float] | None) -> list[float]:
    return [number for value in given or () if (number := finite(value)) is not None]


def _whole(values: Iterable[float]) -> bool:
    """Whether the figures come in ones, such as customers or months."""
    return all(value.is_integer() for value in values)


def _segments(line: Line) -> list[list[_Point]]:
    """The observed points, split where one was not observed, each stretch ordered by x."""
    segments: list[list[_Point]] = [[]]
    for x, y in zip(map(finite, line.xs), map(finite, line.ys), strict=False):
        if x is not None and y is not None:
            segments[-1].append((x, y))
        elif segments[-1]:
            segments.append([])
    return [sorted(segment, key=lambda point: point[0]) for segment in segments if segment]


def _x_ticks(chart: LineChart, plot: Plot, whole: bool) -> list[tuple[float, str]]:
    low, high = plot.x
    if chart.x_ticks:
        given = sorted((x, label) for place, label in chart.x_ticks if (x := finite(place)) is not None)
        return [(x, label) for x, label in given if low <= x <= high]
    return labelled_ticks(low, high, max(1, plot.width // 10), chart.x_format, whole)


def _draw_curves(
    canvas: Canvas, chart: LineChart, palette: Palette, plot: Plot, curves: Sequence[list[list[_Point]]]
) -> None:
    placed = [
        [_thinned([(plot.across(x), plot.up(y)) for x, y in segment]) for segment in segments] for segments in curves
    ]
    if chart.steps:
        placed = [[_stepped(segment) for segment in segments] for segments in placed]
    else:
        placed = [[_straightened(segment) for segment in segments] for segments in placed]
    strokes = [
        Stroke(_dots(segment) if chart.lines[place].dotted else segment, place, not chart.lines[place].dotted)
        for place in reversed(range(len(placed)))
        for segment in placed[place]
    ]
    colours = [Style(palette.colour(line.colour)) for line in chart.lines]
    for row, column, character, place in braille.draw(strokes, plot.width, plot.height):
        canvas.cell(plot.top + row, plot.left + column, character, colours[place % len(colours)])
    signed = several(chart)
    for place in reversed(range(len(placed))):
        if placed[place] and ((signed and chart.lines[place].name) or _is_dot(placed[place])):
            sign = SIGNS[place % len(SIGNS)]
            for across, up in _sign_places(placed[place], place, len(placed), plot.width):
                row = plot.height - max(1, min(plot.height, int(up + 0.5)))
                canvas.cell(plot.top + row, plot.left + int(across + 0.5), sign, colours[place])


def _is_dot(segments: Sequence[Sequence[_Point]]) -> bool:
    """Whether a curve is a single point, which a single braille dot would hide."""
    return len(segments) == 1 and segments[0][0] == segments[0][-1]


def _thinned(points: list[_Point]) -> list[_Point]:
    """At most four points per half cell: first, lowest, highest and last, which draw the same dots as all."""
    thin: list[_Point] = []
    start = 0
    while start < len(points):
        half = int(points[start][0] * 2)
        end = start + 1
        while end < len(points) and int(points[end][0] * 2) == half:
            end += 1
        group = points[start:end]
        if len(group) > 4:
            ends = min(group, key=lambda point: point[1]), max(group, key=lambda point: point[1])
            group = [group[0], *ends, group[-1]]
        thin.extend(group)
        start = end
    return thin


def _straightened(points: list[_Point]) -> list[_Point]:
    """The points without those within half a dot of a straight line: plotext's time goes by points."""
    kept = points[:1]
    low, high = -math.inf, math.inf  # slopes from the last point kept that pass all since near enough
    for last, point in pairwise(points):
        across, up = point[0] - kept[-1][0], point[1] - kept[-1][1]
        if not across or not low <= up / across <= high:
            if kept[-1] != last:
                kept.append(last)
            low, high = -math.inf, math.inf
            across, up = point[0] - last[0], point[1] - last[1]
        if across:
            low, high = max(low, (up - _NEAR) / across), min(high, (up + _NEAR) / across)
    return [*kept, points[-1]]


def _stepped(points: Sequence[_Point]) -> list[_Point]:
    """The points of a staircase: each height holds until the next point."""
    stairs = list(points[:1])
    for (_, before), (across, up) in pairwise(points):
        stairs += [(across, before), (across, up)]
    return stairs


def _dots(points: Sequence[_Point]) -> list[_Point]:
    """Single dots along a curve, one in each cell across."""
    if len(points) < 2:
        return list(points)
    cells = range(math.ceil(points[0][0]), math.floor(points[-1][0]) + 1)
    return [(across, _height(points, across)) for across in cells] or [points[0]]


def _height(points: Sequence[_Point], across: float) -> float:
    """The height of the curve above a place between its ends."""
    place = bisect_right(points, across, key=lambda point: point[0])
    if place == 0 or place == len(points):
        return points[min(place, len(points) - 1)][1]
    (x0, y0), (x1, y1) = points[place - 1], points[place]
    return y0 + (y1 - y0) * (across - x0) / (x1 - x0)


def _sign_places(segments: Sequence[Sequence[_Point]], place: int, count: int, width: int) -> list[_Point]:
    """Where a curve carries its sign: along it, away from those of the others, and at its end."""
    stride = max(10.0, width / 3)
    wanted = [(place + 0.5) / count * stride + turn * stride for turn in range(math.ceil(width / stride))]
    places = [
        (float(int(across)), _height(segment, int(across)))
        for segment in segments
        for across in wanted
        if segment[0][0] <= int(across) <= segment[-1][0] - 2
    ]
    return [*places, segments[-1][-1]]


def _draw_marks(canvas: Canvas, palette: Palette, plot: Plot, marks: Sequence[Mark]) -> None:
    """All guides, then the points on them, then the labels, so that no guide runs through a label."""
    places = [(mark, plot.column(x)) for mark in marks if (x := finite(mark.x)) is not None and plot.covers(x)]
    for _, column in places:
        for row in range(plot.height):
            if canvas.is_blank(plot.top + row, plot.left + column, but=ZERO):
                canvas.cell(plot.top + row, plot.left + column, _GUIDE, Style(palette.colour("muted")))
    for mark, column in places:
        if (y := finite(mark.y)) is not None:
            style = Style(palette.colour("foreground"), bold=True)
            canvas.cell(plot.top + plot.row(y), plot.left + column, "●", style)
    for mark, column in places:
        _draw_mark_label(canvas, palette, plot, mark, column)


def _draw_mark_label(canvas: Canvas, palette: Palette, plot: Plot, mark: Mark, column: int) -> None:
    """The reading beside its point, where it covers least; one without room is left out whole."""
    label, y = plain(mark.label), finite(mark.y)
    size, near = cell_len(label), 0 if y is None else plot.row(y)
    starts = [start for start in (column + 2, column - 1 - size) if 0 <= start <= plot.width - size]
    places = [(row, start) for row in range(plot.height) for start in starts]
    if not label or not places:
        return

    def cost(place: tuple[int, int]) -> tuple[bool, bool, int, int]:
        """Covering a curve is worst; then near the point, to its right and below it is best."""
        row, start = place
        on, at = plot.top + row, plot.left + start
        covering = not canvas.is_blank(on, at, size, _GUIDE + ZERO)
        distance = abs(row - near) + (3 if start < column else 0)
        return covering, distance > 4 and not canvas.is_blank(on, at, size, ZERO), distance, -row

    row, start = min(places, key=cost)
    canvas.put(plot.top + row, plot.left + start, label, Style(palette.colour("foreground")))
