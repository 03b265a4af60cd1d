"""Refunds that stand in a table of their own: taken from the orders that they refer to (metrics.md §1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.draft import FromItem
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.line_tables import line_key
from ltvtui.sources.detection.links import has_most_values
from ltvtui.sources.detection.scoring import word_set
from ltvtui.sources.detection.vocabulary import meaning
from ltvtui.sources.detection.wrapping import drafted, through
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import is_select, single
from ltvtui.sources.sql import quote
from ltvtui.sources.values.operands import numeric_expression, reckonable

_MONEY: Final = word_set("amount value total sum refund refunded money usd eur gbp price paid credit")
_PARTS: Final = word_set("product item line sku variant quantity qty article")
_FLAGGED: Final = word_set("returned return returns refunded refund is")
_NEVER: Final = ("failed", "cancelled", "canceled", "rejected", "denied", "declined", "pending", "requested", "open")
_NO: Final = ("0", "no", "n", "false", "f", "")


def with_refunds(database: Database, best: Candidate, overrides: Overrides) -> Candidate:
    """The candidate with the refunds of a table of such as rows below zero that refer to their order.

    Overrides of the user are left alone: orders that are a SELECT, and a named column.
    """
    order_id = best.finds.get("order_id")
    if order_id is None or not order_id.column or overrides.refund_of is not None:
        return best
    if (
        (overrides.orders is not None and is_select(overrides.orders))
        or "refund_of" in best.finds
        or _has_refunds(best)
    ):
        return best
    for table, key in _tables(database, best, order_id.column):
        money = _money(table, key)
        if money is not None:
            return _netted(database, best, overrides, table, key, money)
        if not any(set(meaning(c.name)) & _PARTS for c in table.columns):
            return _marked(database, best, overrides, table, key)
        notice = f"{table.name} refers to the orders by {key} and has no amount: nothing is subtracted."
        return replace(best, notices=(*best.notices, notice))
    return best


def _has_refunds(best: Candidate) -> bool:
    """Whether the orders have their refunds already: they would be subtracted twice."""
    amount = best.table.column(best.finds["amount"].column)
    below = amount is not None and any(isinstance(v, int | float) and v < 0 for v in amount.sample)
    mapped = best.finds["refunded"].column if "refunded" in best.finds else ""
    refund_columns = (
        c
        for c in best.table.columns
        if ({"refund", "refunded"} & set(meaning(c.name)) or c.name == mapped)
        and scoring.numeric_share(c.sample) > 0.8
    )
    return below or any(any(v not in (0, 0.0, None, "") for v in c.sample) for c in refund_columns)


def _tables(database: Database, best: Candidate, order_id: str) -> Iterator[tuple[CatalogTable, str]]:
    orders = replace(best.table, name=best.title)
    for table in tables_of(database):
        if table.name == best.title or table.view or not table.rows or not scoring.is_of_refunds(table):
            continue
        key = line_key(table, orders, order_id) or _order_key(database, best, table, order_id)
        if key is not None:
            yield table, key


def _order_key(database: Database, best: Candidate, table: CatalogTable, order_id: str) -> str | None:
    """The column of `table` that is named for an order and has ids of these."""
    orders = FromItem(best.table, best.source, (best.title,))
    references = (c for c in table.columns if scoring.refers_to_order(c) and not c.pk)
    return next((c.name for c in references if has_most_values(database, orders, order_id, c)), None)


def _money(table: CatalogTable, key: str) -> CatalogColumn | None:
    fit = [
        c
        for c in table.columns
        if c.name != key
        and not c.pk
        and c.references is None
        and set(meaning(c.name)) & _MONEY
        and not set(meaning(c.name)) & word_set("id no number date at reason type status order method count")
        and scoring.numeric_share(c.sample) > 0.8
    ]
    return max(fit, key=lambda c: len(set(meaning(c.name)) & _MONEY), default=None)


def _netted(
    database: Database, best: Candidate, overrides: Overrides, table: CatalogTable, key: str, money: CatalogColumn
) -> Candidate:
    draft, finds = drafted(database, best, overrides)
    amount, margin, cost = (finds[role].column if role in finds else None for role in ("amount", "margin", "cost"))
    back = _below_zero(database, table, money, overrides)
    given = {finds["order_id"].column: "NULL", amount: back, margin: back, cost: "0"}
    given |= {finds[role].column: "NULL" for role in ("status", "refunded", "cancelled") if role in finds}
    names = [one.column.name for one in draft.chosen]
    sold = ", ".join(quote(name) for name in names)
    rows = ", ".join(given.get(name) or f"o.{quote(name)}" for name in names)
    of = quote(draft.free("refund_of", "row"))
    order_id, of_order = quote(finds["order_id"].column), f"{quote(table.name)}.{quote(key)}"
    sql = (
        f"WITH sold AS ({draft.sql()}) SELECT {sold}, NULL AS {of} FROM sold"  # noqa: S608
        f" UNION ALL SELECT {rows}, {of_order} FROM {quote(table.name)} LEFT JOIN "
        f"({database.dialect.one_of_each('sold', order_id)}) AS o ON o.{order_id} = {of_order}"
    )
    notice = f"{table.name} are subtracted from the orders that they refer to: {money.name}, by {key}"
    if (status := _status(table)) is not None:
        written = database.dialect.as_string(f"{quote(table.name)}.{quote(status.name)}")
        sql += f" WHERE lower(trim(coalesce({written}, ''))) NOT IN ({_listed(_NEVER)})"
        notice += f", except rows whose {status.name} says that nothing was paid back"
    finds["refund_of"] = Find(draft.free("refund_of", "row"), 0.9, f"refunds of {table.name}")
    columns = [*(one.column for one in draft.chosen), CatalogColumn(draft.free("refund_of", "row"), "")]
    return through(database, best, sql, columns, finds, f"{notice}.")


def _below_zero(database: Database, table: CatalogTable, money: CatalogColumn, overrides: Overrides) -> str:
    """SQL for what a row of a table of refunds subtracts, also where that is text."""
    relation, text = single(database, table.name, "refunds"), f"-abs({quote(money.name)})"
    sql = reckonable(
        relation, text, numeric_expression(relation, text, "refund", overrides.decimal), "refund", overrides.decimal
    )
    return sql.replace("\n", "")


def _marked(database: Database, best: Candidate, overrides: Overrides, table: CatalogTable, key: str) -> Candidate:
    """Orders that a table without an amount names came back as a whole."""
    draft, finds = drafted(database, best, overrides)
    order_id = draft.sql_of(finds["order_id"].column)
    listed_orders = f"SELECT {quote(key)} FROM {quote(table.name)}"  # noqa: S608
    flag = next((c for c in table.columns if c.name != key and _is_flag(c)), None)
    if flag is not None:
        written = database.dialect.as_string(quote(flag.name))
        listed_orders += f" WHERE lower(trim({written})) NOT IN ({_listed(_NO)})"
    status = draft.sql_of(finds["status"].column) if "status" in finds else "NULL"
    marked = f"CASE WHEN {order_id} IN ({listed_orders}) THEN 'returned' ELSE {status} END"
    draft = draft.with_columns("row", [(marked, CatalogColumn("order_status", ""))])
    name = draft.chosen[-1].column.name
    finds["status"] = Find(name, 0.9, f"orders in {table.name} were returned")
    notice = f"Orders in {table.name} are left out as returned: it has no amount."
    return through(database, best, draft.sql(), [one.column for one in draft.chosen], finds, notice)


def _status(table: CatalogTable) -> CatalogColumn | None:
    return next((c for c in table.columns if "status" in meaning(c.name) and _are_meaning(c)), None)


def _are_meaning(column: CatalogColumn) -> bool:
    present = [value for value in column.sample if value not in (None, "")]
    return bool(present) and all(isinstance(value, str) and value.strip().isalpha() for value in present)


def _is_flag(column: CatalogColumn) -> bool:
    present = {str(value).strip().lower() for value in column.sample if value is not None}
    return bool(set(meaning(column.name)) & _FLAGGED) and present <= {*_NO, "1", "yes", "y", "true", "t"}


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
