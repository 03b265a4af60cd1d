"""Customers: the people behind the trail, any number of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult

from ltvtui.analytics.listing import listed
from ltvtui.present.columns import customer_columns
from ltvtui.present.numbers import counted
from ltvtui.present.tables import Table
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.screens.table_with_charts import NOBODY
from ltvtui.tui.screens.view import Caption, View
from ltvtui.tui.widgets.grid import Grid

DEAREST_FIRST = ("revenue", True)


class CustomersScreen(View):
    """The large table of customers."""

    name_of_view: ClassVar[str] = "customers"
    DEFAULT_CSS = "Customers Grid { padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._of: tuple[object, ...] = ()
        self._measured: tuple[object, tuple[int, ...]] = (None, ())

    def compose(self) -> ComposeResult:
        """One table."""
        yield Caption()
        yield Grid(empty=NOBODY)

    def ask(self, dataset: Dataset, location: Location) -> Table:
        """Customers, sorted and narrowed; measured here, once for every order, since a million take their time.

        Columns keep their places while rows are narrowed.
        """
        column, falls = location.sort or DEAREST_FIRST
        found = dataset.ask(listed, location.query, column, falls, location.search)
        columns = customer_columns(dataset.people.attributes, "name" in found.frame.columns)
        selection, widths = self._measured
        if selection == (dataset, location.query):
            return Table(found.frame, columns, measured=widths, order=found.order, key="id")
        table = Table(found.frame, columns, order=found.order, key="id")
        widths = table.widths
        if not location.search:
            self._measured = ((dataset, location.query), widths)
        return table

    def show(self, dataset: Dataset, location: Location, answer: Table) -> None:
        """Fill the table; the cursor stays where the rows are the same."""
        rows = (location.query, location.sort, location.search)
        self.grid.show(answer, location.sort or DEAREST_FIRST, self.grid.row if rows == self._of else 0)
        self._of = rows
        kept = f" matching “{location.search}”" if location.search else ""
        self.query_one(Caption).tell((f"{counted(answer.height, 'customer')}{kept}",))

    def tables_of(self, dataset: Dataset, location: Location, answer: Table) -> tuple[Table, ...]:
        """The customers."""
        return (answer,)

    def customer(self) -> int | None:
        """Code of the customer under the cursor."""
        table = self.grid.table
        if table is None or table.height == 0:
            return None
        return int(table.part(self.grid.row, self.grid.row + 1)["customer"][0])

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
