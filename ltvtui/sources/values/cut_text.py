"""Views and SELECTs that reckon with amounts kept as text: what they give was cut by SQLite before we see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.relation import SELECT_NAME, Relation, is_select
from ltvtui.sources.values.operands import cut_example, names_and_operands

_DEEPEST: Final = 5
"""Views over views that are looked into."""


def refuse_cut_text(relation: Relation, orders: str, wanted: Iterable[str]) -> None:
    """LtvError (exit code 2) where one of the `wanted` columns is reckoned by a view or a SELECT with such text."""
    table = relation.tables[0]
    if not table.view:
        return
    selected = table.name == SELECT_NAME and is_select(orders)
    sql = orders if selected else relation.database.catalog.view_sql(table.name)
    title = "The SELECT" if selected else f"The view {table.name}"
    for column, example in _cut(relation.database, sql, _DEEPEST):
        if any(_is_computed(relation.database, table.column(name)) for name in wanted):
            raise LtvError(
                f"{title} calculates with {column}, which has text such as {example!r}: SQLite reads it as another "
                "number.",
                "Name the table itself with --orders and calculate in --amount, which reads such text correctly.",
                2,
            )


def _is_computed(database: Database, column: CatalogColumn | None) -> bool:
    """Whether a column of a view holds numbers that no table has under its name."""
    if column is None or any(isinstance(value, str) for value in column.sample):
        return False
    stored = (found for t in tables_of(database) if not t.view and (found := t.column(column.name)) is not None)
    return not any(stored)


def _cut(database: Database, sql: str, depth: int) -> Iterator[tuple[str, str]]:
    """Columns of text that are reckoned with, each with a value that SQLite cuts."""
    names, operands = names_and_operands(sql)
    for table in tables_of(database):
        if table.name.lower() not in names:
            continue
        if table.view:
            if depth:
                yield from _cut(database, database.catalog.view_sql(table.name), depth - 1)
            continue
        for column in table.columns:
            if column.name.lower() in operands and (example := cut_example(column)) is not None:
                yield column.name, example
