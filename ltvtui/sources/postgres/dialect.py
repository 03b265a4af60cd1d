"""SQL as PostgreSQL writes it: each column is of one type, nothing becomes a number by itself, and an attempt that
fails ends the query, so that a text is looked at before it is taken for a number.

Columns of tables are of known types; of an expression the type is asked for in each row, since a query cannot be
written otherwise without running it first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ltvtui.sources.postgres.kinds import NUMBERS, PostgresKind, text_as, written_double
from ltvtui.sources.postgres.text_numbers import whole_number, written_number
from ltvtui.sources.values.decoding import NO_NUMBER
from ltvtui.sources.values.money import MONEY_LIMIT

TEXTS: Final = (25, 1043, 1042, 19, 18, 705)
"""Numbers of the types text, varchar, bpchar, name, "char" and unknown; those of other types are fixed, too."""
_DOUBLES: Final = (700, 701)
_WHOLES: Final = (20, 21, 23, 1700)
_MONEY, _BOOL = 790, 16
_HALF: Final = "CASE WHEN {0} < 0 THEN -0.5::float8 ELSE 0.5::float8 END"
_EXACT: Final = "4e11"
"""Up to here ten-thousandths are rounded in floats as SQLite does it; above, doubles have none."""


@dataclass(frozen=True)
class PostgresDialect:
    """The SQL of one database."""

    kinds: Mapping[str, PostgresKind]
    """By "table"."column", and by "column" where all that are called so are of one kind."""
    texts: frozenset[int]
    """Numbers of all types whose values are texts: of enumerations and domains, too."""
    numbers: Mapping[int, PostgresKind]
    """Kinds of the database's own types that are numbers: domains."""
    encoding: str
    """Of the server."""
    trims: bool
    """Whether trim_scale is there, from version 13 on."""

    def as_bytes(self, sql: str) -> str:
        """Text, numbers and days as bytes."""
        return f"convert_to({self._written(sql)}, {self._bytes_of})"

    def as_text(self, sql: str) -> str:
        """As text, never null; as bytes where the server does not know their encoding."""
        return text_as(f"COALESCE({self._written(sql)}, '')", self.encoding)

    def as_string(self, sql: str) -> str:
        """As it casts."""
        return f"CAST({sql} AS TEXT)"

    def combined(self, cells: Sequence[str], separator: str) -> str:
        """Texts of several cells as one."""
        texts = (f"COALESCE({self._written(sql)}, '')" for sql in cells)
        return f"convert_to({f'||chr({ord(separator)})||'.join(texts)}, {self._bytes_of})"

    def is_text(self, sql: str) -> str:
        """By the type of the column."""
        kind = self.kinds.get(sql)
        if kind is None:
            return f"(pg_typeof({sql})::oid IN ({_listed(self.texts)}) AND ({sql}) IS NOT NULL)"
        return f"{sql} IS NOT NULL" if kind is PostgresKind.TEXT else "FALSE"

    def text_only(self, sql: str) -> str:
        """The cell where it is text, else null."""
        kind = self.kinds.get(sql)
        if kind is None:
            return f"CASE WHEN {self.is_text(sql)} THEN ({sql})::text END"
        return f"{sql}::text" if kind is PostgresKind.TEXT else "NULL::text"

    def money(self, sql: str) -> str:
        """A number in ten-thousandths: of a double as SQLite rounds it, of all others exactly."""
        kind = self.kinds.get(sql)
        if kind is not None:
            return _money(sql, kind)
        typed = f"pg_typeof({sql})::oid"
        return (
            f"CASE WHEN {typed} IN ({_listed(self._of(_DOUBLES, PostgresKind.REAL, PostgresKind.DOUBLE))})"
            f" THEN {_money(f'({sql})::text::float8', PostgresKind.DOUBLE)}"
            f" WHEN {typed} IN ({_listed(self._of(_WHOLES, PostgresKind.WHOLE, PostgresKind.NUMERIC))})"
            f" THEN {_money(f'({sql})::text::numeric', PostgresKind.NUMERIC)}"
            f" WHEN {typed} IN ({_listed(self._of((_MONEY,), PostgresKind.MONEY))})"
            f" THEN {_money(_money_text(sql), PostgresKind.NUMERIC)}"
            f" WHEN {typed} IN ({_listed(self._of((_BOOL,), PostgresKind.BOOL))})"
            f" THEN CASE ({sql})::text WHEN 'true' THEN 10000 WHEN 'false' THEN 0 ELSE {NO_NUMBER} END"
            f" ELSE {NO_NUMBER} END"
        )

    def plain_number(self, sql: str) -> str:
        """A number with an exponent, as text."""
        kind, written = self.kinds.get(sql), self._written(sql)
        with_exponent = f"CASE WHEN {written} LIKE '%e%' THEN {written} ELSE {written} || 'e0' END"
        if kind is not None:
            return with_exponent if kind in NUMBERS else written
        is_number = f"pg_typeof({sql})::oid IN ({_listed(self._numbers)})"
        return f"CASE WHEN {is_number} THEN {with_exponent} ELSE {written} END"

    def parsed(self, sql: str, decimal_comma: bool | None) -> str:
        """A number to reckon with."""
        kind = self.kinds.get(sql)
        text = f"({sql})::text"
        is_unicode = self.encoding == "UTF8"
        if kind is PostgresKind.TEXT:
            return written_number(text, decimal_comma, is_unicode)
        if kind is not None:
            return self.guarded(sql)
        read = written_number(text, decimal_comma, is_unicode)
        return f"(CASE WHEN {self.is_text(sql)} THEN {read} ELSE {self.guarded(sql)} END)"

    def guarded(self, sql: str) -> str:
        """A number of text that is one as a whole; numerics stay exact."""
        kind = self.kinds.get(sql)
        if kind is PostgresKind.BOOL:
            return f"({sql}::int)"
        if kind in NUMBERS:
            return {
                PostgresKind.MONEY: f"{sql}::numeric",
                PostgresKind.REAL: written_double(sql, PostgresKind.REAL),
            }.get(kind, sql)
        if kind is PostgresKind.TEXT:
            return f"({whole_number(f'{sql}::text')})"
        if kind is not None:
            return "NULL::float8"
        typed = f"pg_typeof({sql})::oid"
        return (
            f"(CASE WHEN {typed} IN ({_listed(self._of((_MONEY,), PostgresKind.MONEY))})"
            f" THEN {_money_text(sql)}::float8"
            f" WHEN {typed} IN ({_listed(self._of((_BOOL,), PostgresKind.BOOL))})"
            f" THEN CASE ({sql})::text WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
            f" ELSE {whole_number(f'({sql})::text')} END)"
        )

    def sampled(self, sql: str) -> str:
        """Long text cut, blobs emptied."""
        kind = self.kinds.get(sql)
        if kind in (PostgresKind.TEXT, PostgresKind.OTHER):
            return f"left({sql}::text, 200)"
        return f"substr({sql}, 1, 0)" if kind is PostgresKind.BYTES else sql

    def one_of_each(self, source: str, key: str) -> str:
        """DISTINCT ON takes one row of each."""
        return f"SELECT DISTINCT ON ({key}) * FROM {source}"  # noqa: S608

    def last_of_each(self, columns: str, source: str, key: str, by: str) -> str:
        """The same, the highest first."""
        return f"SELECT DISTINCT ON ({key}) {columns} FROM {source} ORDER BY {key}, {by} DESC NULLS LAST"  # noqa: S608

    def join_lookup(self, each: str, other: str, condition: str) -> str:
        """An inner join."""
        return f"{each} JOIN {other} ON {condition}"

    @property
    def _bytes_of(self) -> str:
        return "'SQL_ASCII'" if self.encoding == "SQL_ASCII" else "'UTF8'"

    @property
    def _numbers(self) -> frozenset[int]:
        return frozenset((*_DOUBLES, *_WHOLES, _MONEY, *(n for n, kind in self.numbers.items() if kind in NUMBERS)))

    def _of(self, usual: tuple[int, ...], *kinds: PostgresKind) -> frozenset[int]:
        return frozenset((*usual, *(number for number, kind in self.numbers.items() if kind in kinds)))

    def _written(self, sql: str) -> str:
        """The text of a cell: of a numeric without zeros behind, of a whole double without exponent."""
        kind = self.kinds.get(sql)
        if kind in (PostgresKind.NUMERIC, PostgresKind.MONEY):
            exact = sql if kind is PostgresKind.NUMERIC else f"{sql}::numeric"
            return f"trim_scale({exact})::text" if self.trims else f"({exact})::text"
        if kind is PostgresKind.DOUBLE:
            return (
                f"CASE WHEN {sql} = trunc({sql}) AND abs({sql}) < 1e18 THEN {sql}::bigint::text ELSE {sql}::text END"
            )
        return f"({sql})::text" if kind is None else f"{sql}::text"


