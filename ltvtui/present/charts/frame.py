"""What surrounds the curves: title, legend, axes, ticks; and the sentence where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.cells import cell_len, set_cell_size

from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.scale import thinned
from ltvtui.present.charts.specs import Palette
from ltvtui.present.fitting import fit_middle
from ltvtui.present.plain import plain

TOO_SMALL = "Too small for a chart"
LEAST_WIDTH = 16
ZERO = "┈"
LEAST_PLOT_WIDTH = 6
LEAST_PLOT_HEIGHT = 4
"""Rows of curves or columns; three are no chart."""


def cut(text: str, width: int) -> str:
    """The text made harmless and, if it is wider than `width` cells, ended by an ellipsis."""
    text = plain(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def cut_name(name: str, width: int) -> str:
    """A name made harmless and, if it is wider than `width` cells, cut in its middle: of several that begin alike
    the ends tell them apart."""
    name = plain(name)
    return name if cell_len(name) <= width else fit_middle(name, width).rstrip()


def draw_sentence(canvas: Canvas, palette: Palette, sentence: str, top: int = 0) -> None:
    """Write a sentence in the middle of the canvas below row `top`, on as many rows as it needs."""
    lines = wrap(plain(sentence), max(1, canvas.width))[: max(0, canvas.height - top)]
    row = top + (canvas.height - top - len(lines)) // 2
    for place, line in enumerate(lines):
        text = cut(line, canvas.width)
        canvas.put(row + place, (canvas.width - cell_len(text)) // 2, text, Style(palette.colour("muted")))


def head(canvas: Canvas, palette: Palette, title: str, y_label: str) -> int:
    """Write the title and, after it, the unit; gives the number of rows used."""
    if not title and not y_label:
        return 0
    column = canvas.put(0, 0, cut(title, canvas.width), Style(palette.colour("foreground"), bold=True))
    column += 2 if title else 0
    if y_label and column + cell_len(plain(y_label)) <= canvas.width:
        canvas.put(0, column, y_label, Style(palette.colour("muted")))
    return 1


@dataclass(frozen=True)
class Key:
    """One entry of the legend."""

    sign: str
    """The character that tells the series on the plot."""
    name: str
    """What the series is called."""
    style: Style
    """How the sign is drawn."""


def legend(canvas: Canvas, palette: Palette, row: int, keys: Sequence[Key], most: int, lead: str = "") -> int:
    """Write the legend from `row` on, behind `lead`, in at most `most` rows; gives the number of rows used."""
    if not keys or most < 1:
        return 0
    used, column = 1, canvas.put(row, 0, f"{lead} " if lead else "", Style(palette.colour("muted")))
    for place, key in enumerate(keys):
        name = cut(key.name, max(1, canvas.width - 2))
        size = cell_len(key.sign) + 1 + cell_len(name)
        rest = f"+{len(keys) - place} more"
        room = canvas.width - (len(rest) + 3 if used == most and place < len(keys) - 1 else 0)
        if column and column + size > room:
            if used == most:
                canvas.put(row + used - 1, column, rest, Style(palette.colour("muted")))
                break
            used, column = used + 1, 0
        column = canvas.put(row + used - 1, column, key.sign, key.style)
        column = canvas.put(row + used - 1, column + 1, name, Style(palette.colour("foreground"))) + 3
    return used


@dataclass(frozen=True)
class Plot:
    """The rectangle that curves are drawn in, and the limits of its axes."""

    top: int
    """Its first row on the canvas."""
    left: int
    """Its first column on the canvas."""
    width: int
    """Cells across; the limits of x are the middles of the first and last."""
    height: int
    """Cells down; the limits of y are the middle of the first and of the x axis, the row below the last."""
    x: tuple[float, float]
    """Limits of the x axis, apart."""
    y: tuple[float, float]
    """Limits of the y axis, apart."""

    def covers(self, x: float) -> bool:
        """Whether x lies between the limits."""
        return self.x[0] <= x <= self.x[1]

    def across(self, x: float) -> float:
        """Where x is, in cells from the middle of the first column."""
        return (x - self.x[0]) / (self.x[1] - self.x[0]) * (self.width - 1)

    def up(self, y: float) -> float:
        """Where y is, in cells from the middle of the x axis."""
        return (y - self.y[0]) / (self.y[1] - self.y[0]) * self.height

    def column(self, x: float) -> int:
        """The cell x falls in, from the left of the plot."""
        return max(0, min(self.width - 1, int(self.across(x) + 0.5)))

    def row(self, y: float) -> int:
        """The cell y falls in, from the top of the plot."""
        return min(self.height - 1, self.tick_row(y))

    def tick_row(self, y: float) -> int:
        """The row of a tick of the y axis; that of the lower limit is the x axis itself, below the plot."""
        return self.height - max(0, min(self.height, int(self.up(y) + 0.5)))


def draw_y_axis(canvas: Canvas, palette: Palette, plot: Plot, ticks: Sequence[tuple[int, str]]) -> None:
    """The left axis; `ticks` are (row of the plot, label). Row `plot.height` is the x axis."""
    style = Style(palette.colour("muted"))
    for row in range(plot.height):
        canvas.cell(plot.top + row, plot.left - 1, "│", style)
    canvas.cell(plot.top + plot.height, plot.left - 1, "└", style)
    for row, label in dict(ticks).items():
        canvas.put(plot.top + row, plot.left - 2 - cell_len(label), label, style)
        canvas.cell(plot.top + row, plot.left - 1, "┼" if row == plot.height else "┤", style)


def draw_x_axis(
    canvas: Canvas,
    palette: Palette,
    plot: Plot,
    ticks: Sequence[tuple[int, str]],
    x_label: str,
) -> None:
    """The lower axis; `ticks` are (column of the plot, label) from left to right, thinned to the room."""
    style = Style(palette.colour("muted"))
    row = plot.top + plot.height
    for column in range(plot.width):
        canvas.cell(row, plot.left + column, "─", style)
    for column, start, label in thinned([(column, plain(label)) for column, label in ticks], plot.width):
        canvas.cell(row, plot.left + column, "┬", style)
        canvas.put(row + 1, plot.left + start, label, style)
    if x_label and row + 2 < canvas.height:
        text = cut(x_label, plot.width)
        canvas.put(row + 2, plot.left + (plot.width - cell_len(text)) // 2, text, style)


def draw_level(canvas: Canvas, palette: Palette, plot: Plot, value: float) -> None:
    """A faint line across at a height, where nothing else is drawn."""
    if plot.y[0] < value <= plot.y[1]:
        row = plot.top + plot.row(value)
        for column in range(plot.left, plot.left + plot.width):
            if canvas.is_blank(row, column):
                canvas.cell(row, column, ZERO, Style(palette.colour("muted")))


def draw_zero(canvas: Canvas, palette: Palette, plot: Plot) -> None:
    """A faint line at zero, where nothing else is drawn, if zero lies inside the plot."""
    if plot.y[0] < 0 < plot.y[1]:
        draw_level(canvas, palette, plot, 0.0)
