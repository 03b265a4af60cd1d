"""Which mark stands before the cents of a column's amounts: decided by the column as a whole, else asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import TooSlow
from ltvtui.sources.relation import Relation
from ltvtui.sources.sql import Value
from ltvtui.sources.values.money import Marks, marks_of

DECIMALS: Final = ("point", "comma")
"""What can be said of the mark before the cents."""
_SAMPLE_SECONDS: Final = 2.0
_SAMPLE_ROWS: Final = 20_000
"""Different texts of a column that are sampled, and seconds that this may take."""
_FEW_ROWS: Final = 200_000
"""Rows up to which all of a column is looked at even where a sample decides."""


def marks_in(relation: Relation, sql: str, sample: Iterable[Value]) -> Marks:
    """The decimal marks in the texts of a column or an expression; none where a `sample` has no text."""
    texts = [value for value in sample if isinstance(value, str)]
    marks = marks_of(texts)
    few = relation.rows is not None and relation.rows <= _FEW_ROWS
    if not texts or not (few or marks.in_doubt):
        return marks
    texts_only = relation.database.dialect.is_text(sql)
    every = f"SELECT DISTINCT {sql} FROM {relation.source} WHERE {texts_only} LIMIT {_SAMPLE_ROWS}"  # noqa: S608
    try:
        return marks_of(value for (value,) in relation.database.query(every, seconds=_SAMPLE_SECONDS))
    except TooSlow:
        return marks


def decimal_comma(marks: Marks, what: str, decimal: str | None, others: Iterable[Marks] = ()) -> bool | None:
    """Whether a comma is the decimal mark: as `decimal` gives it, as the column decides, else as `others` do.

    None where that matters to none of its values. LtvError (exit code 2) where it matters and nothing decides;
    `what` is the column or expression.
    """
    if decimal is not None:
        return decimal == "comma"
    if not marks.in_doubt:
        return marks.decimal_comma
    if not marks.point:
        beside = {other.decimal_comma for other in others} - {None}
        if len(beside) == 1:
            return beside.pop()
    raise doubt(what, marks)


def rate_comma(marks: Marks, decimal: str | None) -> bool | None:
    """The same of a rate of currencies, which has decimals and no thousands where nothing else decides."""
    if decimal is not None:
        return decimal == "comma"
    return "," in str(marks.doubtful) if marks.in_doubt else marks.decimal_comma


def doubt(what: str, marks: Marks) -> LtvError:
    """The question which mark it is, as an error (exit code 2)."""
    return LtvError(question(what, marks), "Choose one: --decimal point (or comma)", 2)


def question(what: str, marks: Marks) -> str:
    """One sentence."""
    text = f"In the amounts of {what}, such as {marks.doubtful}, the mark can separate thousands or decimals: "
    return text + ("values contradict each other." if marks.point else "no value decides.")


def check_decimal(decimal: str | None) -> None:
    """LtvError (exit code 2) where it is neither point nor comma."""
    if decimal is not None and decimal not in DECIMALS:
        raise LtvError(f"Invalid decimal mark: {decimal!r}.", f"Choose one of {', '.join(DECIMALS)}.", 2)
