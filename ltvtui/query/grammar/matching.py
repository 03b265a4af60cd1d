"""Which texts a comparison holds of: values of a shop, each looked at once."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from ltvtui.query.grammar.amounts import Period, days_of, number
from ltvtui.query.grammar.figures import compared, within
from ltvtui.query.grammar.syntax import Compare, In, IsKnown, Leaf


def folded(texts: pl.Series) -> pl.Series:
    """Whatever the case, and with the dash that keyboards have."""
    return texts.str.to_lowercase().str.replace_all("–", "-", literal=True)


def meets(texts: pl.Series, leaf: Leaf, as_of: int) -> pl.Series:
    """Boolean for each of `texts` (String): whether the comparison holds; of a null it never does."""
    match leaf:
        case IsKnown(_, is_present):
            return texts.is_not_null() if is_present else texts.is_null()
        case In(_, values, none):
            found = _same(texts, values[0].text)
            for value in values[1:]:
                found = found | _same(texts, value.text)
            found = ~found if none else found  # what is null stays so
        case Compare(_, "=", value):
            found = _same(texts, value.text)
        case Compare(_, "!=", value):
            found = ~_same(texts, value.text)
        case Compare(_, "~", value):
            found = folded(texts).str.contains(folded(pl.Series([value.text]))[0], literal=True)
        case Compare(_, sign, value):
            found = _before_or_after(texts, sign, value.text, as_of)
    return found.fill_null(False)


def order_of(texts: pl.Series) -> pl.Series | None:
    """Known `texts` as numbers (Int64, Float64) or days (Date); None where some are neither."""
    if texts.is_empty():
        return None
    for numbers in (texts.cast(pl.Int64, strict=False), texts.cast(pl.Float64, strict=False)):
        if not numbers.has_nulls() and (numbers.dtype == pl.Int64 or numbers.is_finite().all()):
            return numbers
    days = texts.str.to_date("%Y-%m-%d", strict=False)
    return None if days.has_nulls() or not (texts.str.len_chars() == 10).all() else days


def _same(texts: pl.Series, value: str) -> pl.Series:
    """Equal as written, or where none is, whatever the case."""
    same = texts == value
    return same if same.any() else folded(texts) == folded(pl.Series([value]))[0]


def _before_or_after(texts: pl.Series, sign: str, value: str, as_of: int) -> pl.Series:
    ordered = order_of(texts.drop_nulls())
    nothing = pl.repeat(False, texts.len(), dtype=pl.Boolean, eager=True)
    if ordered is None:
        return nothing
    bound: Fraction | Period | None
    if ordered.dtype == pl.Date:
        bound, whole = days_of(value, as_of), ordered.cast(pl.Int32)
        found = None if bound is None else within(pl.col("value"), sign, bound)
    else:
        bound, whole = number(value), ordered
        found = None if bound is None else compared(pl.col("value"), sign, bound, whole.dtype == pl.Float64)
    if found is None:
        return nothing
    matching = whole.alias("value").to_frame().select(found).to_series()
    return nothing.scatter(texts.is_not_null().arg_true(), matching)
