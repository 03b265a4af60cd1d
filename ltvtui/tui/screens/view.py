"""What every view of the desk has in common: it asks in a worker and shows on the UI thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.containers import Vertical
from textual.widgets import Static

from ltvtui.book import Book
from ltvtui.lens import Filter
from ltvtui.present.spreadsheet import harmless
from ltvtui.tui.place import Place
from ltvtui.tui.widgets.grid import Grid


class Caption(Static):
    """One muted line over a table: what it is, how it is ordered."""

    DEFAULT_CSS = """
    Caption { height: 1; color: $text-muted; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._parts: tuple[str, ...] = ()

    def tell(self, parts: Sequence[str]) -> None:
        """Show these parts, the most telling first; what does not fit is left out whole."""
        self._parts = tuple(p for p in parts if p)
        self._fit()

    def on_resize(self) -> None:
        """As many parts as there is room for."""
        self._fit()

    def _fit(self) -> None:
        parts = list(self._parts)
        while len(parts) > 1 and cell_len(" · ".join(parts)) > self.content_size.width:
            parts.pop()
        self.update(" · ".join(parts))


class View(Vertical):
    """One view. `ask` runs in a worker thread and touches no widget; `show` runs on the UI thread."""

    DEFAULT_CSS = "View { height: 1fr; width: 1fr; }"
    name_of_view: ClassVar[str] = ""

    def ask(self, book: Book, place: Place) -> Any:
        """What the view needs to know about `place`; may take long."""
        raise NotImplementedError

    def show(self, book: Book, place: Place, answer: Any) -> None:
        """Show `answer`, which is what `ask` gave for this very place."""
        raise NotImplementedError

    @property
    def grid(self) -> Grid:
        """The view's main table."""
        return self.query_one(Grid)

    def steps(self) -> tuple[Filter, ...]:
        """Filters that the row under the cursor stands for."""
        return ()

    def toggle_plot(self) -> None:
        """Show or hide the plot, where the view has one."""

    def toggle_big_plot(self) -> None:
        """The plot alone, and back, where the view has one."""

    def row_text(self) -> str:
        """The row under the cursor as tab-separated text, headings above."""
        table = self.grid.table
        if table is None or table.frame.height == 0:
            return ""
        row = table.cells(self.grid.row, self.grid.row + 1)[0]
        return "\n".join("\t".join(map(harmless, line)) for line in ([c.title for c in table.columns], row))


def steps_of(grid: Grid, by: tuple[str, ...]) -> tuple[Filter, ...]:
    """The filters of the segment row under the cursor: one for each dimension of `by`."""
    table = grid.table
    if table is None or table.frame.height == 0:
        return ()
    row = table.frame.row(grid.row, named=True)
    return tuple(Filter(d, None if row[d] is None else str(row[d])) for d in by)
