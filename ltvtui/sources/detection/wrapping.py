"""A candidate as one SELECT of all its columns, to be read through another around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection.candidate import Candidate, relation_of
from ltvtui.sources.detection.draft import ChosenColumn, Draft, sampled
from ltvtui.sources.detection.find import Find
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.sql import quote
from ltvtui.sources.values.operands import numeric_expression, reckonable

MONEY: Final = ("amount", "margin", "cost", "refunded")
"""Roles whose expressions reckon with numbers, also where those are kept as text."""


def drafted(database: Database, candidate: Candidate, overrides: Overrides) -> tuple[Draft, dict[str, Find]]:
    """The rows of a candidate as a SELECT of all their columns, and its roles by the names of those.

    An expression becomes a column called like its role.
    """
    relation = relation_of(database, candidate)
    draft = Draft(candidate.title, relation.source, ())
    for table in relation.tables:
        for column in table.columns:
            if not draft.has(column.name):
                chosen = ChosenColumn(
                    f"{quote(table.name)}.{quote(column.name)}", replace(column, pk=False, unique=False)
                )
                draft = replace(draft, chosen=(*draft.chosen, chosen))
    finds = {}
    for role, find in candidate.finds.items():
        there = next((one.column.name for one in draft.chosen if one.sql == find.column), None)
        if there is not None:
            find = replace(find, column=there)
        elif find.column and not draft.has(find.column):
            name = draft.free(role, "row")
            if role in MONEY:
                sql = numeric_expression(relation, find.column, role, overrides.decimal)
                sql = reckonable(relation, find.column, sql, role, overrides.decimal)
            else:
                sql = relation.expression(find.column, role.replace("_", " "))
            sql = sql if "--" in sql else sql.replace("\n)", ")")
            draft = draft.with_columns("row", [(sql, CatalogColumn(name, ""))])
            find = replace(find, column=name, why=f"{find.why}: {find.column}")
        finds[role] = find
    return draft, finds


def through(
    database: Database,
    best: Candidate,
    sql: str,
    columns: Iterable[CatalogColumn],
    finds: dict[str, Find],
    notice: str,
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
