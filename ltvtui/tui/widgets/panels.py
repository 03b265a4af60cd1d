"""Small tables under titles, in two columns below plots, on a screen that has room for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.message import Message

from ltvtui.present.overview_panels import Panel
from ltvtui.tui.messages import CursorMoved, EdgePassed, HeadingChosen, RowChosen
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid

LEAST_WIDTH: Final = 160
"""Cells from which on two panels are read side by side."""
LEFT_ABOVE: Final = 30
"""Lines that a table and its plots keep above them."""
COLUMNS: Final = 2
ROWS: Final = 2
"""Panels of a column, at most."""


class Title(FixedSizeWidget):
    """What a panel shows, and a note in muted letters."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title--note"}
    DEFAULT_CSS = """
    Title { height: 1; width: 1fr; padding: 0 1; text-style: bold; }
    Title > .title--note { color: $text-muted; text-style: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = ("", "")

    def render(self) -> Text:
        """The note only where it fits whole."""
        title, note = self.words
        whole = Text(title, no_wrap=True, overflow="ellipsis", end="")
        if note and cell_len(title) + cell_len(note) + 2 <= self.content_size.width:
            whole.append(f"  {note}", Style(color=self.get_component_rich_style("title--note").color, bold=False))
        return whole


class PanelBox(Vertical, FixedSizeWidget):
    """One of them; its table has no cursor."""

    DEFAULT_CSS = """
    PanelBox { margin-top: 1; }
    PanelBox Grid > .grid--cursor { background: transparent; }
    """

    def compose(self) -> ComposeResult:
        """Title over table."""
        yield Title()
        grid = Grid(classes="-aside")
        grid.can_focus = False
        yield grid

    def show(self, panel: Panel | None) -> int:
        """Show it; the lines it takes with the one above it."""
        self.display = panel is not None
        if panel is None:
            return 0
        title, grid = self.query_one(Title), self.query_one(Grid)
        title.words = (panel.title, panel.note)
        title.refresh()
        grid.show(panel.table, empty=panel.empty)
        lines = 1 + grid.window.needed
        self.styles.height = lines
        return 1 + lines


class Panels(Horizontal, FixedSizeWidget):
    """Panels in columns, away where they have no room."""

    DEFAULT_CSS = """
    Panels { height: 0; display: none; }
    Panels.-open { display: block; }
    Panels > Vertical { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines = 0

    def compose(self) -> ComposeResult:
        """As many boxes as there may be."""
        for _ in range(COLUMNS):
            yield Vertical(*(PanelBox() for _ in range(ROWS)))

    def show(self, columns: Sequence[Sequence[Panel]]) -> None:
        """Show these panels, column by column."""
        boxes = list(self.query(PanelBox))
        self._lines = 0
        for number in range(COLUMNS):
            panels = [*(columns[number] if number < len(columns) else ()), *[None] * ROWS][:ROWS]
            here = boxes[number * ROWS : (number + 1) * ROWS]
            self._lines = max(self._lines, sum(box.show(panel) for box, panel in zip(here, panels, strict=True)))

    def lines_in(self, room: Size) -> int:
        """All they need, or none."""
        fits = bool(self._lines) and room.width >= LEAST_WIDTH and room.height - self._lines >= LEFT_ABOVE
        self.set_class(fits, "-open")
        return self._lines if fits else 0

    @on(CursorMoved)
    @on(RowChosen)
    @on(HeadingChosen)
    @on(EdgePassed)
    def leave_alone(self, message: Message) -> None:
        """Keys and clicks are for the table above."""
        message.stop()
