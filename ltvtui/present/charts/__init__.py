"""Charts as text: a frozen description in, rows of styled runs out. No Textual, no I/O.

    render(LineChart("LTV by tier", [Line("VIP", months, euros)]), 80, 20, palette)

plotext, imported when the first curve is drawn, keeps one figure per process: draw on one thread.
"""

from __future__ import annotations

from ltvtui.present.charts.bars import draw_bars
from ltvtui.present.charts.braille import prepare
from ltvtui.present.charts.canvas import Canvas
from ltvtui.present.charts.columns import draw_columns
from ltvtui.present.charts.frame import LEAST_WIDTH, TOO_SMALL, draw_sentence
from ltvtui.present.charts.in_words import draw_figures
from ltvtui.present.charts.lines import draw_lines
from ltvtui.present.charts.scale import compact, date_ticks
from ltvtui.present.charts.specs import (
    Band,
    BarChart,
    Chart,
    ColumnChart,
    Line,
    LineChart,
    Mark,
    Palette,
    Run,
    Timeline,
    Under,
)
from ltvtui.present.charts.timeline import draw_timeline

__all__ = [
    "Band",
    "BarChart",
    "Chart",
    "ColumnChart",
    "Line",
    "LineChart",
    "Mark",
    "Palette",
    "Run",
    "Timeline",
    "Under",
    "compact",
    "date_ticks",
    "has_figures",
    "prepare",
    "render",
    "render_sentence",
]


def has_figures(chart: Chart) -> bool:
    """Whether there is anything to draw; else it is a sentence."""
    match chart:
        case LineChart():
            return any(y is not None for line in chart.lines for y in line.ys)
        case BarChart() | ColumnChart():
            return any(value is not None for value in chart.values)
    return True


def render(chart: Chart, width: int, height: int, palette: Palette) -> list[list[Run]]:
    """The chart as exactly `height` rows of runs, each row exactly `width` cells wide.

    A chart without figures becomes a sentence, one without room a line of figures.
    """
    canvas = Canvas(max(0, width), max(0, height))
    if width < LEAST_WIDTH or height < 1:
        draw_sentence(canvas, palette, TOO_SMALL)
    elif not _draw(canvas, chart, palette):
        draw_figures(canvas, palette, chart)
    return canvas.rows()


def _draw(canvas: Canvas, chart: Chart, palette: Palette) -> bool:
    """Draw the chart; False where it has no room."""
    match chart:
        case LineChart():
            return draw_lines(canvas, chart, palette)
        case BarChart():
            return draw_bars(canvas, chart, palette)
        case ColumnChart():
            return draw_columns(canvas, chart, palette)
        case Timeline():
            return draw_timeline(canvas, chart, palette)


def render_sentence(sentence: str, width: int, height: int, palette: Palette) -> list[list[Run]]:
    """One sentence in the middle of the room a chart would take."""
    canvas = Canvas(max(0, width), max(0, height))
    draw_sentence(canvas, palette, sentence)
    return canvas.rows()
