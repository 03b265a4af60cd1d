"""A picture of what is on screen: in its colours, or as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import split_graphemes
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.app import App
from textual.color import Color
from textual.geometry import Region

from ltvtui.present.cell_picture import DrawnCell, svg
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.terminal.textual_internals import lines_of
from ltvtui.tui.widgets.chart import Chart

_DIM: Final = 0.5
"""How much is left of what is drawn faintly."""


def plot_on(main_screen: MainScreen) -> Chart | None:
    """The plot in front; None where none is on screen."""
    for chart in main_screen.active.query(Chart):
        if chart.chart is not None and chart.size.height and chart.is_on_screen:
            return chart
    return None


def picture_of_plot(chart: Chart, ending: str) -> str:
    """The plot as text of a .txt file, else as SVG."""
    width, height = chart.size
    return _picture(chart.render_lines(Region(0, 0, width, height)), width, ending, chart.app)


def picture_of_screen(main_screen: MainScreen, ending: str) -> str:
    """The whole main screen, without a dialog over it, in the same way."""
    return _picture(lines_of(main_screen), main_screen.size.width, ending, main_screen.app)


def _picture(lines: Sequence[Iterable[Segment]], width: int, ending: str, app: App[object]) -> str:
    if ending == ".txt":
        return "".join("".join(part.text for part in line).rstrip() + "\n" for line in lines)
    theme = app.ansi_theme
    ground, ink = (Color.parse(app.theme_variables[name]) for name in ("background", "foreground"))
    return svg([_cells(line, width, theme, ink, ground) for line in lines], ground.hex6.lower(), "ltvtui")


def _cells(line: Iterable[Segment], width: int, theme: TerminalTheme, ink: Color, ground: Color) -> list[DrawnCell]:
    """The cells of a line; behind a wide character stands an empty one."""
    cells: list[DrawnCell] = []
    for text, style, control in line:
        if control:
            continue
        face = style or Style()
        fore, back = (_shown(colour, theme) or own for colour, own in ((face.color, ink), (face.bgcolor, ground)))
        if face.reverse:
            fore, back = back, fore
        if face.dim:
            fore = back.blend(fore, _DIM)
        parts = (fore.hex6.lower(), back.hex6.lower(), bool(face.bold), bool(face.italic), bool(face.underline))
        for start, end, size in split_graphemes(text)[0]:
            if size:
                cells += [DrawnCell(text[start:end], *parts), *[DrawnCell("", *parts)] * (size - 1)]
    return cells[:width]


def _shown(colour: RichColor | None, theme: TerminalTheme) -> Color | None:
    """A colour as it looks; None for the terminal's own."""
    if colour is None or colour.is_default:
        return None
    return Color(*colour.get_truecolor(theme))
