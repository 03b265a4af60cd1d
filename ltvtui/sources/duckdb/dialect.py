"""SQL as DuckDB writes it, where each column is of one type and nothing becomes a number by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ltvtui.sources.values.decoding import NO_NUMBER
from ltvtui.sources.values.money import MONEY_LIMIT, NUMBER


@dataclass(frozen=True)
class DuckdbDialect:
    """The SQL of a database with such columns."""

    texts: frozenset[str] = frozenset()
    """Quoted names that are of text in every table that has them: those can be cut."""

    def as_bytes(self, sql: str) -> str:
        """Text, numbers and days as bytes."""
        return f"encode(CAST({sql} AS VARCHAR))"

    def as_text(self, sql: str) -> str:
        """As bytes, never null."""
        return f"encode(COALESCE(CAST({sql} AS VARCHAR), ''))"

    def as_string(self, sql: str) -> str:
        """As it casts."""
        return f"CAST({sql} AS TEXT)"

    def combined(self, cells: Sequence[str], separator: str) -> str:
        """Texts of several cells as one."""
        texts = (f"COALESCE(CAST({sql} AS VARCHAR), '')" for sql in cells)
        return f"encode({f'||chr({ord(separator)})||'.join(texts)})"

    def is_text(self, sql: str) -> str:
        """By the type of the column."""
        return f"(typeof({sql}) = 'VARCHAR' OR typeof({sql}) LIKE 'ENUM%') AND {sql} IS NOT NULL"

    def text_only(self, sql: str) -> str:
        """The cell where it is text, else null."""
        return f"CASE WHEN {self.is_text(sql)} THEN CAST({sql} AS VARCHAR) END"

    def money(self, sql: str) -> str:
        """A number in ten-thousandths; text, days and what is out of range: NO_NUMBER."""
        number = f"TRY_CAST({sql} AS DOUBLE)"
        return (
            f"CASE WHEN {self.is_text(sql)} OR {number} IS NULL OR typeof({sql}) = 'BLOB'"
            f" OR NOT {number} BETWEEN -{MONEY_LIMIT}.0 AND {MONEY_LIMIT}.0 THEN {NO_NUMBER}"
            f" ELSE CAST(ROUND({number} * 10000.0) AS BIGINT) END"
        )

    def plain_number(self, sql: str) -> str:
        """A number with an exponent, as text."""
        written = f"CAST({sql} AS VARCHAR)"
        return (
            f"CASE WHEN NOT ({self.is_text(sql)}) AND TRY_CAST({sql} AS DOUBLE) IS NOT NULL AND"
            f" {written} NOT LIKE '%e%' THEN {written} || 'e0' ELSE {written} END"
        )

    def parsed(self, sql: str, decimal_comma: bool | None) -> str:
        """A number to reckon with."""
        mark = "NULL" if decimal_comma is None else int(decimal_comma)
        text = f"{NUMBER}(CAST({sql} AS VARCHAR), {mark})"
        return f"(CASE WHEN {self.is_text(sql)} THEN {text} ELSE TRY_CAST({sql} AS DOUBLE) END)"

    def guarded(self, sql: str) -> str:
        """A number of text that is one as a whole."""
        return f"TRY_CAST({sql} AS DOUBLE)"

    def sampled(self, sql: str) -> str:
        """Long text cut."""
        return f"substr({sql}, 1, 200)" if sql in self.texts else sql

    def one_of_each(self, source: str, key: str) -> str:
        """By the number of the row among its like."""
        return f"SELECT * FROM {source} QUALIFY row_number() OVER (PARTITION BY {key}) = 1"  # noqa: S608

    def last_of_each(self, columns: str, source: str, key: str, by: str) -> str:
        """By the number of the row among its like, the highest first."""
        nth = f"row_number() OVER (PARTITION BY {key} ORDER BY {by} DESC NULLS LAST)"
        return f"SELECT {columns} FROM {source} QUALIFY {nth} = 1"  # noqa: S608

    def join_lookup(self, each: str, other: str, condition: str) -> str:
        """An inner join."""
        return f"{each} JOIN {other} ON {condition}"
