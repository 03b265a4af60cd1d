"""Amounts as text within an SQL expression: SQLite reckons with the 1 of "1,648.00", and with 0 for a word.

A column that holds text is read by `Dialect.parsed` instead, where it stands to be reckoned with; where it stands to
be compared with text, or to be cut up, it is left as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.scoring import word_set
from ltvtui.sources.relation import Relation
from ltvtui.sources.sql import quote
from ltvtui.sources.values.amounts import decimal_comma, marks_in
from ltvtui.sources.values.money import is_money, money_share, without_percent
from ltvtui.sources.values.nothing import is_nothing

_TOKEN: Final = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]"
    r"|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[^\W\d][\w$]*|\|\||<>|<=|>=|!=|==|->>?|\s+|.",
    re.DOTALL,
)
_RECKONS: Final = word_set("round abs min max coalesce ifnull nullif iif cast sum total avg")
"""Functions whose arguments are numbers."""
_SYNTAX: Final = word_set("case when then else end and or not in between is like glob cast as null")
_WITH_TEXT: Final = word_set("|| like glob match regexp collate in is case")
_COMPARES: Final = word_set("= == <> != < > <= >= between")
_NUMERIC_TYPE: Final = word_set("real float double numeric decimal integer int")


@dataclass(frozen=True)
class _Reference:
    """A column that an expression reckons with."""

    first: int
    """Of its tokens; a table's name may stand before it."""
    last: int
    table: CatalogTable
    column: CatalogColumn

    @property
    def sql(self) -> str:
        return f"{quote(self.table.name)}.{quote(self.column.name)}"


def reckonable(relation: Relation, text: str, sql: str, role: str, decimal: str | None) -> str:
    """`sql`, which Relation.expression gave for the expression `text`, with columns of text read as numbers.

    `decimal` is the decimal mark that the user gave. LtvError (exit code 2) where nothing decides it, or text is
    in a SELECT within the expression.
    """
    if any(table.column(text) for table in relation.tables):
        return sql
    tokens = _TOKEN.findall(text)
    found = _references(relation, tokens)
    if not found:
        return sql
    if any(token.lower() == "select" for token in tokens):
        _refuse_select(found, role)
        return sql
    marks = {r.sql: marks_in(relation, r.sql, r.column.sample) for r in found if _has_amounts(r.column)}
    for reference in reversed(found):
        if reference.sql in marks:
            comma = decimal_comma(marks[reference.sql], reference.column.name, decimal, marks.values())
            operand = relation.database.dialect.parsed(reference.sql, comma)
        elif _has_text(reference.column):
            continue
        else:
            operand = relation.database.dialect.guarded(reference.sql)
        tokens[reference.first : reference.last + 1] = [operand]
    return f"({''.join(tokens)}\n)"


def numeric_expression(relation: Relation, text: str, role: str, decimal: str | None) -> str:
    """Relation.expression of what is a number; an engine that refuses to calculate with text may do so as
    `reckonable` writes it."""
    return relation.expression(text, role.replace("_", " "), partial(reckonable, relation, text, "", role, decimal))


def _references(relation: Relation, tokens: list[str]) -> list[_Reference]:
    """Columns that are reckoned with, in their order."""
    solid = [place for place, token in enumerate(tokens) if token.strip() and not token.startswith(("--", "/*"))]
    lowered = [tokens[place].lower() for place in solid]
    calls: list[str] = []
    found: list[_Reference] = []
    at = 0
    while at < len(solid):
        token = lowered[at]
        if token == "(":
            before = lowered[at - 1] if at else ""
            calls.append(before if re.match(r"[^\W\d]", before) and before not in _SYNTAX - {"cast", "in"} else "")
        elif token == ")" and calls:
            calls.pop()
        elif re.match(r"[^\W\d]|[\"`\[]", token) and token not in _SYNTAX:
            first = at
            while lowered[at + 1 : at + 2] == ["."] and at + 2 < len(solid):
                at += 2
            found += _reference(relation, tokens, solid, first, at, calls)
        at += 1
    return found


