"""Charts as text: a frozen description in, rows of styled runs out. No Textual, no I/O.

    render(LineChart("LTV by tier", [Line("VIP", months, euros)]), 80, 20, palette)

plotext, imported when the first curve is drawn, keeps one figure per process: draw on one thread.
"""

from __future__ import annotations

from ltvtui.present.charts.bars import draw_bars
from ltvtui.present.charts.braille import prepare
from ltvtui.present.charts.canvas import Canvas
from ltvtui.present.charts.columns import draw_columns
from ltvtui.present.charts.frame import LEAST_HEIGHT, LEAST_WIDTH, TOO_SMALL, say
from ltvtui.present.charts.lines import draw_lines
from ltvtui.present.charts.scale import compact, date_ticks
from ltvtui.present.charts.specs import (
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
    "prepare",
    "render",
    "render_sentence",
]


def render(chart: Chart, width: int, height: int, palette: Palette) -> list[list[Run]]:
    """The chart as exactly `height` rows of runs, each row exactly `width` cells wide.

    A chart without figures, or without the room for them, becomes a sentence.
    """
    canvas = Canvas(max(0, width), max(0, height))
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        say(canvas, palette, TOO_SMALL)
    elif isinstance(chart, LineChart):
        draw_lines(canvas, chart, palette)
    elif isinstance(chart, BarChart):
        draw_bars(canvas, chart, palette)
    elif isinstance(chart, ColumnChart):
        draw_columns(canvas, chart, palette)
    else:
        draw_timeline(canvas, chart, palette)
    return canvas.rows()


def render_sentence(sentence: str, width: int, height: int, palette: Palette) -> list[list[Run]]:
    """One sentence in the middle of the room a chart would take."""
    canvas = Canvas(max(0, width), max(0, height))
    say(canvas, palette, sentence)
    return canvas.rows()
