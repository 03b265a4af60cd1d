"""Tables of the same columns whose names tell no period: whether they are parts of a shop, or states of it, only the
analyst knows."""

from __future__ import annotations

from collections.abc import Sequence

from ltvtui.errors import thousands
from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.sql import quote

SECONDS = 1.0
"""Longest time that is waited for a count."""


def twin_notices(database: Database, best: Candidate) -> tuple[str, ...]:
    """A sentence for each table with the columns of the orders and with rows that these lack: it is not read."""
    if best.table.view or best.table not in tables_of(database):
        return ()
    twins = [t for t in tables_of(database) if t is not best.table and t.rows and are_twins((t, best.table))]
    return tuple(sentence for twin in twins for sentence in _twin_notices(database, best.table, twin))


def are_twins(tables: Sequence[CatalogTable]) -> bool:
    """Whether all are tables of the same columns."""
    column_sets = {frozenset(c.name.lower() for c in table.columns) for table in tables}
    return len(column_sets) == 1 and not any(table.view for table in tables)


def together(tables: Sequence[CatalogTable]) -> str:
    """A SELECT of the rows of all."""
    listed = ", ".join(quote(column.name) for column in tables[0].columns)
    return " UNION ALL ".join(f"SELECT {listed} FROM {quote(table.name)}" for table in tables)  # noqa: S608


def _twin_notices(database: Database, orders: CatalogTable, twin: CatalogTable) -> tuple[str, ...]:
    listed = ", ".join(quote(column.name) for column in orders.columns)
    own = f"SELECT {listed} FROM {quote(twin.name)} EXCEPT SELECT {listed} FROM {quote(orders.name)}"  # noqa: S608
    rows = glance(database, f"SELECT count(*) FROM ({own})", seconds=SECONDS)  # noqa: S608
    count = rows[0][0] if rows else None
    if not isinstance(count, int) or not count:
        return ()
    return (
        f"{twin.name} has the columns of {orders.name} and {thousands(count)} rows that {orders.name} lacks, but is "
        f"not read. If they are orders too: --orders '{together((orders, twin))}'.",
    )
