"""One cell, from SQL to a typed value: text, ids, moments, money.

An engine may type every value on its own (SQLite does), and its Arrow driver a column by the rows it has read. So a
cell can be asked for in two ways. *Typed*: as it lies there, which is right and fast where the whole chunk holds one
type, and is refused here where it does not. *Sure*: as bytes (empty: null) or as one integer (a sentinel: null),
which is right for anything. Bytes and not text, because text in SQLite need not be UTF-8 and polars relies on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Final

import polars as pl

from ltvtui.sources.sql import Dialect, Value
from ltvtui.sources.values.dates import decode
from ltvtui.sources.values.money import MONEY_LIMIT, written_number
from ltvtui.sources.values.money import uses_decimal_comma as uses_decimal_comma
from ltvtui.sources.values.money import written_money as written_money
from ltvtui.sources.values.nothing import without_nothing
from ltvtui.sources.values.zones import offsets

NO_NUMBER: Final = -9_200_000_000_000_000_000
"""Stands for null among integers."""
_EXACT_FLOATS: Final = 4e11
"""Up to here ten-thousandths are rounded in floats as SQLite does it, and whole numbers stay whole."""

_SEPARATOR: Final = "\x1f"
"""Between texts that are asked for as one."""

_EMAIL: Final = r"^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$"

Understood = list[pl.Series]


@dataclass(frozen=True)
class Cell:
    """One cell of a row: how it is asked for, and what it means."""

    name: str
    sure_sql: dict[str, str]
    """SQL by name of column, to be asked for as bytes unless it is one of `numbers`; right for any value."""
    sure: Callable[[pl.DataFrame], Understood]
    """Columns of the understood row, from those of `sure_sql`."""
    typed_sql: dict[str, str]
    typed: Callable[[pl.DataFrame], Understood | None]
    """The same from those of `typed_sql`; None where a chunk holds other types than it takes."""
    numbers: frozenset[str] = frozenset()
    """Columns of `sure_sql` that are Int64; the others are Binary."""


def text_cell(dialect: Dialect, name: str, expression: str) -> Cell:
    """A cell of free text: String."""
    return _written(dialect, name, expression, text)


def category_cell(dialect: Dialect, name: str, expression: str) -> Cell:
    """A cell of few different texts: Categorical."""
    return _written(dialect, name, expression, category)


def category_cells(dialect: Dialect, expressions: dict[str, str]) -> Cell:
    """Several cells of few different texts, each Categorical: asked for as one text, looked at once a combination.

    A text costs the driver more than its bytes, so that two of them are dearer than one that is twice as long.
    """
    names = tuple(expressions)
    if len(names) == 1:
        return category_cell(dialect, names[0], expressions[names[0]])
    alone = [category_cell(dialect, name, sql) for name, sql in expressions.items()]

    def sure(raw: pl.DataFrame) -> Understood:
        return [series for cell in alone for series in cell.sure(raw)]

    def typed(raw: pl.DataFrame) -> Understood | None:
        texts = decoded(raw[names[0]])
        combined = texts.cast(pl.Categorical(pl.Categories.random()))  # categories that are forgotten with the chunk
        distinct, codes = combined.unique(maintain_order=True), combined.to_physical()
        if distinct.to_physical().to_list() != list(range(distinct.len())):
            return None  # not numbered as they come: then nothing can be looked up by number
        parts = distinct.cast(pl.String).str.split(_SEPARATOR)
        if bool((parts.list.len() != len(names)).any()):
            return None
        columns = (category(parts.list.get(place).cast(pl.Binary)).gather(codes) for place in range(len(names)))
        return [column.alias(name) for name, column in zip(names, columns, strict=True)]

    both = {name: sql for cell in alone for name, sql in cell.sure_sql.items()}
    as_one = dialect.combined(tuple(expressions.values()), _SEPARATOR)
    return Cell(names[0], both, sure, {names[0]: as_one}, typed)


def identifier_cell(dialect: Dialect, name: str, expression: str, sample: Iterable[Value]) -> Cell:
    """A cell that names something: String, or a whole number where the chunk, like the `sample`, holds such."""
    sure = _written(dialect, name, expression, identifier)
    if not _all_of(sample, int):
        return sure

    def typed(raw: pl.DataFrame) -> Understood | None:
        found = raw[name]
        return [narrow(found)] if found.dtype == pl.Int64 else None

    return Cell(name, sure.sure_sql, sure.sure, {name: expression}, typed)


def moment_cell(
    dialect: Dialect, expression: str, sample: Iterable[Value], formats: Sequence[str], zoned: bool = False
) -> Cell:
    """A cell with a date: `day` and `second` (Int32), null where `formats` cannot read it.

    If `zoned`, also zones.OFFSET.
    """

    def understand(cells: pl.Series) -> Understood:
        found = decode(cells, formats)
        return [*found.get_columns(), offsets(cells, found["second"])] if zoned else found.get_columns()

    sure = _written(dialect, "date", expression, text)
    if _all_of(sample, int):

        def typed(raw: pl.DataFrame) -> Understood | None:
            return understand(raw["date"].cast(pl.String)) if raw["date"].dtype == pl.Int64 else None

        return Cell("date", sure.sure_sql, lambda raw: understand(text(raw["date"])), {"date": expression}, typed)

    def written(raw: pl.DataFrame) -> Understood | None:
        found = _bytes(raw["date"])
        # Blanks around a date are no matter to decode.
        return None if found is None else understand(decoded(found))

    return Cell("date", sure.sure_sql, lambda raw: understand(text(raw["date"])), sure.typed_sql, written)


def money_cell(dialect: Dialect, name: str, expression: str, sample: Sequence[Value], comma: bool | None) -> Cell:
    """A cell with an amount: Int64 ten-thousandths, null where it is not a number.

    `comma` says whether one stands before the cents of those that are text and could be read both ways.
    """
    sure_sql = {name: dialect.money(expression), name + "_text": dialect.text_only(expression)}

    def sure(raw: pl.DataFrame) -> Understood:
        return [money(raw[name], raw[name + "_text"], comma)]

    if not _all_of(sample, int | float):
        typed_sql = sure_sql | {name + "_text": dialect.as_text(sure_sql[name + "_text"])}
        return Cell(name, sure_sql, sure, typed_sql, sure, frozenset({name}))

    def typed(raw: pl.DataFrame) -> Understood | None:
        found = _typed_money(raw[name])
        return None if found is None else [found]

    return Cell(name, sure_sql, sure, {name: expression}, typed, frozenset({name}))


def number_cell(dialect: Dialect, name: str, expression: str, comma: bool | None) -> Cell:
    """A cell with a number of any fineness: Float64, null where it is none; `comma` as of `money_cell`."""
    return _written(dialect, name, dialect.plain_number(expression), lambda raw: written_number(text(raw), comma))


def narrow(numbers: pl.Series) -> pl.Series:
    """Int64 as Int32 where all of them fit; never the same memory.

    A column kept as it came from the Arrow driver would keep all the others of its chunk in memory.
    """
    low, high = numbers.min(), numbers.max()
    fits = low is None or (isinstance(low, int) and isinstance(high, int) and low >= -(2**31) and high < 2**31)
    return numbers.cast(pl.Int32) if fits else numbers + 0


def _written(dialect: Dialect, name: str, expression: str, understand: Callable[[pl.Series], pl.Series]) -> Cell:
    """A cell asked for as bytes either way: its type is never in doubt, only whether there is any value."""

    def typed(raw: pl.DataFrame) -> Understood | None:
        found = _bytes(raw[name])
        return None if found is None else [understand(found)]

    def sure(raw: pl.DataFrame) -> Understood:
        return [understand(raw[name])]

    return Cell(name, {name: expression}, sure, {name: dialect.as_bytes(expression)}, typed)


def _all_of(sample: Iterable[Value], kind: type | UnionType) -> bool:
    """Whether the sample shows values, and each of that kind."""
    present = [value for value in sample if value is not None]
    return bool(present) and all(isinstance(value, kind) for value in present)


def _bytes(cells: pl.Series) -> pl.Series | None:
    """Cells as Binary; a chunk without any value comes as Int64."""
    if cells.dtype == pl.Binary:
        return cells
    return cells.cast(pl.String).cast(pl.Binary) if cells.null_count() == cells.len() else None


def _typed_money(cells: pl.Series) -> pl.Series | None:
    """Numbers as ten-thousandths, to the digit of `Dialect.money`; None where only that gets them right."""
    low, high = cells.min(), cells.max()
    if low is None or high is None:
        return cells.cast(pl.Int64) if cells.null_count() == cells.len() else None
    if cells.dtype == pl.Int64:
        within_limit = low >= -MONEY_LIMIT and high <= MONEY_LIMIT  # type: ignore[operator]
        return cells * 10_000 if within_limit else None
    if cells.dtype != pl.Float64 or not (low >= -_EXACT_FLOATS and high <= _EXACT_FLOATS):  # type: ignore[operator]
        return None
    scaled = pl.col(cells.name) * 10_000
    half = pl.when(scaled < 0).then(-0.5).otherwise(0.5)
    return cells.to_frame().select((scaled + half).cast(pl.Int64)).to_series()


def text(cells: pl.Series) -> pl.Series:
    """Bytes as trimmed text; blank is null, bytes that are not UTF-8 become U+FFFD."""
    trimmed = decoded(cells).str.strip_chars()
    return trimmed.set(trimmed == "", None) if bool((trimmed == "").any()) else trimmed


def category(cells: pl.Series) -> pl.Series:
    """Bytes as trimmed text, Categorical: each distinct text is looked at once."""
    written = decoded(cells).cast(pl.Categorical())
    distinct = written.unique().drop_nulls()
    trimmed = distinct.cast(pl.String).str.strip_chars()
    if bool(((trimmed == "") | (trimmed != distinct.cast(pl.String))).any()):
        return text(cells).cast(pl.Categorical())
    return written


def decoded(cells: pl.Series) -> pl.Series:
    """Bytes as text, as it is written; bytes that are not UTF-8 become U+FFFD."""
    try:
        return cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        readable = {cell: cell.decode("utf-8", "replace") for cell in cells.unique().to_list() if cell is not None}
        return pl.Series(cells.name, [readable.get(cell) for cell in cells.to_list()], pl.String)


def identifier(cells: pl.Series) -> pl.Series:
    """Bytes as an id: trimmed text, null for a word for nothing, and a whole number kept as REAL without its ".0".

    Case does not part e-mail addresses.
    """
    ids = without_nothing(text(cells))
    if bool(ids.str.contains("@", literal=True).any()):
        folded = ids.to_frame("i").select(
            pl.when(pl.col("i").str.contains(_EMAIL)).then(pl.col("i").str.to_lowercase()).otherwise(pl.col("i"))
        )
        ids = folded["i"].alias(ids.name)
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


def money(numbers: pl.Series, texts: pl.Series, decimal_comma: bool | None) -> pl.Series:
    """Int64 ten-thousandths from the two cells of an amount; null where it is not a number."""
    amounts = numbers.set(numbers == NO_NUMBER, None) if bool((numbers == NO_NUMBER).any()) else numbers
    if bool((texts.bin.size() > 0).any()):
        amounts = amounts.zip_with(amounts.is_not_null(), written_money(text(texts), decimal_comma))
    return amounts.cast(pl.Int64)
