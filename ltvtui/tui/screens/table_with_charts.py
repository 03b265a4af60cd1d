"""A table over as many plots as the terminal has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.tui.screens.view import Caption, View
from ltvtui.tui.widgets.chart import Chart
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid

PLOT_WIDTH = 58
"""Cells a plot needs to be read; as many stand side by side as fit."""
PLOT_HEIGHT = 7
"""Lines below the table from which on plots show without being asked for."""
NOBODY = "No customers in this selection: Esc goes back up."


class Plots(Horizontal, FixedSizeWidget):
    """Plots side by side."""

    DEFAULT_CSS = "Plots { height: 1fr; }"
    BLANK = True


class TableWithCharts(View):
    """The table is as high as its rows, at most three fifths; plots take the rest.

    `g` shows or hides the plots, `G` shows one alone, `m` brings the next to the front.
    """

    DEFAULT_CSS = """
    TableWithCharts Grid { padding: 0 1; }
    TableWithCharts Chart { width: 1fr; height: 1fr; margin: 1 1 0 1; }
    TableWithCharts.-big Grid, TableWithCharts.-big Caption { display: none; }
    """

    def __init__(self, most: int, cursor: Literal["row", "cell"] = "row") -> None:
        super().__init__()
        self._most = most
        self._cursor: Literal["row", "cell"] = cursor
        self._plots: tuple[ChartSpec, ...] = ()
        self._front = 0
        self._wanted: bool | None = None

    def compose(self) -> ComposeResult:
        """Tables over plots."""
        yield from self.compose_tables()
        with Plots():
            for _ in range(self._most):
                yield Chart()

    def compose_tables(self) -> ComposeResult:
        """What stands over the plots: a line, and a table."""
        yield Caption()
        yield Grid(empty=NOBODY, cursor=self._cursor)

    @property
    def tables(self) -> Widget:
        """What shares the height with the plots."""
        return self.grid

    @property
    def height_of_tables(self) -> int:
        """Lines it takes to show all of them."""
        return self.grid.height_of_table

    @property
    def height_of_head(self) -> int:
        """Lines above them."""
        return 1

    def draw(self, plots: Sequence[ChartSpec]) -> None:
        """Show these plots, the one in front first."""
        self._plots = tuple(plots)
        self.arrange_parts()

    def toggle_plot(self) -> None:
        """Show or hide the plots."""
        self._wanted = not self.showing or self.has_class("-big")
        self.remove_class("-big")
        self.arrange_parts()
        self.grid.focus()

    def toggle_big_plot(self) -> None:
        """One plot alone, and back."""
        self._wanted = True
        self.toggle_class("-big")
        self.arrange_parts()
        if not self.has_class("-big"):
            self.grid.focus()  # hidden widgets lose it

    def next_plot(self) -> None:
        """Bring the next plot to the front."""
        self._wanted = True
        self._front = (self._front + 1) % max(len(self._plots), 1)
        self.arrange_parts()

    @property
    def alone(self) -> bool:
        """True where one plot has room, and no other beside it."""
        return self.has_class("-big") or self.room.width < 2 * PLOT_WIDTH

    @property
    def showing(self) -> bool:
        """True while plots are on screen."""
        if self._wanted is not None:
            return self._wanted
        return self.room.height - self.height_of_head - self.height_of_tables >= PLOT_HEIGHT

    def arrange_parts(self) -> None:
        """The table as high as it may be, as many plots beside each other as there is room for."""
        showing, height = self.showing, self.room.height
        self.query_one(Plots).display = showing
        table = self.height_of_tables
        self.tables.styles.height = min(table, max(height * 3 // 5, height - table)) if showing else "1fr"
        room = 1 if self.alone else self.room.width // PLOT_WIDTH
        for place, chart in enumerate(self.query(Chart)):
            chart.display = place < min(room, len(self._plots))
            if showing and chart.display:
                spec = self._plots[(self._front + place) % len(self._plots)]
                if chart.chart is not spec:
                    chart.chart = spec
