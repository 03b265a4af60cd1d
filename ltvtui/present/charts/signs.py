"""How curves are told apart without colour: their signs, the legend, and rows of figures that belong to them."""

from __future__ import annotations

from ltvtui.present.charts.canvas import Style
from ltvtui.present.charts.frame import Key
from ltvtui.present.charts.specs import Line, LineChart, Palette, Under
from ltvtui.present.plain import plain

SIGNS = "●◆▲■▼○◇△□▽"
"""One per series, on the curve and in the legend: colour is never the only carrier."""


def several(chart: LineChart) -> bool:
    """Whether more curves than one have a name, so that each carries a sign."""
    return sum(1 for line in chart.lines if line.name) > 1


def sign(chart: LineChart, place: int, line: Line) -> str:
    """The sign of a curve; a single named one is told by how it is drawn."""
    if several(chart):
        return SIGNS[place % len(SIGNS)]
    return "┈┈" if line.dotted else "──"


def keys(chart: LineChart, palette: Palette) -> list[Key]:
    """The legend: every curve that has a name, unless it is that of the chart."""
    named = [line for line in chart.lines if line.name]
    if len(named) == 1 and plain(named[0].name) == plain(chart.title):
        return []
    return [
        Key(sign(chart, place, line), line.name, Style(palette.colour(line.colour)))
        for place, line in enumerate(chart.lines)
        if line.name
    ]


def lead(chart: LineChart, row: Under, palette: Palette) -> Key:
    """What a row under the axis begins with: the sign of its curve where there are several, and its label."""
    if not 0 <= row.line < len(chart.lines):
        return Key("", row.label, Style(palette.colour("muted")))
    line = chart.lines[row.line]
    carried = sign(chart, row.line, line) if several(chart) else ""
    return Key(carried, row.label, Style(palette.colour(line.colour)))
