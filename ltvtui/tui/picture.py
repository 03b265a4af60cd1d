"""A picture of what is on screen: as SVG in its colours, or as text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.segment import Segment, Segments
from textual.geometry import Region

from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.terminal.textual_internals import lines_of
from ltvtui.tui.widgets.chart import Chart


def plot_on(main_screen: MainScreen) -> Chart | None:
    """The plot in front; None where none is on screen."""
    for chart in main_screen.active.query(Chart):
        if chart.chart is not None and chart.size.height and chart.is_on_screen:
            return chart
    return None


def picture_of_plot(chart: Chart, ending: str) -> str:
    """The plot as text of an .svg or .txt file."""
    width, height = chart.size
    return _picture(chart.render_lines(Region(0, 0, width, height)), width, ending)


def picture_of_screen(main_screen: MainScreen, ending: str) -> str:
    """The whole main screen, without a dialog over it, as text of an .svg or .txt file."""
    return _picture(lines_of(main_screen), main_screen.size.width, ending)


def _picture(lines: Sequence[Iterable[Segment]], width: int, ending: str) -> str:
    if ending == ".txt":
        return "".join("".join(part.text for part in line).rstrip() + "\n" for line in lines)
    console = Console(
        width=max(width, 1),
        height=max(len(lines), 1),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    for line in lines:
        console.print(Segments([*line, Segment.line()]), end="")
    return console.export_svg(title="ltvtui")
