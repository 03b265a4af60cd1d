"""What goods cost, where only the table of products tells it: asked of it line by line."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.candidate import Candidate, relation_of
from ltvtui.sources.detection.completing import is_cost
from ltvtui.sources.detection.draft import FromItem
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.lookups import asked, step_of
from ltvtui.sources.detection.scoring import word_set
from ltvtui.sources.detection.vocabulary import meaning
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.sql import quote
from ltvtui.sources.values.operands import cut_example, numeric_expression

_GOODS: Final = word_set("product products item items article articles sku skus variant variants goods")


def with_costs(database: Database, best: Candidate, overrides: Overrides, sources: list[FromItem]) -> Candidate:
    """The candidate with the cost of its lines, where the table of their products has that of one piece."""
    if overrides.cost is not None or overrides.margin is not None or {"cost", "margin"} & set(best.finds):
        return best
    table, qualifier = _lines(database, best)
    goods = [s for s in sources if set(meaning(s.table.name)) & _GOODS and s.table.name != table.name]
    quantity = max(table.columns, key=scoring.quantity_score)
    if best.finds["amount"].column == quantity.name or not scoring.quantity_score(quantity) or cut_example(quantity):
        return best
    for column in table.columns:
        step = step_of(database, column, goods)
        # SQLite itself multiplies: what it would cut is left alone
        cost = next((c for c in step.table.columns if is_cost(c) and not cut_example(c)), None) if step else None
        if step is None or cost is None:
            continue
        sql = f"{quote(qualifier)}.{quote(quantity.name)} * {asked(qualifier, [step], cost.name)}"
        found = replace(best, finds={**best.finds, "cost": Find(sql, 0.8, f"{cost.name} of {step.table.name}")})
        if not _is_likely(database, found):
            continue
        notice = f"Cost is {cost.name} of {step.table.name} times {quantity.name}: figures are after costs."
        return replace(found, notices=(*best.notices, notice))
    return best


def _lines(database: Database, best: Candidate) -> tuple[CatalogTable, str]:
    if best.lines is not None:
        return next(t for t in tables_of(database) if t.name == best.lines), best.lines
    return best.table, best.qualifier


def _is_likely(database: Database, found: Candidate) -> bool:
    """Whether the goods cost something, and less than they were sold for."""
    relation = relation_of(database, found)
    amount, cost = (numeric_expression(relation, found.finds[role].column, role, None) for role in ("amount", "cost"))
    sql = f"SELECT sum(a), sum(c) FROM (SELECT {amount} AS a, {cost} AS c FROM {relation.source} LIMIT 1000)"  # noqa: S608
    rows = glance(database, sql)
    sold, paid = rows[0] if rows else (None, None)
    return isinstance(sold, int | float) and isinstance(paid, int | float) and 0 < paid < sold
