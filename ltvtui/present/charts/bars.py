"""Horizontal bars of block characters, an eighth of a cell fine."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from ltvtui.present.charts.canvas import SHADE, Canvas, Style, blocks
from ltvtui.present.charts.columns import draw_columns
from ltvtui.present.charts.frame import draw_sentence, head
from ltvtui.present.charts.scale import figure, finite, limits
from ltvtui.present.charts.specs import BarChart, ColumnChart, Palette
from ltvtui.present.fitting import shorten_apart
from ltvtui.present.plain import plain

_ACROSS = " ▏▎▍▌▋▊▉█"
_LEAST_BAR = 4
_LEAST_LABEL = 4
_MOST_APART = 3
"""Rows from one bar to the next: the bar itself, as thick as there is room for, and a gap."""


def draw_bars(canvas: Canvas, chart: BarChart, palette: Palette) -> bool:
    """Draw a row per label: label, figure, bar. Figures stand in one column and are never cut."""
    if not chart.horizontal:
        return draw_columns(canvas, _as_columns(chart), palette)
    bounds = [*zip(map(finite, chart.lower), map(finite, chart.upper), strict=True)]
    ends = [end for _, end in bounds if end is not None]
    unit = ", ".join(part for part in (chart.y_label, chart.band_note if ends else "") if part)
    top = head(canvas, palette, chart.title, unit) if canvas.height > 4 else 0
    labels = [plain(label) for label in chart.labels]
    values = [*map(finite, chart.values), *[None] * len(labels)][: len(labels)]
    drawn = [value if value is None or chart.longest is None else min(value, chart.longest) for value in values]
    seen = [value for value in drawn if value is not None]
    if not seen:
        draw_sentence(canvas, palette, chart.empty, top)
        return True
    figures = ["" if value is None else figure(chart.format, value) for value in values]
    rows = canvas.height - top
    shown = len(labels) if len(labels) <= rows else max(0, rows - 1)
    figure_width = max(map(cell_len, figures))
    label_width = max(map(cell_len, labels[:shown]), default=0)
    label_width = min(label_width, max(_LEAST_LABEL, canvas.width - figure_width - 4 - _LEAST_BAR))
    names = shorten_apart(labels[:shown], label_width)
    left = label_width + 2 + figure_width + 1
    if canvas.width - left < _LEAST_BAR or not shown:
        return False
    scale = _Scale(left, canvas.width - left, *limits([*seen, *ends, *chart.at_least], from_zero=True))
    apart = min((rows + 1) // shown, _MOST_APART) if shown == len(labels) else 1  # a gap where there is room for all
    for place in range(shown):
        row = top + place * apart
        faint = place in chart.greyed
        style = Style(palette.colour("muted" if faint else "foreground"))
        canvas.put(row, 0, names[place], style)
        canvas.put(row, left - 1 - cell_len(figures[place]), figures[place], style)
        colour = chart.colours[place] if place < len(chart.colours) else chart.colour
        for line in range(row, row + max(apart - 1, 1)):
            _draw_bar(canvas, palette, colour, scale, line, drawn[place], faint)
            if place < len(bounds):
                _draw_bounds(canvas, palette, colour, scale, line, *bounds[place])
    if shown < len(labels):
        canvas.put(top + shown, 0, f"… {len(labels) - shown} more", Style(palette.colour("muted")))
    return True


@dataclass(frozen=True)
class _Scale:
    """Where horizontal bars start and how long they are."""

    left: int
    width: int
    low: float
    high: float

    @property
    def cells_below(self) -> int:
        """Cells left of zero."""
        if self.low >= 0:
            return 0
        if self.high <= 0:
            return self.width - 1
        return max(1, min(self.width - 2, round((self.width - 1) * (-self.low / (self.high - self.low)))))

    def size(self, value: float) -> float:
        """The length of a bar in cells, on one scale for both directions."""
        below = self.cells_below
        above = self.width - below - (1 if self.low < 0 else 0)
        room = [above / self.high] if self.high > 0 else []
        room += [below / -self.low] if self.low < 0 else []
        return abs(value) * min(room)


def _draw_bar(
    canvas: Canvas,
    palette: Palette,
    colour: str,
    scale: _Scale,
    row: int,
    value: float | None,
    faint: bool,
) -> None:
    zero = scale.left + scale.cells_below
    if scale.low < 0:
        canvas.cell(row, zero, "│", Style(palette.colour("muted")))
    if value is None or value == 0:
        return
    size = scale.size(value)
    if value < 0:
        style = Style(palette.colour("muted" if faint else "negative"), dim=faint)
        halves = max(1, round(size * 2))  # blocks that grow to the left exist in halves only
        for place in range(halves // 2):
            canvas.cell(row, zero - 1 - place, SHADE if faint else "█", style)
        if halves % 2:
            canvas.cell(row, zero - 1 - halves // 2, SHADE if faint else "▐", style)
        return
    style = Style(palette.colour("muted" if faint else colour), dim=faint)
    first = zero + (1 if scale.low < 0 else 0)
    for place, character in enumerate(blocks(size, _ACROSS, faint)):
        canvas.cell(row, first + place, character, style)


def _draw_bounds(
    canvas: Canvas, palette: Palette, colour: str, scale: _Scale, row: int, low: float | None, high: float | None
) -> None:
    """Shade from the lower bound to the upper one, over the bar and beyond it."""
    if low is None or high is None or low < 0 or scale.low < 0:
        return
    for place in range(round(scale.size(low)), max(round(scale.size(high)), round(scale.size(low)) + 1)):
        canvas.cell(row, scale.left + place, SHADE, Style(palette.colour(colour)))


def _as_columns(chart: BarChart) -> ColumnChart:
    count = len(chart.labels)
    return ColumnChart(
        chart.title,
        range(count),
        chart.values,
        x_ticks=list(enumerate(chart.labels)),
        y_label=chart.y_label,
        y_format=chart.format,
        greyed=chart.greyed,
        colour=chart.colour,
        empty=chart.empty,
    )
