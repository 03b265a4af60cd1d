"""A table over as many plots as the terminal has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.geometry import Size
from textual.widget import Widget

from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.present.charts import has_figures
from ltvtui.tui.widgets.chart import Chart
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid

PLOT_WIDTH = 58
"""Cells a plot needs to be read; as many stand side by side as fit."""
PLOT_HEIGHT = 8
"""Lines below the table from which on plots are drawn without being asked for."""
WORDS_HEIGHT = 3
"""Lines from which on their last figures stand there in words."""
ASKED_HEIGHT = 11
"""Lines that plots take of a long table where they are asked for, unless the view says otherwise."""
EDGES = 3
"""Cells left and right of the columns of a table, and of the marks at its right."""
LEAST_TABLE = 6
"""Lines that the table keeps then."""


@runtime_checkable
class Measured(Protocol):
    """A widget that knows how many lines it takes before it is laid out; others take one."""

    def lines_in(self, room: Size) -> int:
        """Lines it takes in a view of that size."""
        ...


@runtime_checkable
class Wide(Protocol):
    """A widget of several tables that knows how many cells they need beside plots; others than a grid take all."""

    def width_in(self, width: int) -> int:
        """Cells it needs, with its edges, where there are so many."""
        ...


class Plots(Horizontal, FixedSizeWidget):
    """Plots side by side."""

    DEFAULT_CSS = "Plots { height: 1fr; }"
    BLANK = True


class Body(Container, FixedSizeWidget):
    """Table and plots: under each other, or side by side."""

    DEFAULT_CSS = """
    Body { layout: vertical; height: 1fr; width: 1fr; }
    Body.-beside { layout: horizontal; }
    """
    BLANK = True


class TableOverPlots(Vertical, FixedSizeWidget):
    """Lines of a head, a table as high as its rows, plots in what is left, lines of a foot. Where plots are asked for
    below a long table, it has three fifths of the room, or less; beside a long and narrow one they have what is left
    of the width.

    `g` shows or hides the plots, `G` shows one alone, `m` brings the next to the front.
    """

    DEFAULT_CSS = """
    TableOverPlots { height: 1fr; width: 1fr; }
    TableOverPlots Grid { padding: 0 1; }
    TableOverPlots Chart { width: 1fr; height: 1fr; margin: 1 1 0 1; }
    TableOverPlots.-big > *, TableOverPlots.-big Body > * { display: none !important; }
    TableOverPlots.-big > Body, TableOverPlots.-big Plots { display: block !important; }
    """
    BLANK = True

    def __init__(self, *head: Widget, table: Widget, plots: int, foot: Sequence[Widget] = ()) -> None:
        """`table` tells its lines by `lines_in`; `plots`: how many there may be at most."""
        super().__init__()
        self._head, self._table, self._foot = head, table, tuple(foot)
        self._most = plots
        self._plots: tuple[ChartSpec, ...] = ()
        self._wanted: bool | None = None
        self._room = Size(0, 0)
        self.least = WORDS_HEIGHT
        """Lines from which on plots are there without being asked for."""
        self.asked = ASKED_HEIGHT
        """Lines that plots take of a long table where they are asked for."""
        self.shared_from: int | None = None
        """Lines of a long table from which on plots have theirs below it without being asked for; None: never."""
        self.front = 0
        """Number of the plot that is shown first."""
        self.sideways = False
        """Whether plots may stand beside a table that is long and narrow."""

    def compose(self) -> ComposeResult:
        """Head and table over plots."""
        yield from self._head
        with Body():
            yield self._table
            with Plots():
                for _ in range(self._most):
                    yield Chart()
        yield from self._foot

    def draw(self, plots: Sequence[ChartSpec], room: Size) -> None:
        """Show these plots, the one in front first; under a table without rows those that have figures, as the table
        says already that there are none."""
        table = self._table
        grids: list[Grid] = [table] if isinstance(table, Grid) else [*table.query(Grid)]
        rows = [grid for grid in grids if grid.cursor == "row" or grid is table]
        is_empty = bool(rows) and not any(grid.window.rows for grid in rows)
        self._plots = tuple(plot for plot in plots if not is_empty or has_figures(plot))
        self.fill(room)

    @property
    def has_plots(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self._plots)

    def toggle(self) -> None:
        """Show or hide the plots."""
        self._wanted = not self.is_drawn or self.is_big
        self.remove_class("-big")
        self.fill(self._room)

    def toggle_big(self) -> None:
        """One plot alone, and back."""
        self._wanted = True
        self.toggle_class("-big")
        self.fill(self._room)

    def next(self) -> None:
        """Bring the next plot to the front."""
        self._wanted = True
        self.front = (self.front + 1) % max(len(self._plots), 1)
        self.fill(self._room)

    @property
    def is_big(self) -> bool:
        """Whether one plot has the whole view."""
        return self.has_class("-big")

    @property
    def is_single(self) -> bool:
        """Whether one plot has room, and no other beside it."""
        return self.is_big or self._beside < 2 * PLOT_WIDTH

    @property
    def is_beside(self) -> bool:
        """Whether the table leaves no lines, but cells for plots at its right."""
        if not (self.sideways and self._plots) or self._wanted is False or self._left >= PLOT_HEIGHT:
            return False
        return self._room.width - self._table_width >= PLOT_WIDTH

    @property
    def _beside(self) -> int:
        """Cells that plots have beside each other."""
        return self._room.width - (self._table_width if self.is_beside else 0)

    @property
    def _table_width(self) -> int:
        """Cells that all columns of the table need, with its edges; another widget takes all there are."""
        if isinstance(self._table, Wide):
            return self._table.width_in(self._room.width)
        if not isinstance(self._table, Grid):
            return self._room.width
        return self._table.window.cells_in(self._room.width) + EDGES

    @property
    def is_showing(self) -> bool:
        """Whether plots are on screen."""
        has_room = self.is_beside or self._is_shared or self._left >= self.least
        return bool(self._plots) and (has_room if self._wanted is None else self._wanted)

    @property
    def _is_shared(self) -> bool:
        """Whether a table too long for plots below it gives them some of its lines."""
        of_table = self._room.height - self._others - self.asked
        return self.shared_from is not None and self._left < PLOT_HEIGHT and of_table >= self.shared_from

    @property
    def is_drawn(self) -> bool:
        """Whether plots are on screen because there is room to draw them, or because they were asked for."""
        has_room = self.is_beside or self._is_shared or self._left >= PLOT_HEIGHT
        return bool(self._plots) and (has_room if self._wanted is None else self._wanted)

    @property
    def _left(self) -> int:
        """Lines below a table that has all it needs."""
        return self._room.height - _lines(self._table, self._room) - self._others

    @property
    def _others(self) -> int:
        return sum(_lines(widget, self._room) for widget in (*self._head, *self._foot))

    def _most_of_table(self, table: int) -> int:
        """Lines that the table may take over plots."""
        if self._wanted is None and not self._is_shared:  # plots have room below the whole table
            return table
        most = max(self._room.height * 3 // 5, self._room.height - table)
        if self._wanted or self._is_shared:
            most = max(LEAST_TABLE, min(most, self._room.height - self._others - self.asked))
        return most

    def fill(self, room: Size) -> None:
        """The table as high as it may be, as many plots beside each other as there is room for."""
        self._room = room
        for widget in (*self._head, *self._foot):
            if isinstance(widget, Measured):
                widget.styles.height = widget.lines_in(room)
        showing, table = self.is_showing, _lines(self._table, room)
        self.query_one(Plots).display = showing
        beside = self.is_beside and not self.is_big
        self.query_one(Body).set_class(beside, "-beside")
        is_over = showing and not beside
        self._table.styles.height = min(table, self._most_of_table(table)) if is_over else "1fr"
        self._table.styles.width = room.width - self._beside if beside else "1fr"
        side_by_side = 1 if self.is_single else self._beside // PLOT_WIDTH
        for place, chart in enumerate(self.query(Chart)):
            chart.display = place < min(side_by_side, len(self._plots))
            if showing and chart.display:
                plot = self._plots[(self.front + place) % len(self._plots)]
                if chart.chart is not plot:
                    chart.chart = plot


def _lines(widget: Widget, room: Size) -> int:
    return widget.lines_in(room) if isinstance(widget, Measured) else 1
