"""SQL of the reduction of a shop as PostgreSQL writes it. Databases of UTF-8 alone: others do not know all letters.

An attempt that fails ends the query, so that a text is looked at before it becomes a number or a day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ltvtui.sources.reduction.chain import ChainedSelect
from ltvtui.sources.reduction.dialect import EPOCH, SqlDialect
from ltvtui.sources.values.money import MONEY_LIMIT

_BIGINT: Final = "BETWEEN -9223372036854775808 AND 9223372036854775807"
_ANY_CASE: Final = "(?i:"
_LONG_MONTHS: Final = "(1, 3, 5, 7, 8, 10, 12)"


class PostgresSql(SqlDialect):
    """PostgreSQL from 12 on, with the settings of a session (session.SETTINGS)."""

    name = "PostgreSQL"
    calls_python = False

    def __init__(self, trims: bool) -> None:
        """`trims`: whether the server knows trim_scale."""
        self._trims = trims

    def arranged(self, sql: str) -> str:
        """Each step is computed once a row: else the server puts the SQL of a column in place of each mention of it,
        and computes it as often."""
        if not isinstance(sql, ChainedSelect):
            return sql
        steps = ",\n".join(f"{name} AS (\n{step} OFFSET 0\n)" for name, step in sql.steps)
        return f"WITH {steps}\n{sql.asked}"

    def double(self, sql: str) -> str:
        """By its name in the standard."""
        return f"CAST({sql} AS DOUBLE PRECISION)"

    def whole_or_null(self, sql: str) -> str:
        """Looked at first."""
        return (
            f"CASE WHEN ({sql}) ~ '^-?[0-9]{{1,19}}$' THEN CASE WHEN CAST({sql} AS NUMERIC) {_BIGINT}"
            f" THEN CAST({sql} AS BIGINT) END END"
        )

    def rounded_to_even(self, sql: str) -> str:
        """As the cast of a double does it."""
        return f"CAST({sql} AS BIGINT)"

    def is_finite(self, sql: str) -> str:
        """NaN is above all numbers."""
        return f"(ABS({sql}) < CAST('Infinity' AS DOUBLE PRECISION))"

    def divided(self, sql: str, by: int) -> str:
        """Of whole numbers without the rest."""
        return f"(CAST(({sql}) AS BIGINT) / {by})"

    def matches(self, sql: str, pattern: str) -> str:
        """Capitals of letters beyond ASCII are only known to some collations: both are written down."""
        if _ANY_CASE in pattern:
            pattern = f"(?i){_with_capitals(pattern.replace(_ANY_CASE, '(?:'))}"
        return f"(({sql}) ~ {self.literal(pattern)})"

    def decimal(self, sql: str) -> str:
        """Without zeros behind, as it is read."""
        return f"trim_scale({sql})" if self._trims else sql

    def decimal_money(self, sql: str) -> str:
        """Rounded exactly."""
        in_range = f"{sql} BETWEEN -{MONEY_LIMIT} AND {MONEY_LIMIT}"
        return f"CASE WHEN {in_range} THEN CAST(ROUND({sql} * 10000) AS BIGINT) END"

    def in_byte_order(self, sql: str) -> str:
        """Whatever the collation of the database is."""
        return f'{sql} COLLATE "C"'

    def day_of_text(self, sql: str) -> str:
        """By the calendar, looked at first; most days are such as every month has."""
        year, month, day = (f"CAST({self.part(sql, *place)} AS INT)" for place in ((1, 4), (6, 2), (9, 2)))
        leap = f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"
        days = (
            f"CASE WHEN {month} IN {_LONG_MONTHS} THEN 31 WHEN {month} = 2 THEN CASE WHEN {leap} THEN 29 ELSE 28 END"
            " ELSE 30 END"
        )
        there = f"{month} BETWEEN 1 AND 12 AND ({day} BETWEEN 1 AND 28 OR {day} BETWEEN 29 AND {days})"
        return self.whole(f"CASE WHEN {year} > 0 AND {there} THEN CAST({sql} AS DATE) - {EPOCH} END")

    def day_of_date(self, sql: str) -> str:
        """In 64 bits, so that its seconds can be counted."""
        return self.whole(super().day_of_date(sql))

    def day_of_moment(self, sql: str) -> str:
        """The same."""
        return self.whole(super().day_of_moment(sql))

    def second_of_moment(self, sql: str) -> str:
        """Seconds have fractions here, and are rounded where they are cast."""
        hour, minute, second = (f"EXTRACT({part} FROM {sql})" for part in ("HOUR", "MINUTE", "SECOND"))
        return self.whole(f"CASE WHEN ISFINITE({sql}) THEN {hour} * 3600 + {minute} * 60 + FLOOR({second}) END")

    def row_hash(self, columns: Sequence[str]) -> str:
        """Of all cells as one text: of each whether it is there, its length, and what it is."""
        cells = (f"COALESCE(LENGTH({self.text(sql)}) || ':' || {self.text(sql)}, '-')" for sql in columns)
        return f"HASHTEXTEXTENDED({' || '.join(cells)}, 0)"

    def part_of_rows(self, columns: Sequence[str], parts: int) -> str:
        """Of a hash that may be negative."""
        return f"MOD(MOD({self.row_hash(columns)}, {parts}) + {parts}, {parts})"

    def first_by(self, sql: str, moment: str, number: str) -> str | None:
        """Of an ordered list the first."""
        return f"(ARRAY_AGG({sql} ORDER BY {moment}, {number}))[1]"


def _with_capitals(pattern: str) -> str:
    """A pattern in which letters beyond ASCII stand in both cases."""

    def both(found: re.Match[str]) -> str:
        text = found[0]
        pairs = "".join(sorted({*text, *text.lower(), *text.upper()} - set("[]")))
        return f"[{pairs}]"

    return re.sub(r"\[[^\]]*[^\x00-\x7f][^\]]*\]|[^\x00-\x7f]", both, pattern)