def _reference(
    relation: Relation, tokens: list[str], solid: list[int], first: int, last: int, calls: list[str]
) -> list[_Reference]:
    names = [_bare(tokens[solid[at]]) for at in range(first, last + 1, 2)]
    before = tokens[solid[first - 1]].lower() if first else ""
    after = tokens[solid[last + 1]].lower() if last + 1 < len(solid) else ""
    if after == "(" or not all(call in _RECKONS or not call for call in calls):
        return []
    if calls and calls[-1] == "cast" and after == "as":
        kind = tokens[solid[last + 2]].lower() if last + 2 < len(solid) else ""
        if kind not in _NUMERIC_TYPE:
            return []
    far_before = tokens[solid[first - 2]] if first > 1 else ""
    far_after = tokens[solid[last + 2]] if last + 2 < len(solid) else ""
    if {before, after} & _WITH_TEXT:
        return []
    if (before in _COMPARES and not _is_number(far_before)) or (after in _COMPARES and not _is_number(far_after)):
        return []
    for table in relation.tables:
        if len(names) > 1 and names[-2].lower() != table.name.lower():
            continue
        column = table.column(names[-1])
        if column is not None:
            return [_Reference(solid[first], solid[last], table, column)]
    return []


def _is_number(token: str) -> bool:
    return re.match(r"[\d.+-]", token) is not None


def _bare(name: str) -> str:
    if name[:1] in '"`':
        return name[1:-1].replace(name[0] * 2, name[0])
    return name[1:-1] if name[:1] == "[" else name


def _has_text(column: CatalogColumn) -> bool:
    return any(isinstance(value, str) for value in column.sample)


def _has_amounts(column: CatalogColumn) -> bool:
    """Whether most of the text in it is an amount."""
    texts = [without_percent(value) for value in column.sample if isinstance(value, str)]
    return bool(texts) and (money_share(texts) >= 0.5 or all(map(is_nothing, texts)))


def _refuse_select(found: list[_Reference], role: str) -> None:
    for reference in found:
        if (example := cut_example(reference.column)) is not None:
            raise LtvError(
                f"The {role} calculates with {reference.column.name}, which has text such as {example!r}, in "
                "an expression with its own SELECT: SQLite would read it as another number.",
                "Write it without the SELECT, or store numbers in that column.",
                2,
            )


def cut_example(column: CatalogColumn) -> str | None:
    """An amount as text in a column that SQLite would take for another number; None where there is none."""
    texts = [v.strip() for v in column.sample if isinstance(v, str) and is_money(v)]
    return next((text for text in texts if not re.fullmatch(r"[-+]?\d+(\.\d*)?", text)), None)


def names_and_operands(sql: str) -> tuple[frozenset[str], frozenset[str]]:
    """All names in a SELECT, in lower case, and those that stand beside a sign of arithmetic or are summed."""
    tokens = [t for t in _TOKEN.findall(sql) if t.strip() and not t.startswith(("--", "/*", "'"))]
    names = [_bare(token).lower() for token in tokens]
    spaced = ["", "", "", *names, ""]
    operands = set()
    for place in range(3, len(spaced) - 1):
        first = place - 2 if spaced[place - 1] == "." else place
        summed = spaced[first - 1] == "(" and spaced[first - 2] in ("sum", "total", "avg")
        if summed or {spaced[first - 1], spaced[place + 1]} & {"*", "/", "+", "-"}:
            operands.add(spaced[place])
    return frozenset(names), frozenset(operands)


def decimal_doubt(relation: Relation, text: str, decimal: str | None) -> str | None:
    """The question that the amounts of a column or an expression leave open, as one sentence; None where none is."""
    column = next((c for table in relation.tables if (c := table.column(text)) is not None), None)
    sql = numeric_expression(relation, text, "amount", decimal)
    try:
        if column is None:
            reckonable(relation, text, sql, "amount", decimal)
        else:
            decimal_comma(marks_in(relation, sql, column.sample), column.name, decimal)
    except LtvError as error:
        return error.what
    return None
