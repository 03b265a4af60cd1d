"""Money in cents: told by its name, or by other money of the same orders that is a hundredth of it."""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.candidate import Candidate, relation_of
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.line_money import product_of
from ltvtui.sources.detection.line_tables import line_key
from ltvtui.sources.detection.scoring import amount_score, word_set, words
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import Relation, single
from ltvtui.sources.sql import Value, quote
from ltvtui.sources.values.money import marks_of, number
from ltvtui.sources.values.operands import numeric_expression

_CENTS: Final = word_set("cents cent centimes pence pennies kopecks kopeks kopiyok minor subunits subunit grosze ore")
LEAST: Final = 10
"""Orders from which on other money of theirs says that this one is in cents."""
_MOST: Final = 2_000
"""Rows that are looked at; what is cut off at the last of them is a small part of them."""
_SMALL: Final = 100
"""Below that in the middle an amount is not likely to be in cents."""


def in_units(database: Database, best: Candidate, overrides: Overrides) -> Candidate:
    """The candidate with its money in the units of the currency, where it is in cents, with a notice."""
    find = best.finds["amount"]
    if overrides.amount is not None or not find.column:
        return best
    column = _column(database, best, find.column)
    if column is None or not _is_whole(column):
        return best
    if set(words(column.name)) & _CENTS:
        return _divided(best, f"{column.name} is in cents: amounts are divided by 100.")
    present = [abs(value) for value in column.sample if isinstance(value, int | float)]
    other = _hundredfold(database, best) if median(present) >= _SMALL else None
    if other is None:
        return best
    why = f"{column.name} is a hundred times {other} of the same orders, so in cents"
    return _divided(best, f"{why}: amounts are divided by 100.")


def in_units_beside(best: Candidate, overrides: Overrides) -> Candidate:
    """The candidate with the column that has its amount in units of the currency, where all rows agree: 5273 and
    "$52.73"."""
    find = best.finds["amount"]
    own = best.table.column(find.column)
    if overrides.amount is not None or own is None or not _is_whole(own):
        return best
    for name, _ in find.rivals:
        other = best.table.column(name)
        if other is not None and _is_hundredth(other, own):
            rivals = tuple((n, s) for n, s in find.rivals if n != name and not _same(best, n, own))
            decimal = replace(find, column=name, why=f"{find.column} is the same in cents", rivals=rivals)
            return replace(best, finds={**best.finds, "amount": decimal})
    return best


def _same(best: Candidate, name: str, own: CatalogColumn) -> bool:
    column = best.table.column(name)
    return column is not None and column.sample == own.sample


def _is_hundredth(other: CatalogColumn, own: CatalogColumn) -> bool:
    comma = marks_of(other.sample).decimal_comma
    pairs = [(_worth(one, comma), _worth(cents, None)) for one, cents in zip(other.sample, own.sample, strict=False)]
    full = [(one, cents) for one, cents in pairs if cents]
    return len(full) >= LEAST and all(one is not None and round(one * 100) == cents for one, cents in full)


def _worth(value: Value, comma: bool | None) -> float | None:
    return number(value, comma) if isinstance(value, str) else value if isinstance(value, int | float) else None


def _divided(best: Candidate, notice: str) -> Candidate:
    finds = dict(best.finds)
    for role in ("amount", "refunded", "margin", "cost"):
        if role in finds and (role in ("amount", "refunded") or set(words(finds[role].column)) & _CENTS):
            find = finds[role]
            sql = find.column if re.fullmatch(r'[A-Za-z_]+|"[^"]+"\."[^"]+"', find.column) else quote(find.column)
            finds[role] = replace(find, column=f"{sql} / 100.0", why=f"{find.why}, in cents")
    return replace(best, finds=finds, notices=(*best.notices, notice))


def _column(database: Database, best: Candidate, amount: str) -> CatalogColumn | None:
    found = best.table.column(amount)
    if found is not None or best.lines is None:
        return found
    lines = next((t for t in tables_of(database) if t.name == best.lines), None)
    return (
        next((c for c in lines.columns if amount == f"{quote(lines.name)}.{quote(c.name)}"), None) if lines else None
    )


def _is_whole(column: CatalogColumn) -> bool:
    present = [value for value in column.sample if value is not None]
    return bool(present) and all(isinstance(value, int | float) and value == int(value) for value in present)


def _hundredfold(database: Database, best: Candidate) -> str | None:
    """What other money of the same orders is a hundredth of theirs."""
    if best.base is not None or "order_id" not in best.finds:
        return None
    order_id = best.finds["order_id"].column
    relation = relation_of(database, best)
    own = _sums(relation, relation.expression(order_id, "order id"), best.finds["amount"].column)
    for table in tables_of(database):
        if table.name in (best.table.name, best.lines) or table.view or not table.rows or not own:
            continue
        key, money = line_key(table, best.table, order_id), _money(table)
        if key is None or money is None:
            continue
        theirs = _sums(single(database, table.name, "money"), quote(key), money)
        ratios = [own[k] / theirs[k] for k in own.keys() & theirs.keys() if theirs[k]]
        if len(ratios) >= LEAST and 80 <= median(ratios) <= 125:
            return f"{money} of {table.name}"
    return None


def _money(table: CatalogTable) -> str | None:
    worth = product_of(table)
    best = max(table.columns, key=amount_score, default=None)
    by_name = best.name if best is not None and amount_score(best) > 0.5 else None
    return worth.sql if worth else by_name


def _sums(relation: Relation, key: str, amount: str) -> dict[object, float]:
    money = numeric_expression(relation, amount, "amount", None)
    rows_of = f"SELECT {key} AS k, {money} AS m FROM {relation.source} LIMIT {_MOST}"  # noqa: S608
    sql = f"SELECT k, sum(m) FROM ({rows_of}) GROUP BY 1"  # noqa: S608
    rows = glance(relation.database, sql, seconds=1.0) or []
    return {key: float(value) for key, value in rows if isinstance(value, int | float)}
