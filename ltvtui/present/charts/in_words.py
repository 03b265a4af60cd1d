"""What a chart says where it has no room to be drawn: its last figures, on one or two lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.frame import TOO_SMALL, cut, draw_sentence
from ltvtui.present.charts.scale import day_label, figure, finite
from ltvtui.present.charts.silence import Silence
from ltvtui.present.charts.specs import BarChart, Chart, ColumnChart, LineChart, Number, Palette, Timeline
from ltvtui.present.plain import plain

_BETWEEN: Final = " · "
_MOST_PERIODS: Final = 6


def draw_figures(canvas: Canvas, palette: Palette, chart: Chart) -> None:
    """Write title and figures of `chart` on as many lines as there are, whole figures alone."""
    canvas.clear()
    parts = [plain(part) for part in _figures(chart)]
    if not parts:
        draw_sentence(canvas, palette, chart.empty)
        return
    lines = _lines(plain(chart.title), parts, canvas.width, canvas.height)
    if not lines:
        draw_sentence(canvas, palette, TOO_SMALL)
    for row, line in enumerate(lines):
        canvas.put(row, 0, line, Style(palette.colour("foreground")))
    canvas.put(0, 0, cut(chart.title, canvas.width) if lines else "", Style(palette.colour("foreground"), bold=True))


def _lines(title: str, parts: Sequence[str], width: int, height: int) -> list[str]:
    """Title and parts in lines; no line where not even the first part has room."""
    lines, shown = [title], 0
    for number, part in enumerate(parts):
        joined = f"{lines[-1]}{_BETWEEN if number else ': '}{part}"
        if cell_len(joined) <= width:
            lines[-1] = joined
        elif len(lines) < height and cell_len(part) <= width:
            lines.append(part)
        else:
            break
        shown += 1
    return lines if shown else []


def _figures(chart: Chart) -> list[str]:
    """The figures, the most important first; nothing where there are none."""
    match chart:
        case LineChart():
            return _ends(chart) or [mark.label for mark in chart.marks]
        case BarChart():
            pairs = zip(chart.labels, map(finite, chart.values), strict=False)
            return [f"{label} {figure(chart.format, value)}" for label, value in pairs if value is not None]
        case ColumnChart():
            return _newest(chart)
        case Timeline():
            return _orders(chart)


def _ends(chart: LineChart) -> list[str]:
    parts: list[str] = []
    last_xs: set[float] = set()
    for line in chart.lines:
        seen = _seen(line.xs, line.ys)
        if not seen or not line.name:
            continue
        if line.dotted:  # a level, which its name tells
            parts.append(line.name)
            continue
        last_xs.add(seen[-1][0])
        note = f", {chart.notes} {line.note}" if line.note else ""
        parts.append(f"{line.name} {figure(chart.y_format, _rounded(seen[-1][1]))}{note}")
    if parts and len(last_xs) == 1 and chart.x_label:
        parts.append(f"at {figure(chart.x_format, last_xs.pop())} {chart.x_label}")
    return parts


def _rounded(value: float) -> float:
    """Three digits of what is small: formats of axes are for round numbers."""
    return float(f"{value:.3g}") if abs(value) < 1_000 else value


def _newest(chart: ColumnChart) -> list[str]:
    seen = _seen(chart.x, chart.values)
    names = {x: label for place, label in chart.x_ticks if (x := finite(place)) is not None}
    parts = []
    for x, value in reversed(seen[-_MOST_PERIODS:]):
        unfinished = f" ({chart.partial_note})" if chart.partial_last and x == seen[-1][0] else ""
        parts.append(f"{names.get(x) or figure(chart.x_format, x)} {figure(chart.y_format, value)}{unfinished}")
    return parts


def _orders(chart: Timeline) -> list[str]:
    seen = _seen(chart.days, chart.amounts)
    silence = Silence.of(chart, seen)
    return [
        *(f"{day_label(day)} {figure(chart.y_format, amount)}" for day, amount in seen[: -_MOST_PERIODS - 1 : -1]),
        *([silence.wordings()[0]] if silence else []),
    ]


def _seen(xs: Sequence[float], ys: Sequence[Number]) -> list[tuple[float, float]]:
    """The points that were observed, from left to right."""
    pairs = zip(map(finite, xs), map(finite, ys), strict=False)
    return sorted((x, y) for x, y in pairs if x is not None and y is not None)
