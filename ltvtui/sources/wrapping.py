"""A candidate as one SELECT of all its columns, to be read through another around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ltvtui.sources.candidates import Candidate, Find
from ltvtui.sources.catalog import Column
from ltvtui.sources.draft import Chosen, Draft, sampled
from ltvtui.sources.relation import SELECT_NAME, joined, single
from ltvtui.sources.sqlite import Database, quote


def drafted(database: Database, candidate: Candidate) -> tuple[Draft, dict[str, Find]]:
    """The rows of a candidate as a SELECT of all their columns, and its roles by the names of those.

    An expression becomes a column called like its role.
    """
    order_id = candidate.finds["order_id"].column if "order_id" in candidate.finds else ""
    relation = (
        single(database, candidate.orders, "orders")
        if candidate.lines is None
        else joined(database, candidate.orders, order_id, candidate.lines, candidate.lines_order_id)
    )
    draft = Draft(candidate.title, relation.source, ())
    for table in relation.tables if candidate.base is None else (candidate.table,):
        name = table.name if candidate.base is None else SELECT_NAME
        for column in table.columns:
            if not draft.has(column.name):
                chosen = Chosen(f"{quote(name)}.{quote(column.name)}", replace(column, pk=False, unique=False))
                draft = replace(draft, chosen=(*draft.chosen, chosen))
    finds = {}
    for role, find in candidate.finds.items():
        there = next((one.column.name for one in draft.chosen if one.sql == find.column), None)
        if there is not None:
            find = replace(find, column=there)
        elif find.column and not draft.has(find.column):
            sql, name = relation.expression(find.column, role.replace("_", " ")), draft.free(role, "row")
            sql = sql if "--" in sql else sql.replace("\n)", ")")
            draft = draft.with_columns("row", [(sql, Column(name, ""))])
            find = replace(find, column=name, why=f"{find.why}: {find.column}")
        finds[role] = find
    return draft, finds


def through(
    database: Database, best: Candidate, sql: str, columns: Iterable[Column], finds: dict[str, Find], notice: str
) -> Candidate:
    """`best` read through a SELECT that gives `columns`, which is said; or as it was where that cannot be read."""
    table = sampled(database, sql, columns)
    if table is None:
        return best
    return replace(
        best,
        orders=sql,
        table=table,
        finds=finds,
        lines=None,
        lines_order_id=None,
        base=best.title,
        notices=(*best.notices, notice),
    )
