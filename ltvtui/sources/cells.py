"""One cell, from SQL to a typed value: text, ids, money.

SQLite types every value on its own, and the Arrow driver types a column by its first rows. So each cell is
asked for as bytes (empty: null) or as one integer (a sentinel: null), and understood here. Bytes and not
text, because text in SQLite need not be UTF-8 and polars relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import polars as pl

from ltvtui.sources.sqlite import Value

NO_NUMBER: Final = -9_200_000_000_000_000_000
"""Stands for null among integers."""
MONEY_LIMIT: Final = 900_000_000_000_000
"""Largest amount that is believed, in currency units; ten-thousandths of it still fit into Int64."""


def text_sql(expression: str) -> str:
    """SQL for a cell as bytes, never null."""
    return f"COALESCE(CAST({expression} AS BLOB), x'')"


def money_sql(expression: str) -> str:
    """SQL for a number in ten-thousandths, never null; text, blobs and what is out of range: NO_NUMBER."""
    e = f"({expression})"
    return (
        f"CASE typeof{e} WHEN 'real' THEN CASE WHEN {e} BETWEEN -{MONEY_LIMIT}.0 AND {MONEY_LIMIT}.0"
        f" THEN CAST(ROUND({e} * 10000.0) AS INTEGER) ELSE {NO_NUMBER} END"
        f" WHEN 'integer' THEN CASE WHEN {e} BETWEEN -{MONEY_LIMIT} AND {MONEY_LIMIT}"
        f" THEN {e} * 10000 ELSE {NO_NUMBER} END ELSE {NO_NUMBER} END"
    )


def money_text_sql(expression: str) -> str:
    """SQL for the same cell as bytes where it is text, else empty."""
    return f"CASE WHEN typeof({expression}) = 'text' THEN CAST({expression} AS BLOB) ELSE x'' END"


def text(cells: pl.Series) -> pl.Series:
    """Bytes as trimmed text; blank is null, bytes that are not UTF-8 become U+FFFD."""
    try:
        decoded = cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        readable = {cell: cell.decode("utf-8", "replace") for cell in cells.unique().to_list() if cell is not None}
        decoded = pl.Series(cells.name, [readable.get(cell) for cell in cells.to_list()], pl.String)
    trimmed = decoded.str.strip_chars()
    return trimmed.set(trimmed == "", None) if bool((trimmed == "").any()) else trimmed


def identifier(cells: pl.Series) -> pl.Series:
    """Bytes as an id: trimmed text, and a whole number kept as REAL without its ".0"."""
    ids = text(cells)
    if bool(ids.str.ends_with(".0").any()):
        ids = ids.str.replace(r"^(-?\d+)\.0$", "$1")
    exponent = r"^-?\d\.\d+e\+\d\d$"  # how SQLite writes a REAL from 1e15 on
    if bool(ids.str.contains(exponent).any()):
        ids = ids.to_frame("i").select(
            pl.when(pl.col("i").str.contains(exponent))
            .then(pl.col("i").cast(pl.Float64, strict=False).cast(pl.Int128, strict=False).cast(pl.String))
            .otherwise(pl.col("i"))
        )["i"]
    return ids


def money(numbers: pl.Series, texts: pl.Series, decimal_comma: bool) -> pl.Series:
    """Int64 ten-thousandths from the two cells of an amount; null where it is not a number."""
    amounts = numbers.set(numbers == NO_NUMBER, None) if bool((numbers == NO_NUMBER).any()) else numbers
    if bool((texts.bin.size() > 0).any()):
        amounts = amounts.zip_with(amounts.is_not_null(), written_money(text(texts), decimal_comma))
    return amounts.cast(pl.Int64)


def written_money(texts: pl.Series, decimal_comma: bool) -> pl.Series:
    """Int64 ten-thousandths of written amounts: "12.50", "1,234.56", "$12", "(5.00)", "12,50 €"."""
    bare = pl.col("t").str.strip_chars()
    # a currency before or after the number, as a sign or as three letters
    bare = bare.str.replace(r"^([-+(]?)\s*(?:\p{Sc}|[A-Z]{3})\s*", "${1}").str.replace(
        r"\s*(?:\p{Sc}|[A-Z]{3})(\)?)$", "${1}"
    )
    negative = bare.str.contains(r"^-|^\(.*\)$|\d-$")
    digits = bare.str.replace_all(r"^[-+(]|[)-]$", "").str.replace_all(r"[\s\u{00A0}\u{202F}'’]", "")
    if decimal_comma:
        digits = (
            pl.when(digits.str.contains(r"^(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?$"))
            .then(digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
            .when(digits.str.contains(r"^\d+\.\d{1,2}$"))
            .then(digits)
        )
    else:
        digits = pl.when(
            digits.str.contains(r"^(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?$|^\d+(?:\.\d+)?[eE][+-]?\d+$")
        ).then(digits.str.replace_all(",", "", literal=True))
    value = digits.cast(pl.Float64, strict=False)
    scaled = pl.when(value <= MONEY_LIMIT).then((value * 10_000).round(0).cast(pl.Int64, strict=False))
    return texts.to_frame("t").select(pl.when(negative).then(-scaled).otherwise(scaled).alias("t"))["t"]


def uses_decimal_comma(sample: Iterable[Value]) -> bool:
    """Whether the amounts written as text put a comma before the cents: some do, and none uses a point so."""
    written = [re.sub(r"[^\d.,]", "", value) for value in sample if isinstance(value, str)]
    comma = any(re.search(r"\d,\d{1,2}$|\d,\d{4,}$|\.\d{3},\d", value) for value in written)
    point = any(re.search(r"\.\d{1,2}$|,\d{3}\.\d", value) for value in written)
    return comma and not point
