"""What an expression means in a shop: its names and values made those of the shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import WEEKLY
from ltvtui.analytics.kernel.calendar import week_of
from ltvtui.query.grammar.amounts import days_of, number, plain_day, plain_number
from ltvtui.query.grammar.errors import FilterError, shown
from ltvtui.query.grammar.fields import FilterField, find, suggestion
from ltvtui.query.grammar.matching import folded, order_of
from ltvtui.query.grammar.syntax import And, Compare, In, IsKnown, Leaf, Node, Not, Or, Word, every, some

_UNKNOWN: Final = "unknown"
_RISING: Final = frozenset({"<", "<=", ">", ">="})
_UNORDERED: Final = "Compare with =, != or ~."
_FIGURE: Final = "Compare with =, < and the like."


@dataclass(frozen=True, eq=False)
class FilterContext:
    """What there is to compare in a shop on a day."""

    fields: tuple[FilterField, ...]
    as_of: int
    """Days since 1970-01-01."""
    values: Callable[[FilterField], pl.DataFrame]
    """fields.values_of."""
    why_no_forecast: Callable[[], str] = str
    """Why the shop has no forecast on that day; blank where it has one."""


def resolved(node: Node, shop: FilterContext) -> Node:
    """The expression with the names and values that the shop has.

    Raises FilterError where there is no such name or value, and where a comparison makes no sense.
    """
    match node:
        case Not(part):
            return Not(resolved(part, shop))
        case And(parts):
            return every([resolved(part, shop) for part in parts])
        case Or(parts):
            return some([resolved(part, shop) for part in parts])
    field = find(shop.fields, node.name)
    if field.needs_forecast and (why := shop.why_no_forecast()):
        raise FilterError(
            f"{field.name} needs a forecast. {why}", "Compare another field.", node.name.at, exit_code=1
        )
    name = Word(field.name, node.name.at)
    match node:
        case IsKnown(_, is_present):
            return IsKnown(name, is_present)
        case Compare(_, sign, value):
            return _resolved(name, field, sign, value, shop)
        case In(_, values, none):
            each = [_resolved(name, field, "=", value, shop) for value in values]
            listed = tuple(dict.fromkeys(part.value for part in each if isinstance(part, Compare)))
            unknown = [part for part in each if isinstance(part, IsKnown)][:1]
            if none:
                return every(_none_of(name, field, listed, bool(unknown)))
            return some([*_among(name, listed), *unknown])


def _none_of(name: Word, field: FilterField, values: tuple[Word, ...], unknown: bool) -> list[Node]:
    """What is known and none of `values`; where "unknown" stood among them, nothing of it is unknown."""
    parts: list[Node] = [In(name, values, none=True)] if values else [IsKnown(name, True)]
    if unknown and field.kind == "order":  # one order may be known and another not
        parts.append(Not(IsKnown(name, False)))
    return parts


def _among(name: Word, values: tuple[Word, ...]) -> list[Node]:
    if len(values) < 2:
        return [Compare(name, "=", value) for value in values]
    return [In(name, values)]


def _resolved(name: Word, field: FilterField, sign: str, value: Word, shop: FilterContext) -> Leaf:
    match field.kind:
        case "count" | "money" | "check" | "share" | "amount":
            return Compare(name, sign, _number(field, sign, value))
        case "day":
            return Compare(name, sign, _day(field, sign, value, shop))
        case "text":
            if sign in _RISING:
                raise FilterError(f"{field.name} is text, which has no order.", _UNORDERED, value.at)
            return Compare(name, sign, value)
    if sign == "~":
        return Compare(name, sign, value)
    if sign in _RISING:
        if field.kind == "period":
            return Compare(name, sign, _day(field, sign, value, shop))
        return Compare(name, sign, _ordered(field, value, shop))
    return _listed(name, field, sign, value, shop)


def _number(field: FilterField, sign: str, value: Word) -> Word:
    wanted = _share(value.text) if field.kind == "share" else number(value.text)
    if sign == "~":
        raise FilterError(f"{field.name} is a number; ~ works on text only.", _FIGURE, value.at)
    if wanted is None:
        such = {"money": "99.90", "check": "99.90", "amount": "99.90", "share": "0.3"}.get(field.kind, "3")
        raise FilterError(
            f"{shown(value.text)} is not a number.", f"Write a number in digits, such as {such}.", value.at
        )
    return Word(plain_number(wanted), value.at)


def _share(text: str) -> Fraction | None:
    """0.3, or 30%."""
    found = number(text.removesuffix("%").rstrip())
    return found / 100 if found is not None and text.endswith("%") else found


def _day(field: FilterField, sign: str, value: Word, shop: FilterContext) -> Word:
    if sign == "~":
        raise FilterError(f"{field.name} is a day; ~ works on text only.", _FIGURE, value.at)
    if field.column == WEEKLY and week_of(value.text) is not None:
        return value
    if days_of(value.text, shop.as_of) is None:
        mend = "Write 2026, 2026 Q1, 2026-01, 2026-W05, 2026-01-31, or -90d, -12w, -3m, -1y before the as-of day."
        raise FilterError(f"{shown(value.text)} is not a day or period.", mend, value.at)
    return Word(plain_day(value.text), value.at)


def _ordered(field: FilterField, value: Word, shop: FilterContext) -> Word:
    values = shop.values(field)["value"].drop_nulls()
    ordered = order_of(values)
    if ordered is None:
        raise FilterError(
            f"{field.name} has no order: its values are not all numbers or days.",
            _UNORDERED,
            value.at,
        )
    if ordered.dtype == pl.Date:
        return _day(field, "<", value, shop)
    return _number(field, "<", value)


def _listed(name: Word, field: FilterField, sign: str, value: Word, shop: FilterContext) -> Leaf:
    """A comparison with one of the values there are; "unknown" is none of them, unless it is."""
    values = shop.values(field)["value"]
    present = values.drop_nulls()
    same = present.filter(present == value.text)
    if same.is_empty():
        # Of values that differ by their case alone the first is meant, whatever their customers.
        same = present.filter(folded(present) == folded(pl.Series([value.text]))[0]).sort()
    if not same.is_empty():
        return Compare(name, sign, Word(str(same[0]), value.at))
    if value.text.casefold() == _UNKNOWN and values.has_nulls():
        return IsKnown(name, sign == "!=")
    there = [*present, *([_UNKNOWN] if values.has_nulls() else [])]
    raise FilterError(f"No {field.name} has the value {shown(value.text)}.", suggestion(value.text, there), value.at)


def single(node: Node, fields: Sequence[FilterField]) -> tuple[str, str | None] | None:
    """Dimension and value (None: not known) of an expression that says no more than that one is the other."""
    match node:
        case Compare(name, "=", value):
            found = find(fields, name)
            return (found.column, value.text) if found.kind in ("cut", "period") else None
        case IsKnown(name, False):
            found = find(fields, name)
            return (found.column, None) if found.kind in ("cut", "period") else None
    return None
