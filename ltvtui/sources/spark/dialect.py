"""SQL of detection and reading as Spark writes it, where each column is of one type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ltvtui.sources.values.decoding import NO_NUMBER
from ltvtui.sources.values.money import MONEY_LIMIT

TEXT_AMOUNTS = "ltvtui: amounts that are text"
"""What Spark says where it would have to calculate with text; errors.py tells it in other words."""


@dataclass(frozen=True)
class SparkDialect:
    """The SQL of a cluster."""

    texts: frozenset[str] = frozenset()
    """Quoted names that are of text in every table that has them: those can be cut."""

    def as_bytes(self, sql: str) -> str:
        """Text, numbers and days as bytes."""
        return f"CAST(CAST({sql} AS STRING) AS BINARY)"

    def as_text(self, sql: str) -> str:
        """As bytes, never null."""
        return f"CAST(COALESCE(CAST({sql} AS STRING), '') AS BINARY)"

    def as_string(self, sql: str) -> str:
        """As STRING, which other engines do not know."""
        return f"CAST({sql} AS STRING)"

    def combined(self, cells: Sequence[str], separator: str) -> str:
        """Texts of several cells as one."""
        texts = (f"COALESCE(CAST({sql} AS STRING), '')" for sql in cells)
        return f"CAST({f'||CHR({ord(separator)})||'.join(texts)} AS BINARY)"

    def is_text(self, sql: str) -> str:
        """By the type of the column."""
        return f"(TYPEOF({sql}) = 'string' OR TYPEOF({sql}) LIKE '%char%') AND {sql} IS NOT NULL"

    def text_only(self, sql: str) -> str:
        """The cell where it is text, else null."""
        return f"CASE WHEN {self.is_text(sql)} THEN CAST({sql} AS STRING) END"

    def money(self, sql: str) -> str:
        """A number in ten-thousandths; text, days and what is out of range: NO_NUMBER."""
        number = f"TRY_CAST(CAST({sql} AS STRING) AS DOUBLE)"
        return (
            f"CASE WHEN {self.is_text(sql)} OR {number} IS NULL OR TYPEOF({sql}) = 'binary'"
            f" OR NOT {number} BETWEEN -{MONEY_LIMIT}.0 AND {MONEY_LIMIT}.0 THEN {NO_NUMBER}"
            f" ELSE CAST(ROUND({number} * 10000) AS BIGINT) END"
        )

    def plain_number(self, sql: str) -> str:
        """A number with an exponent, as text."""
        written = f"CAST({sql} AS STRING)"
        return (
            f"CASE WHEN NOT COALESCE({self.is_text(sql)}, false) AND TRY_CAST({written} AS DOUBLE) IS NOT NULL AND"
            f" LOWER({written}) NOT LIKE '%e%' THEN {written} || 'e0' ELSE LOWER({written}) END"
        )

    def parsed(self, sql: str, decimal_comma: bool | None) -> str:
        """A number to reckon with. Text is refused when it is met: Spark does not know our way to read it."""
        refused = f"CAST(RAISE_ERROR('{TEXT_AMOUNTS}') AS DOUBLE)"
        return f"(CASE WHEN {self.is_text(sql)} THEN {refused} ELSE {self.guarded(sql)} END)"

    def guarded(self, sql: str) -> str:
        """A number of text that is one as a whole."""
        return f"TRY_CAST(CAST({sql} AS STRING) AS DOUBLE)"

    def sampled(self, sql: str) -> str:
        """Long text cut."""
        return f"SUBSTR({sql}, 1, 200)" if sql in self.texts else sql

    def one_of_each(self, source: str, key: str) -> str:
        """By the number of the row among its like."""
        nth = f"ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {key})"
        return f"SELECT * EXCEPT (nth) FROM (SELECT *, {nth} AS nth FROM {source}) WHERE nth = 1"  # noqa: S608

    def last_of_each(self, columns: str, source: str, key: str, by: str) -> str:
        """By the number of the row among its like, the highest first."""
        nth = f"ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {by} DESC NULLS LAST)"
        return f"SELECT * FROM (SELECT {columns}, {nth} AS nth FROM {source}) WHERE nth = 1"  # noqa: S608

    def join_lookup(self, each: str, other: str, condition: str) -> str:
        """An inner join."""
        return f"{each} JOIN {other} ON {condition}"
