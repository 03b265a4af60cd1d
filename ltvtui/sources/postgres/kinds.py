"""Types of PostgreSQL, and the few that cells have above it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final

from ltvtui.sources.postgres.schema_of import ColumnType
from ltvtui.sources.reduction.kinds import CellKind

if TYPE_CHECKING:
    import polars as pl


class PostgresKind(Enum):
    """What a column is to a reader of cells."""

    WHOLE = "int2 int4 int8 oid"
    REAL = "float4"
    """Read by what is written, so that 10.1 is not 10.1000003."""
    DOUBLE = "float8"
    NUMERIC = "numeric"
    MONEY = "money"
    BOOL = "bool"
    TEXT = "text varchar bpchar name char citext unknown"
    BYTES = "bytea"
    OTHER = ""
    """Days, times, lists, enumerations and whatever else has a text."""


NUMBERS: Final = frozenset(
    {PostgresKind.WHOLE, PostgresKind.REAL, PostgresKind.DOUBLE, PostgresKind.NUMERIC, PostgresKind.MONEY}
)
_BY_TYPE: Final = {type: kind for kind in PostgresKind for type in kind.value.split()}
_DIGITS_OF_BIGINT: Final = 18


def kind_of(type: str) -> PostgresKind:
    """The kind of a type, by PostgreSQL's own short name for it."""
    return _BY_TYPE.get(type, PostgresKind.OTHER)


_CELLS: Final = {
    PostgresKind.WHOLE: CellKind.WHOLE,
    PostgresKind.DOUBLE: CellKind.FLOAT,
    PostgresKind.NUMERIC: CellKind.DECIMAL,
    PostgresKind.TEXT: CellKind.TEXT,
    PostgresKind.BOOL: CellKind.FLAG,
}
_DAYS: Final = {"date": CellKind.DAY, "timestamp": CellKind.MOMENT, "timestamptz": CellKind.INSTANT}


def cell_kind_of(type: str) -> CellKind:
    """What a type holds for a shop that is reduced: numbers that are read by their text are left to a reading."""
    return _DAYS.get(type) or _CELLS.get(kind_of(type), CellKind.OTHER)


def as_cells(sql: str, columns: Sequence[ColumnType], encoding: str) -> str:
    """A SELECT of what the SELECT `sql` gives, under the names c0, c1 and so on: each bigint, double precision,
    bytea, or text (`text_as`). A numeric that may be whole comes as text (`without_text`)."""
    names = [f"c{place}" for place in range(len(columns))]
    cells = ", ".join(
        f"{_cell(name, column, encoding)} AS {name}" for name, column in zip(names, columns, strict=True)
    )
    return f"SELECT {cells} FROM ({sql}\n) AS cells({', '.join(names)})"  # noqa: S608 - our own names and the asker's SQL


def _cell(name: str, column: ColumnType, encoding: str) -> str:
    kind = kind_of(column.type)
    if kind is PostgresKind.WHOLE:
        return f"{name}::bigint"
    if kind is PostgresKind.BOOL:
        return f"{name}::int::bigint"
    if kind is PostgresKind.BYTES:
        return name
    if kind is PostgresKind.NUMERIC:
        return {True: f"{name}::bigint", False: f"{name}::float8", None: f"{name}::text"}[_is_whole(column.modifier)]
    if kind in NUMBERS:
        return written_double(name, kind)
    return text_as(f"{name}::text", encoding)


def written_double(sql: str, kind: PostgresKind) -> str:
    """A real or money as double precision."""
    return {PostgresKind.REAL: f"{sql}::text::float8", PostgresKind.MONEY: f"{sql}::numeric::float8"}.get(
        kind, f"{sql}::float8"
    )


def text_as(sql: str, encoding: str) -> str:
    """A text as it can be fetched: the server makes UTF-8 of it, where it knows the `encoding`; else as bytes."""
    return f"convert_to({sql}, 'SQL_ASCII')" if encoding == "SQL_ASCII" else sql


def _is_whole(modifier: int) -> bool | None:
    """Whether a numeric is declared without digits behind the point; None where it is not declared, or too long."""
    if modifier < 4:
        return None
    digits, behind = (modifier - 4) >> 16, (modifier - 4) & 0x7FF
    if behind:
        return False
    return True if digits <= _DIGITS_OF_BIGINT else None


def without_text(frame: pl.DataFrame, columns: Sequence[ColumnType]) -> pl.DataFrame:
    """The frame of `as_cells` with numbers in place of their texts: whole ones where all of a column are. What is no
    number (NaN, Infinity) is null, and bytes of texts are texts."""
    import polars as pl

    found = []
    for series, column in zip(frame.get_columns(), columns, strict=True):
        kind = kind_of(column.type)
        if kind is PostgresKind.NUMERIC and series.dtype == pl.String:
            series = _numbers(series)
        elif series.dtype == pl.Binary and kind is not PostgresKind.BYTES:
            texts = [None if cell is None else cell.decode("utf-8", "replace") for cell in series.to_list()]
            series = pl.Series(series.name, texts, pl.String)
        if series.dtype == pl.Float64:
            series = series.to_frame().select(pl.when(pl.first().is_finite()).then(pl.first())).to_series()
        found.append(series)
    return pl.DataFrame(found)


def _numbers(texts: pl.Series) -> pl.Series:
    import polars as pl

    if not texts.str.contains(r"[^0-9-]").any():
        whole = texts.cast(pl.Int64, strict=False)
        if whole.null_count() == texts.null_count():
            return whole
    return texts.cast(pl.Float64, strict=False)
