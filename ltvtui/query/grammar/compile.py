"""Who meets an expression: it becomes Polars expressions over the customers, and never a line of code.

Of every customer a condition holds or does not: what is not known meets no comparison, and `not` turns that round.
An order attribute means "has such an order", up to the as-of day; with `not in`, that none is such a one, and some
order's is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import WEEKLY
from ltvtui.analytics.kernel.calendar import week_of
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.grammar.amounts import Period, days_of, number
from ltvtui.query.grammar.fields import FilterField, fields_of, find
from ltvtui.query.grammar.figures import compared, ratio_compared, within
from ltvtui.query.grammar.matching import meets
from ltvtui.query.grammar.syntax import And, Compare, In, IsKnown, Leaf, Node, Not, Or

_NO_DAYS: Final = (1, 0)
"""A first and a last day with none between them."""


def compiled(node: Node, whole: Snapshot) -> pl.Expr:
    """True for those customers of the `whole` shop (Snapshot.described) that meet the resolved expression.

    A value that the shop does not have any more matches no customer. Raises FilterError for a name it does not have,
    and LtvError for one of a forecast where there is none.
    """
    return _compiled(node, whole, fields_of(whole.people, whole.cleaned))


def _compiled(node: Node, whole: Snapshot, fields: Sequence[FilterField]) -> pl.Expr:
    match node:
        case Not(part):
            return ~_compiled(part, whole, fields)
        case And(parts):
            return pl.all_horizontal(_compiled(part, whole, fields) for part in parts)
        case Or(parts):
            return pl.any_horizontal(_compiled(part, whole, fields) for part in parts)
    return _condition(find(fields, node.name), node, whole).fill_null(False)


def _condition(field: FilterField, leaf: Leaf, whole: Snapshot) -> pl.Expr:
    match field.kind:
        case "order":
            return pl.lit(_has_such_an_order(field, leaf, whole))
        case "text":
            return pl.lit(meets(whole.described[field.column], leaf, whole.terms.as_of))
        case "cut":
            return pl.lit(_of_categories(whole.by(field.column)[field.column], leaf, whole.terms.as_of))
        case "period" if isinstance(leaf, IsKnown) or (isinstance(leaf, Compare) and leaf.sign == "~"):
            return pl.lit(_of_categories(whole.by(field.column)[field.column], leaf, whole.terms.as_of))
    return _figure(field, leaf, whole)


def _has_such_an_order(field: FilterField, leaf: Leaf, whole: Snapshot) -> pl.Series:
    """Boolean, row for row of the customers: whether one of their orders meets it; `not in`: whether none does of
    those with a value, and there are such."""
    if isinstance(leaf, In) and leaf.none:
        has_value = _has_such_an_order(field, IsKnown(leaf.name, True), whole)
        return has_value & ~_has_such_an_order(field, replace(leaf, none=False), whole)
    values, others = _order_values(field, leaf, whole)
    buyers = whole.cleaned.store.buyers(field.column, values, whole.terms.as_of, others=others)
    nobody = pl.repeat(False, whole.counted.height, dtype=pl.Boolean, eager=True)
    return nobody.scatter(buyers, True).gather(whole.customers["customer"])


def _order_values(field: FilterField, leaf: Leaf, whole: Snapshot) -> tuple[list[str | None], bool]:
    """The values of an order attribute that meet it, None for an unknown one; with True, those that do not."""
    if isinstance(leaf, IsKnown):
        return ([], True) if leaf.is_present else ([None], False)
    others = isinstance(leaf, Compare) and leaf.sign == "!="
    equal = _equal_to(leaf)
    if equal is not None:  # what the shop has is written as the shop does: nothing has to be looked for
        return list(equal), others
    kinds = whole.cleaned.store.distinct(field.column)
    return kinds.filter(meets(kinds, leaf, whole.terms.as_of)).to_list(), others


def _of_categories(values: pl.Series, leaf: Leaf, as_of: int) -> pl.Series:
    """Boolean, row for row: texts are few, so that each is looked at once, and rows by its number."""
    if isinstance(leaf, IsKnown):
        return values.is_not_null() if leaf.is_present else values.is_null()
    right = _right_ones(values, leaf, as_of).to_physical()
    numbers = values.to_physical()
    found = numbers == right[0] if right.len() == 1 else numbers.is_in(right.implode())
    if leaf.none if isinstance(leaf, In) else leaf.sign == "!=":
        found = ~found & values.is_not_null()
    return found.fill_null(False)


def _right_ones(values: pl.Series, leaf: Compare | In, as_of: int) -> pl.Series:
    """Those of the categories of `values` that meet it; of != and `not in` those that do not."""
    equal = _equal_to(leaf)
    if equal is not None:
        return pl.Series(equal, dtype=pl.String).cast(values.dtype, strict=False).drop_nulls()
    kinds = values.unique().drop_nulls()
    return kinds.filter(meets(kinds.cast(pl.String), leaf, as_of))


def _equal_to(leaf: Compare | In) -> tuple[str, ...] | None:
    """The texts that a value is to be one of, or none of; None where it is compared otherwise."""
    if isinstance(leaf, In):
        return tuple(value.text for value in leaf.values)
    return (leaf.value.text,) if leaf.sign in ("=", "!=") else None


def _figure(field: FilterField, leaf: Leaf, whole: Snapshot) -> pl.Expr:
    """Numbers, money and days."""
    match leaf:
        case In(_, values, none):
            found = pl.any_horizontal(_figure(field, Compare(leaf.name, "=", value), whole) for value in values)
            return ~found & _of_customers(field, whole).is_not_null() if none else found
        case IsKnown(_, is_present):
            return _of_customers(field, whole).is_not_null() if is_present else _of_customers(field, whole).is_null()
        case Compare(_, sign, value):
            text = value.text
    as_of = whole.terms.as_of
    if field.kind in ("day", "period"):
        return within(_of_customers(field, whole), sign, _days(field, text, as_of))
    wanted = number(text)
    assert wanted is not None, "the expression is resolved"
    match field.kind:
        case "share" | "amount":
            return compared(_of_customers(field, whole), sign, wanted, floating=True)
        case "money":
            return compared(_of_customers(field, whole), sign, wanted * MONEY_SCALE)
        case "check":
            return ratio_compared(_of_customers(field, whole), pl.col("orders"), sign, wanted * MONEY_SCALE)
    if field.name == "silent":
        return compared(as_of - _of_customers(field, whole), sign, wanted)
    return compared(_of_customers(field, whole), sign, wanted)


def _of_customers(field: FilterField, whole: Snapshot) -> pl.Expr:
    """The column that a figure is made of: whole numbers, but for those of a forecast."""
    if field.is_forecast:
        return pl.lit(whole.forecast_for(field.name, field.column))
    made_of = {"average check": "revenue", "silent": "last"}
    column = "first" if field.kind == "period" else made_of.get(field.column, field.column)
    return pl.col(column) if field.kind in ("day", "period") else pl.col(column).cast(pl.Int64)


def _days(field: FilterField, text: str, as_of: int) -> Period:
    week = week_of(text) if field.column == WEEKLY else None
    return week or days_of(text, as_of) or _NO_DAYS
