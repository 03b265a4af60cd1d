"""The table with the lines of orders, and the column by which they belong to them."""

from __future__ import annotations

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.find import Find, fill
from ltvtui.sources.detection.row_amounts import quantity_times_price
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import find_table, is_select


def lines_of(
    database: Database, table: CatalogTable, order_id: Find | None, overrides: Overrides
) -> tuple[CatalogTable, str] | None:
    """The line table of an orders table with its order id column."""
    if overrides.lines is not None:
        if not overrides.lines:
            return None
        line = find_table(database, overrides.lines, "order lines")
        key = overrides.lines_order_id or line_key(line, table, order_id.column if order_id else "")
        if key is None:
            raise LtvError(
                f"{line.name} has no column that refers to {table.name}.",
                "Name the column: --lines-order-id COLUMN",
                2,
            )
        return line, key
    if order_id is None or is_select(table.name) or table.view:
        return None
    found: list[tuple[float, CatalogTable, str]] = []
    for line in tables_of(database):
        if line is table or line.view or not line.rows or scoring.is_beside_sales(line):
            continue
        key = line_key(line, table, order_id.column)
        if key is None:
            continue
        amount = quantity_times_price(line, line.name) or fill("amount", None, line, scoring.amount_score)
        if amount.column:
            found.append((amount.score, line, key))
    best = max(found, key=lambda f: f[0], default=None)
    return (best[1], best[2]) if best else None


def line_key(line: CatalogTable, table: CatalogTable, order_id: str) -> str | None:
    """The column of `line` that refers to an order of `table`, whose own id is `order_id`."""
    for column in line.columns:
        if column.references is not None and column.references[0].lower() == table.name.lower():
            return column.name
    same = line.column(order_id) if order_id and scoring.words(order_id) != ("id",) else None
    if same is not None and not same.unique:
        return same.name
    singular = scoring.words(table.name)[-1].rstrip("s")
    for column in line.columns:
        if "".join(scoring.words(column.name)) == singular + "id":
            return column.name
    return None
