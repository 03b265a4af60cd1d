"""Customers that several tables describe: the gender in one, the country in another, one row each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.attributes import attribute_columns
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.draft import Draft, FromItem, sampled
from ltvtui.sources.detection.links import is_unique
from ltvtui.sources.detection.scoring import words
from ltvtui.sources.sql import quote

LEAST: Final = 0.5
"""Share of the sampled customers that a table knows, from which on it describes them."""
_KEY: Final = "customer_key"


def described_together(
    database: Database, best: Candidate, first: CatalogTable | None, key: str
) -> tuple[str, CatalogTable] | None:
    """The SELECT of all that several tables say of a customer, and what it gives, with a column `key` for the id.

    `first` is the table that says most, by its column `key`; None: there is none. None where no other adds a thing.
    """
    customer = best.table.column(best.finds["customer"].column)
    if customer is None or (first is not None and not is_unique(database, _alone(first), key)):
        return None
    parts = [(first, key)] if first is not None else []
    parts += [pair for pair in _more(database, best, customer) if first is None or pair[0].name != first.name]
    if len(parts) < (2 if first is not None else 1):
        return None
    every = " UNION ".join(f"SELECT {quote(k)} AS {quote(_KEY)} FROM {quote(t.name)}" for t, k in parts)  # noqa: S608
    draft = Draft("customers", f"({every}) AS k", ())
    draft = draft.with_columns("k", [(f"k.{quote(_KEY)}", CatalogColumn(key, "", sample=customer.sample))])
    for table, of in parts:
        wanted = [c for c in table.columns if c.name != of and not draft.has(c.name)]
        draft = draft.joined(_alone(table), of, f"k.{quote(_KEY)}", wanted)
    found = sampled(database, draft.sql(), [one.column for one in draft.chosen])
    return (draft.sql(), found) if found else None


def _more(database: Database, best: Candidate, customer: CatalogColumn) -> Iterator[tuple[CatalogTable, str]]:
    """Tables with one row a customer, by a column that is called as that of the orders, or as a customer's id is."""
    whole = "".join(words(customer.name))
    of_orders = {str(value) for value in customer.sample if value not in (None, "")}
    for table in tables_of(database):
        if table.view or not table.rows or table.name in (best.table.name, best.base, best.lines):
            continue
        column = next((c for c in table.columns if "".join(words(c.name)) == whole), None)
        if column is None or scoring.customer_score(column) < 0.8:
            continue
        present = [str(value) for value in column.sample if value not in (None, "")]
        if len(set(present)) < len(present) or not attribute_columns(table.columns, [column.name]):
            continue
        if any(scoring.amount_score(c) > 0.5 for c in table.columns) and not scoring.is_party_table(table):
            continue  # sales, of customers who all bought but once
        share = len(of_orders & set(present)) / max(1, min(len(of_orders), len(set(present))))
        few = (table.rows or 0) <= len(present)
        if (share >= LEAST or not few) and is_unique(database, _alone(table), column.name):
            yield table, column.name


def _alone(table: CatalogTable) -> FromItem:
    return FromItem(table, quote(table.name), (table.name,))
