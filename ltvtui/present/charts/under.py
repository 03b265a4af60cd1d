"""Rows of figures under the x axis, read down from its ticks, as under published survival curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.frame import Key, Plot, cut_name
from ltvtui.present.charts.scale import figure, finite, thinned
from ltvtui.present.charts.specs import Palette, Under
from ltvtui.present.plain import plain

_LEAST_HEIGHT: Final = 14
_LEAST_WIDTH: Final = 40
_LEAST_ABOVE: Final = 8
"""Rows that the plot and its axis keep, below title and legend."""
_WIDEST_LABEL: Final = 12


def rows_under(canvas: Canvas, under: Sequence[Under], top: int) -> Sequence[Under]:
    """The rows to be drawn: all, or none where curves would have too little room below row `top`."""
    large = canvas.height >= _LEAST_HEIGHT and canvas.width >= _LEAST_WIDTH
    return under if large and canvas.height - top - len(under) >= _LEAST_ABOVE else ()


def margin(leads: Sequence[Key]) -> int:
    """Cells to the left of the plot that the beginnings of the rows take, and one between."""
    return max((cell_len(_words(lead)) + 1 for lead in leads), default=0)


def draw_under(
    canvas: Canvas, palette: Palette, plot: Plot, rows: Sequence[Under], leads: Sequence[Key], ticks: Sequence[float]
) -> None:
    """Write `rows` at the bottom of the canvas, each with its lead, their figures under the `ticks`.

    Figures stand in the same columns in every row, under as many ticks as have room for them whole.
    """
    texts = [_figures(row, ticks) for row in rows]
    places = {plot.column(x): x for x in ticks}
    widest = [
        (column, "0" * max((cell_len(t[x]) for t in texts if x in t), default=0)) for column, x in places.items()
    ]
    shown = thinned(widest, plot.width)
    first = canvas.height - len(rows)
    for row, lead, figures in zip(range(first, canvas.height), leads, texts, strict=True):
        canvas.put(row, 0, _words(lead), Style(palette.colour("muted")))
        canvas.put(row, 0, lead.sign, lead.style)
        for column, start, room in shown:
            text = figures.get(places[column], "")
            at = start + max(0, min(len(room) - cell_len(text), column - start - cell_len(text) // 2))
            canvas.put(row, plot.left + at, text, Style(palette.colour("foreground")))


def _words(lead: Key) -> str:
    label = cut_name(lead.name, _WIDEST_LABEL)
    return f"{lead.sign} {label}" if lead.sign else label


def _figures(row: Under, ticks: Sequence[float]) -> dict[float, str]:
    """The figure of each tick that has one."""
    figures = {
        x: y
        for x, y in zip(map(finite, row.xs), map(finite, row.values), strict=False)
        if x is not None and y is not None
    }
    return {x: plain(figure(row.format, figures[x])) for x in ticks if x in figures}
