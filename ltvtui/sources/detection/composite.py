"""Orders that only several columns tell apart, such as the number of a receipt and its store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.completing import Completed
from ltvtui.sources.detection.draft import Draft, FromItem
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.relation import listing
from ltvtui.sources.sql import quote

ORDER: Final = "order_id"
"""What the column is called that tells such orders apart."""


def keyed(database: Database, sources: Sequence[FromItem]) -> Iterator[Completed]:
    """Each table of sales whose declared key is of several columns, one of them the number of an order that begins
    anew; with the lines that have all of them beside."""
    for source in sources:
        header = source.table
        key = [c for c in header.columns if c.pk]
        if len(source.members) > 1 or not header.rows or len(key) < 2 or not _restarts(database, header, key):
            continue
        names = [c.name for c in key]
        lines = [s for s in sources if s.table is not header and _has(s, names)]
        if any(_is_part(header, other.table) for other in sources if other is not source):
            continue  # lines of another table
        draft = Draft.of(source)
        for other in lines[:1]:
            lines_sql = quote(other.table.name)
            on = " AND ".join(f"{lines_sql}.{quote(n)} = {quote(header.name)}.{quote(n)}" for n in names)
            rest = ((f"{lines_sql}.{quote(c.name)}", c) for c in other.table.columns if c.name not in names)
            draft = replace(draft, source=f"{draft.source} JOIN {other.sql} ON {on}")
            draft = draft.with_columns(other.table.name, rest)
        number = " || '-' || ".join(draft.sql_of(name) for name in names)
        for name in names:
            if scoring.order_id_score(next(c for c in key if c.name == name)) > 0:
                draft = draft.without(name)
        draft = draft.with_columns("row", [(number, CatalogColumn(ORDER, "TEXT"))])
        notice = f"The order id of {header.name} is {listing(names)} together."
        table = draft.with_notice(notice).table(database)
        if table is not None:
            yield Completed(draft.with_notice(notice), table, None, True)


def _restarts(database: Database, header: CatalogTable, key: Sequence[CatalogColumn]) -> bool:
    """Whether a part of the key is named as the number of an order, and stands several times."""
    number = max(key, key=scoring.order_id_score)
    if scoring.order_id_score(number) < 0.9 or not any(scoring.customer_score(c) for c in header.columns):
        return False
    sql = f"SELECT count(*) > count(DISTINCT {quote(number.name)}) FROM {quote(header.name)}"  # noqa: S608
    rows = glance(database, sql)
    return bool(rows and rows[0][0])


def _has(other: FromItem, names: Sequence[str]) -> bool:
    """Whether a table has all columns of the key, and money of lines beside them."""
    there = all(other.table.column(name) is not None for name in names)
    money = any(scoring.unit_price_score(c) or scoring.amount_score(c) for c in other.table.columns)
    return there and money and bool(other.table.rows) and not scoring.is_beside_sales(other.table)


def _is_part(table: CatalogTable, whole: CatalogTable) -> bool:
    keys = {c.name for c in whole.columns if c.pk}
    return len(keys) > 1 and keys < {c.name for c in table.columns if c.pk}
