"""The person behind customer ids that are made anew for every order."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.candidates import reread
from ltvtui.sources.detection.content import content_of
from ltvtui.sources.detection.draft import FromItem
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.links import refers
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import is_select
from ltvtui.sources.sql import quote

MOST_ROWS: Final = 200_000
"""Rows of orders that are counted through."""
SECONDS: Final = 3.0
"""Longest time one count is given."""
_FEWEST: Final = 50
"""Orders from which on it is no accident that nobody bought twice."""
_SAME: Final = 0.99
"""Different customers an order from which on the id is taken for one of the order."""
_FEWER: Final = 0.98
"""Persons a customer id at most where the persons' own id is taken instead."""


def by_person(database: Database, best: Candidate, overrides: Overrides) -> Candidate:
    """`best`, by the person's own id in the customer table where the orders' customer id never comes twice."""
    customer = best.table.column(best.finds["customer"].column)
    if overrides.customer is not None or customer is None or (best.base is None and _is_made(best)):
        return best
    if not content_of(customer).present >= _FEWEST or not content_of(customer).unique:
        return best
    orders, ids = _counted(database, best.source, customer.name)
    if orders < _FEWEST or ids < _SAME * orders:
        return best
    for table in tables_of(database):
        if table is best.table or table.view or not table.rows:
            continue
        key = _key(table, customer)
        person = _person(database, table, key, ids) if key is not None else None
        if key is not None and person is not None:
            return _joined(database, best, overrides, customer, table, key, person)
    return best


def _is_made(best: Candidate) -> bool:
    """Whether the rows are those of a view or a SELECT, so that the analyst has said what they are."""
    return best.table.view or is_select(best.orders)


def _joined(
    database: Database,
    best: Candidate,
    overrides: Overrides,
    customer: CatalogColumn,
    table: CatalogTable,
    key: CatalogColumn,
    person: CatalogColumn,
) -> Candidate:
    # a join and not a look-up in every row: SQLite then makes itself an index where the table has none
    own = best.table.column(person.name) is not None
    name = f"person {person.name}" if own else person.name
    sql = (
        f"SELECT o.*, p.person AS {quote(name)} FROM {best.source} AS o LEFT JOIN"  # noqa: S608
        f" (SELECT {quote(key.name)} AS key, min({quote(person.name)}) AS person FROM {quote(table.name)} GROUP BY 1)"
        f" AS p ON p.key = o.{quote(customer.name)}"
    )
    notice = (
        f"{customer.name} is different in every order of {best.title}: {person.name} of {table.name}, which "
        f"repeats, is used as the customer id. If this is wrong: --customer {customer.name}."
    )
    found = Find(name, best.finds["customer"].score, f"{customer.name} never repeats, this does")
    by_them = replace(best, finds=best.finds | {"customer": found})
    return reread(database, by_them, sql, overrides, notice)


def _key(table: CatalogTable, customer: CatalogColumn) -> CatalogColumn | None:
    """The column of a table of people that the orders' customer id refers to."""
    if customer.references is None and not scoring.is_party_table(table):
        return None
    key = refers(customer, FromItem(table, quote(table.name), (table.name,)))
    return table.column(key) if key else None


def _person(database: Database, table: CatalogTable, key: CatalogColumn, ids: int) -> CatalogColumn | None:
    """The column of the customer table that tells persons apart: it repeats, though not by far as often as a city."""
    likely = sorted(
        (c for c in table.columns if c is not key and not c.unique and scoring.customer_score(c) >= 0.5),
        key=lambda c: -scoring.customer_score(c),
    )
    for column in likely:
        rows, distinct = _counted(database, quote(table.name), column.name)
        if rows >= 0.9 * ids and ids / 50 <= distinct <= _FEWER * ids:
            return column
    return None


def _counted(database: Database, source: str, column: str) -> tuple[int, int]:
    """Rows in which a column is filled, and its different values; (0, 0) where that is too slow."""
    name = quote(column)
    sql = (
        f"SELECT count({name}), count(DISTINCT {name}) FROM"  # noqa: S608
        f" (SELECT {name} FROM {source} LIMIT {MOST_ROWS})"
    )
    try:
        rows, distinct = database.query(sql, seconds=SECONDS)[0]
    except TooSlow:
        return 0, 0
    return int(str(rows)), int(str(distinct))
