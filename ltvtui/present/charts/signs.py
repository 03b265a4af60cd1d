"""How curves are told apart without colour: their signs, and rows of figures that belong to them."""

from __future__ import annotations

from ltvtui.present.charts.canvas import Style
from ltvtui.present.charts.frame import Key
from ltvtui.present.charts.specs import Line, LineChart, Palette, Under
from ltvtui.present.plain import plain

SIGNS = "●◆▲■▼◇△□▽"
"""One per series, on the curve and beside its name: colour is never the only carrier."""


def several(chart: LineChart) -> bool:
    """Whether more curves than one have a name, so that each carries a sign."""
    return sum(1 for line in chart.lines if line.name and not line.dotted) > 1


def sign(chart: LineChart, place: int) -> str:
    """The sign of a curve. It goes with its colour, so that a thing has one sign on all charts; where curves share
    a colour, with its place."""
    line = chart.lines[place]
    if line.dotted:
        return "┈"
    if not several(chart):
        return "─"
    own = _number(line)
    if own is None:
        return "○"
    shared = [other for other in chart.lines if other.name and not other.dotted and _number(other) == own]
    return SIGNS[(place if len(shared) > 1 else own) % len(SIGNS)]


def _number(line: Line) -> int | None:
    """Which of the series' colours a curve has; None for the plain one."""
    number = line.colour.removeprefix("accent")
    return int(number) - 1 if number != line.colour and number.isdecimal() else None


def keys(chart: LineChart, palette: Palette) -> dict[int, Key]:
    """By its place every curve that has a name, unless it is that of the chart."""
    with_names = [line for line in chart.lines if line.name]
    if len(with_names) == 1 and plain(with_names[0].name) == plain(chart.title):
        return {}
    return {
        place: Key(sign(chart, place), line.name, Style(palette.colour(line.colour)))
        for place, line in enumerate(chart.lines)
        if line.name
    }


def lead(chart: LineChart, row: Under, palette: Palette) -> Key:
    """What a row under the axis begins with: the sign of its curve where there are several, and its label."""
    if not 0 <= row.line < len(chart.lines):
        return Key("", row.label, Style(palette.colour("muted")))
    line = chart.lines[row.line]
    carried = sign(chart, row.line) if several(chart) else ""
    return Key(carried, row.label, Style(palette.colour(line.colour)))
