"""Rows of a table as values for other programs: full precision, one type a column, money in currency units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from ltvtui.analytics.schema import units
from ltvtui.present.numbers import Kind
from ltvtui.present.tables import Column, Table

CHUNK: Final = 20_000
"""Rows that are in hand at a time: no second copy of a large table is made."""

_TYPES: Final[dict[Kind, pl.DataType]] = {
    "text": pl.String(),
    "count": pl.Int64(),
    "money": pl.Float64(),
    "units": pl.Float64(),
    "share": pl.Float64(),
    "ratio": pl.Float64(),
    "months": pl.Float64(),
    "day": pl.Date(),
    "flag": pl.Boolean(),
}


def headings(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """What the columns are called in files: no two alike, whatever the case, as databases have it."""
    used: set[str] = set()
    found = []
    for column in columns:
        plain = " ".join((column.name or column.key).split()) or "column"
        name, number = plain, 2
        while name.casefold() in used:
            name, number = f"{plain} {number}", number + 1
        used.add(name.casefold())
        found.append(name)
    return tuple(found)


def schema_of(table: Table) -> dict[str, pl.DataType]:
    """Types by heading: text String, counts Int64, days Date, marks Boolean, all other figures Float64."""
    columns = table.in_files
    return {name: _TYPES[column.kind] for name, column in zip(headings(columns), columns, strict=True)}


def chunks(table: Table) -> Iterator[pl.DataFrame]:
    """All rows in the order in which they are read, of the types of `schema_of`; at least one frame.

    Money is in currency units, shares are 0…1, and null is what is not known.
    """
    columns = table.in_files
    wanted = [_value(column).alias(name) for column, name in zip(columns, headings(columns), strict=True)]
    for start in range(0, max(table.height, 1), CHUNK):
        yield table.part(start, start + CHUNK).select(wanted)


def _value(column: Column) -> pl.Expr:
    value = pl.col(column.key)
    match column.kind:
        case "text":
            return value.cast(pl.String)
        case "money":
            return units(value)
        case "day":
            return value.cast(pl.Int32).cast(pl.Date)
        case "flag":
            return value.cast(pl.Boolean)
        case "count":
            return value.cast(pl.Int64)
    figure = value.cast(pl.Float64)
    return pl.when(figure.is_finite()).then(figure)