def _money(sql: str, kind: PostgresKind) -> str:
    """A cell of known kind in ten-thousandths; NO_NUMBER where it is null, out of range, or no number."""
    if kind is PostgresKind.BOOL:
        return f"CASE WHEN {sql} THEN 10000 WHEN NOT {sql} THEN 0 ELSE {NO_NUMBER} END::bigint"
    if kind not in NUMBERS:
        return f"{NO_NUMBER}::bigint"
    exact = {
        PostgresKind.WHOLE: f"{sql}::bigint * 10000",
        PostgresKind.NUMERIC: f"round({sql} * 10000)::bigint",
        PostgresKind.MONEY: f"round({sql}::numeric * 10000)::bigint",
    }
    if kind in exact:
        number = f"{sql}::numeric" if kind is PostgresKind.MONEY else sql
        return f"CASE WHEN {number} BETWEEN -{MONEY_LIMIT} AND {MONEY_LIMIT} THEN {exact[kind]} ELSE {NO_NUMBER} END"
    double = written_double(sql, kind)
    scaled = f"{double} * 10000::float8"
    return (
        f"CASE WHEN {double} BETWEEN -{_EXACT} AND {_EXACT} THEN trunc({scaled} + {_HALF.format(double)})::bigint"
        f" WHEN {double} BETWEEN -{MONEY_LIMIT} AND {MONEY_LIMIT} THEN ({scaled})::bigint ELSE {NO_NUMBER} END"
    )


def _money_text(sql: str) -> str:
    """The text of an amount of the type money as a number: lc_monetary is C."""
    return f"regexp_replace(({sql})::text, '[$,]', '', 'g')::numeric"


def _listed(numbers: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))
