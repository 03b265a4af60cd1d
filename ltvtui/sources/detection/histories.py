"""Orders that keep no status themselves: what became of them stands in a table of its own, step by step."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.analytics.cleaning.statuses import is_undone
from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.line_tables import line_key
from ltvtui.sources.detection.vocabulary import meaning
from ltvtui.sources.detection.wrapping import drafted, through
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import is_select
from ltvtui.sources.sql import quote


def with_history(database: Database, best: Candidate, overrides: Overrides) -> Candidate:
    """The candidate with the last status of a table of steps, where the orders have none of their own."""
    order_id = best.finds.get("order_id")
    if overrides.status is not None or order_id is None or {"status", "cancelled"} & set(best.finds):
        return best
    if overrides.orders is not None and is_select(overrides.orders):
        return best
    orders = replace(best.table, name=best.title)
    for table in tables_of(database):
        if table.name in (best.title, best.lines) or table.view or not table.rows or scoring.is_of_refunds(table):
            continue
        key = line_key(table, orders, order_id.column)
        status = _status(table) if key else None
        when = _when(table) if status else None
        if key is None or status is None or when is None or not _has_steps(database, table, key):
            continue
        return _read(database, best, overrides, (table, key, status, when))
    return best


def _status(table: CatalogTable) -> CatalogColumn | None:
    """A column of statuses, one of which means that the order was undone."""
    fit = [c for c in table.columns if {"status", "state"} & set(meaning(c.name))]
    return next((c for c in fit if any(isinstance(v, str) and is_undone(v) for v in c.sample)), None)


def _when(table: CatalogTable) -> CatalogColumn | None:
    dated = [c for c in table.columns if scoring.is_called_date(c) and scoring.is_dated(c)]
    return next(iter(dated), None)


def _has_steps(database: Database, table: CatalogTable, key: str) -> bool:
    """Whether orders have several rows there, one for each step."""
    name_words = set(meaning(table.name)) & {"status", "statuses", "state", "states", "history", "log"}
    sql = f"SELECT count(*) > count(DISTINCT {quote(key)}) FROM {quote(table.name)}"  # noqa: S608
    rows = glance(database, sql) if name_words else None
    return bool(rows and rows[0][0])


def _read(
    database: Database,
    best: Candidate,
    overrides: Overrides,
    where: tuple[CatalogTable, str, CatalogColumn, CatalogColumn],
) -> Candidate:
    table, key, status, when = where
    draft, finds = drafted(database, best, overrides)
    order_id = draft.sql_of(finds["order_id"].column)
    sorted_by = quote(when.name)
    wanted = f"{quote(key)} AS of_order, {quote(status.name)} AS last_status"
    last = database.dialect.last_of_each(wanted, quote(table.name), quote(key), sorted_by)
    draft = replace(draft, source=f"{draft.source} LEFT JOIN ({last}) AS steps ON steps.of_order = {order_id}")
    draft = draft.with_columns("row", [("steps.last_status", CatalogColumn("order_status", ""))])
    name = draft.chosen[-1].column.name
    finds["status"] = Find(name, 0.9, f"the last {status.name} of {table.name}")
    notice = f"The status of an order is the last one of {table.name}: {status.name}, by {when.name}."
    return through(database, best, draft.sql(), [one.column for one in draft.chosen], finds, notice)
