"""Customers: the people behind the trail, any number of them."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from ltvtui.exporting.customers import DEAREST_FIRST
from ltvtui.present.numbers import counted
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.segments import NOBODY
from ltvtui.tui.views.view import INTO_ROW, View
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.grid import Grid


class CustomersScreen(View):
    """The large table of customers."""

    DEFAULT_CSS = "CustomersScreen Grid { padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._of: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """One table."""
        yield Caption()
        yield Grid(empty=NOBODY)

    def show(self, dataset: Dataset, location: Location, answer: Answer) -> None:
        """Fill the table; the cursor stays where the rows are the same."""
        (table,) = answer.tables
        rows = (location.query, location.sort, location.search)
        self.grid.show(table, location.sort or DEAREST_FIRST, self.grid.row if rows == self._of else 0)
        self._of = rows
        # How many they are the sentence says; while rows are narrowed, what narrows them stands at the rows.
        narrowed = f"{counted(table.height, 'customer')} matching “{location.search}”" if location.search else ""
        self.query_one(Caption).show((narrowed,))

    def customer(self) -> int | None:
        """Code of the customer under the cursor."""
        table = self.grid.table
        if table is None or table.height == 0:
            return None
        return int(table.part(self.grid.row, self.grid.row + 1)["customer"][0])

    @property
    def idle(self) -> frozenset[str]:
        """Without a row there is no card."""
        return INTO_ROW if self.customer() is None else frozenset()

    def later(self) -> tuple[Callable[[], object], ...]:
        """The order of all rows: for a jump to the last of them."""
        order = None if self.grid.table is None else self.grid.table.order
        return () if order is None else (lambda: order.whole,)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the customer."""
        table = self.grid.table
        return (
            table is not None and not self.user_state.notes.of_customer(str(table.part(row, row + 1)["id"][0])).blank
        )
