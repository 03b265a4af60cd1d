"""A table that could hold the orders, with what was found for each role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.find import Find
from ltvtui.sources.relation import SELECT_NAME, Relation, is_select, rows_of
from ltvtui.sources.sql import quote
from ltvtui.sources.values.date_guess import DateGuess

REQUIRED: Final = ("customer", "date", "amount")


@dataclass(frozen=True)
class Candidate:
    """A table that could hold the orders."""

    orders: str
    """Table, view or SELECT, as a mapping names it."""
    score: float
    """0..1."""
    why: str
    table: CatalogTable
    finds: dict[str, Find] = field(default_factory=dict)
    dates: DateGuess | None = None
    lines: str | None = None
    lines_order_id: str | None = None
    base: str | None = None
    """The table whose rows these are, where `orders` is a SELECT that was made for them."""
    notices: tuple[str, ...] = ()
    """One sentence each: what is to be known of how they were understood."""

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return self.base or self.table.name

    @property
    def source(self) -> str:
        """SQL to put after FROM."""
        return f"({self.orders}\n)" if is_select(self.orders) else quote(self.table.name)

    @property
    def qualifier(self) -> str:
        """The name that its rows have in expressions."""
        return SELECT_NAME if is_select(self.orders) else self.table.name

    @property
    def columns(self) -> tuple[CatalogColumn, ...]:
        """Columns of the orders table."""
        return self.table.columns

    @property
    def required(self) -> dict[str, Find]:
        """Customer, date and amount."""
        return {role: self.finds[role] for role in REQUIRED}


def relation_of(database: Database, candidate: Candidate) -> Relation:
    """The rows of a candidate as a source."""
    order_id = candidate.finds.get("order_id")
    key = order_id.column or None if order_id else None
    return rows_of(database, candidate.orders, key, candidate.lines, candidate.lines_order_id)
