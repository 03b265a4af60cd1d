"""Timelines: a stem per order, as dots of braille.

Stems are upright, so that their dots can be told without drawing lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

from ltvtui.present.charts.axis import linear
from ltvtui.present.charts.bands import BLANK, DOTS
from ltvtui.present.charts.canvas import Canvas, Style
from ltvtui.present.charts.frame import (
    LEAST_PLOT_HEIGHT,
    LEAST_PLOT_WIDTH,
    Plot,
    draw_sentence,
    draw_x_axis,
    draw_y_axis,
    draw_zero,
    head,
)
from ltvtui.present.charts.scale import apart, date_ticks, finite, limits
from ltvtui.present.charts.silence import Silence
from ltvtui.present.charts.specs import Palette, Timeline
from ltvtui.present.numbers import counted
from ltvtui.present.plain import plain

_LEAST_BRACKET: Final = 3
"""Cells from which on a silence is bracketed."""


class _Stem(NamedTuple):
    across: float
    """Cells from the middle of the first column."""
    up: float
    """Cells from the middle of the x axis, which is the row below the last."""
    amount: float


def draw_timeline(canvas: Canvas, chart: Timeline, palette: Palette) -> bool:
    """Draw a stem per order: a full head for a payment, a hollow one below zero for a refund; and the silence since
    the last one, held against what is usual."""
    orders = [
        (day, amount)
        for day, amount in zip(map(finite, chart.days), map(finite, chart.amounts), strict=False)
        if day is not None and amount is not None
    ]
    silence = Silence.of(chart, orders)
    choices = [
        " · ".join(filter(None, (chart.y_label, words))) for words in (silence.wordings() if silence else ("",))
    ]
    room = canvas.width - cell_len(plain(chart.title)) - 2
    label = next((words for words in choices if cell_len(words) <= room), chart.y_label)
    top = head(canvas, palette, chart.title, label) if canvas.height > 4 else 0
    if not orders:
        draw_sentence(canvas, palette, chart.empty, top)
        return True
    until = finite(chart.until)
    days = [day for day, _ in orders] + ([until] if until is not None else [])
    x = (min(days), max(days)) if max(days) - min(days) >= 1 else (min(days) - 15, max(days) + 15)
    height = canvas.height - top - 2
    if height < LEAST_PLOT_HEIGHT:
        return False
    y = linear(*limits((amount for _, amount in orders), from_zero=True), height, chart.y_format)
    left = max(cell_len(text) + 2 for *_, text in y.ticks)
    plot = Plot(top, left, canvas.width - left, height, apart(*x), (y.low, y.high))
    if plot.width < LEAST_PLOT_WIDTH:
        return False
    draw_y_axis(canvas, palette, plot, [(height - place, text) for place, _, text in y.ticks])
    ticks = [(plot.column(day), label) for day, label in date_ticks(*plot.x, plot.width // 10)]
    draw_x_axis(canvas, palette, plot, ticks, "")
    _draw_stems(canvas, palette, plot, orders)
    draw_zero(canvas, palette, plot)
    if silence:
        _draw_silence(canvas, palette, plot, silence)
    return True


def _draw_silence(canvas: Canvas, palette: Palette, plot: Plot, silence: Silence) -> None:
    """A bracket over the days without an order, and a guide where the next one was usual."""
    start, end = plot.column(silence.last) + 1, plot.column(silence.until)
    if end - start < _LEAST_BRACKET:
        return
    style = Style(palette.colour("negative" if silence.is_long else "muted"))
    row = plot.top + max(plot.row(0.0) - 1, 0)
    if silence.is_long and silence.rhythm is not None:
        usual = plot.column(silence.last + silence.rhythm)
        for each in range(plot.top, plot.top + plot.height):
            if start <= usual < end and canvas.is_blank(each, plot.left + usual):
                canvas.cell(each, plot.left + usual, "┊", Style(palette.colour("muted")))
    bracket = f"├{'─' * (end - start - 1)}┤"
    for place, character in enumerate(bracket):
        if canvas.is_blank(row, plot.left + start + place, but="┊"):
            canvas.cell(row, plot.left + start + place, character, style)
    label = f" {counted(round(silence.until - silence.last), 'day')} "
    if len(label) <= end - start - 1:
        at = plot.left + start + (end - start + 1 - len(label)) // 2
        if canvas.is_blank(row, at, len(label), "─┊"):
            canvas.put(row, at, label, style)


def _draw_stems(canvas: Canvas, palette: Palette, plot: Plot, orders: Sequence[tuple[float, float]]) -> None:
    tallest: dict[tuple[int, bool], _Stem] = {}
    for day, amount in orders:  # one stem a half cell and direction: the highest covers the others
        stem = _Stem(plot.across(day), plot.up(amount), amount)
        key = (int(stem.across * 2), amount < 0)
        if key not in tallest or abs(amount) > abs(tallest[key].amount):
            tallest[key] = stem
    styles = (Style(palette.colour("accent1")), Style(palette.colour("negative")))
    for row, column, character, refund in _cells(tallest.values(), plot):
        canvas.cell(plot.top + row, plot.left + column, character, styles[refund])
    if len(tallest) > plot.width // 2:
        return
    for stem in tallest.values():
        sign = "○" if stem.amount < 0 else "●"
        row, column = plot.row(stem.amount), int(stem.across + 0.5)
        canvas.cell(plot.top + row, plot.left + column, sign, styles[stem.amount < 0])


def _cells(stems: Iterable[_Stem], plot: Plot) -> Iterator[tuple[int, int, str, bool]]:
    """The dots of all stems: (row from the top, column, braille character, whether of a refund).

    Of two in one cell the colour is that of the later.
    """
    cells: dict[tuple[int, int], tuple[int, bool]] = {}
    ground = _dot(plot.up(0.0), plot)
    for stem in stems:
        column, half = divmod(min(max(int((stem.across + 0.5) * 2), 0), plot.width * 2 - 1), 2)
        low, high = sorted((ground, _dot(stem.up, plot)))
        for dot in range(low, high + 1):
            cell = (plot.height - 1 - dot // 4, column)
            bits, _ = cells.get(cell, (0, False))
            cells[cell] = (bits | DOTS[dot % 4][half], stem.amount < 0)
    for (row, column), (bits, refund) in cells.items():
        yield row, column, chr(BLANK + bits), refund


def _dot(up: float, plot: Plot) -> int:
    """Which row of dots it is, counted from the lowest of the plot; what is outside stands at its edge."""
    return min(max(int((up - 0.5) * 4), 0), plot.height * 4 - 1)
