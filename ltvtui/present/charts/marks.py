"""Marks on a curve: a guide, a point and its label."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.frame import ZERO, Plot
from ltvtui.present.charts.scale import finite
from ltvtui.present.charts.specs import Mark, Palette
from ltvtui.present.plain import plain

_GUIDE = "┊"


def draw_marks(canvas: Canvas, palette: Palette, plot: Plot, marks: Sequence[Mark]) -> None:
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
