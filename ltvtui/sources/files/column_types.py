"""What a column of a file becomes in SQLite: whole numbers, numbers, or text as it stands.

A number is taken for one only where nothing is lost by it: `007` is an id and stays text, and so does what has more
digits than a float keeps apart. One such value, or a word, keeps the whole column as text: the mapping reads
amounts with decimal commas, currencies and thousands' marks, and dates of any kind, from text.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import polars as pl

_WHOLE: Final = r"^(?:0|-?[1-9][0-9]{0,17})$"
_NUMBER: Final = r"^-?(?:(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?|\.[0-9]+)(?:e[+-][0-9]{1,3}|E-[0-9]{1,3}|E\+0?[0-9])?$"
"""With a sign in the exponent, as programs write it: `12E5` is more likely an article, and `7.00E+12` what a
spreadsheet left of an id."""
_THOUSANDS: Final = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
"""May be parted thousands as well as a number of three decimals."""
_READ_AS_NUMBER: Final = r"^\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*$"
"""What SQLite turns into a number where a column is declared to hold such."""
_EXACT: Final = 2**53
"""Whole numbers up to here are kept apart by a float."""
_DIGITS: Final = 15
"""Of a decimal that a float keeps apart."""


class Kind(Enum):
    """What a column holds, from the narrowest."""

    WHOLE = int
    NUMBER = float
    TEXT = str
    BYTES = bytes

    def with_other(self, other: Kind) -> Kind:
        """What holds the values of both without a loss."""
        if self is other:
            return self
        return Kind.NUMBER if {self, other} == {Kind.WHOLE, Kind.NUMBER} else Kind.TEXT


@dataclass
class Columns:
    """Kinds of the columns of one table, learned batch by batch."""

    kinds: dict[str, Kind | None]
    """None as long as no value was seen."""
    rows: int = 0
    """Rows seen that hold anything."""
    _decimal: set[str] = field(default_factory=set)
    """Columns with a number that can only be one with decimals."""

    def learn(self, batch: pl.DataFrame, typed: bool) -> None:
        """Learn from the next rows, as `readable` gives them. Text of a `typed` sheet is text, whatever its form."""
        self.rows += batch.height
        for name, column in zip(batch.columns, batch.get_columns(), strict=True):
            if column.null_count() < column.len():
                before = self.kinds[name]
                kind = _kind(column, Kind.TEXT if typed else before)
                self.kinds[name] = kind if before is None else before.with_other(kind)
                if kind is Kind.NUMBER and name not in self._decimal and _has_decimals(column):
                    self._decimal.add(name)

    def found(self) -> dict[str, Kind]:
        """The kind of each column; text where there was no value, and where all points may part thousands."""
        before = {name: kind or Kind.TEXT for name, kind in self.kinds.items()}
        return {
            name: Kind.TEXT if kind is Kind.NUMBER and name not in self._decimal else kind
            for name, kind in before.items()
        }


def readable(batch: pl.DataFrame, typed: bool, whole: bool) -> pl.DataFrame:
    """A batch of a sheet as Int64, Float64, String and Binary; blank text is null, and blank rows are left out.

    Days and moments become ISO text. `whole`: floats without a fraction are whole numbers.
    """
    understood = _plain if typed else _unblanked
    batch = batch.select(understood(column, whole) for column in batch.get_columns())
    return batch.filter(pl.any_horizontal(pl.all().is_not_null()))


def stored(column: pl.Series, kind: Kind) -> pl.Series:
    """A column of a readable batch as the kind it is stored as."""
    dtype = {Kind.WHOLE: pl.Int64(), Kind.NUMBER: pl.Float64(), Kind.TEXT: pl.String(), Kind.BYTES: pl.Binary()}[kind]
    return column if column.dtype == dtype else column.cast(dtype)


def spoilt(column: pl.Series) -> pl.Series:
    """Those texts that a column of numbers would change, as it would `007`."""
    texts = column.drop_nulls()
    changed = texts.str.contains(_READ_AS_NUMBER) & ~texts.str.contains(f"{_WHOLE}|{_NUMBER}")
    return texts.filter(changed)


def _kind(column: pl.Series, before: Kind | None) -> Kind:
    if column.dtype == pl.Int64:
        return Kind.WHOLE
    if column.dtype == pl.Float64:
        return Kind.NUMBER
    if column.dtype == pl.Binary:
        return Kind.BYTES
    if before is Kind.TEXT:
        return Kind.TEXT
    if before is not Kind.NUMBER and bool(column.str.contains(_WHOLE).all()):
        return Kind.WHOLE
    return Kind.NUMBER if bool(column.str.contains(_NUMBER).all()) else Kind.TEXT


def _has_decimals(column: pl.Series) -> bool:
    if column.dtype != pl.String:
        return True
    return bool((~column.drop_nulls().str.contains(f"{_WHOLE}|{_THOUSANDS}")).any())


def _plain(column: pl.Series, whole: bool) -> pl.Series:
    """A column of any type as one of those that SQLite has."""
    dtype = column.dtype
    if dtype == pl.Int64 or dtype == pl.Binary:
        return column
    if dtype.is_integer() and dtype not in (pl.UInt64, pl.Int128, pl.UInt128):
        return column.cast(pl.Int64)
    if dtype == pl.Boolean:
        return column.cast(pl.Int64)
    if dtype.is_decimal():
        return _counted(column)
    if dtype.is_float():
        numbers = column.cast(pl.Float64).fill_nan(None)
        return _as_whole(numbers) if whole and bool((numbers == numbers.round()).all()) else numbers
    if dtype == pl.Null:
        return column.cast(pl.String)
    return _written(column)


def _counted(column: pl.Series) -> pl.Series:
    """Decimals: whole numbers, numbers where a float keeps them apart, else text as they are written."""
    dtype = column.dtype
    assert isinstance(dtype, pl.Decimal)
    texts = column.cast(pl.String)
    if dtype.scale == 0 and bool(texts.str.contains(_WHOLE).all()):
        return column.cast(pl.Int64)
    digits = texts.str.replace_all(r"^-?0*|\.", "").str.strip_chars_end("0").str.len_bytes()
    return column.cast(pl.Float64) if dtype.scale and bool((digits <= _DIGITS).all()) else texts


def _as_whole(numbers: pl.Series) -> pl.Series:
    """Numbers without a fraction; text, all digits of each, where one is so large that a float has lost some."""
    if bool((numbers.abs() <= _EXACT).all()):
        return numbers.cast(pl.Int64)
    written = [
        None if number is None else str(int(number)) if math.isfinite(number) else str(number) for number in numbers
    ]
    return pl.Series(numbers.name, written, pl.String)


def _written(column: pl.Series) -> pl.Series:
    """Texts, blank ones null."""
    dtype = column.dtype
    if isinstance(dtype, pl.Datetime):
        midnight = dtype.time_zone is None and bool((column == column.dt.truncate("1d")).all())
        zone = "%:z" if dtype.time_zone else ""
        return column.dt.strftime("%Y-%m-%d" if midnight else f"%Y-%m-%d %H:%M:%S%.f{zone}")
    if dtype == pl.Date:
        return column.dt.strftime("%Y-%m-%d")
    if dtype.is_nested():
        values = (
            None if value is None else json.dumps(value, ensure_ascii=False, default=str)
            for value in column.to_list()
        )
        return pl.Series(column.name, values, pl.String)
    if dtype == pl.Duration or dtype == pl.Object:
        return pl.Series(
            column.name, [None if value is None else str(value) for value in column.to_list()], pl.String
        )
    return _unblanked(column.cast(pl.String))


def _unblanked(texts: pl.Series, whole: bool = False) -> pl.Series:
    """Text, null where it is empty: between quotation marks there may be nothing too."""
    empty = texts == ""
    return texts.set(empty, None) if bool(empty.any()) else texts
