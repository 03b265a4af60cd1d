"""SQL of the reduction of a shop as Spark writes it, in the settings of `session.SETTINGS`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ltvtui.sources.reduction.dialect import SqlDialect

_END: Final = re.compile(r"(\[[^\]]*\]|\\.)|\$")


class SparkSql(SqlDialect):
    """Spark 4, with ANSI: what overflows is an error, never another number."""

    name = "Spark"
    calls_python = False

    def literal(self, text: str) -> str:
        """A backslash escapes."""
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def text(self, sql: str) -> str:
        """As STRING."""
        return f"CAST({sql} AS STRING)"

    def double(self, sql: str) -> str:
        """A text that is none is null, whatever Spark looks at first."""
        return f"TRY_CAST({sql} AS DOUBLE)"

    def truncated(self, sql: str) -> str:
        """As the cast does it."""
        return f"CAST({sql} AS BIGINT)"

    def rounded_to_even(self, sql: str) -> str:
        """As IEEE 754 has it."""
        return f"CAST(RINT({sql}) AS BIGINT)"

    def is_finite(self, sql: str) -> str:
        """NaN is above all numbers."""
        return f"(ABS({sql}) < DOUBLE('Infinity'))"

    def divided(self, sql: str, by: int) -> str:
        """Without the rest."""
        return f"(({sql}) DIV {by})"

    def matches(self, sql: str, pattern: str) -> str:
        """Java ends a text before its last newline, and tells capitals of ASCII alone, unless told otherwise."""
        as_java = "(?du)" + _END.sub(lambda found: found[1] or r"\z", pattern)
        return f"REGEXP_LIKE({sql}, {self.literal(as_java)})"

    def day_of_text(self, sql: str) -> str:
        """By the calendar of ISO."""
        return f"UNIX_DATE(TRY_CAST({sql} AS DATE))"

    def day_of_date(self, sql: str) -> str:
        """There are none without an end."""
        return f"UNIX_DATE({sql})"

    def day_of_moment(self, sql: str) -> str:
        """On the clocks of the session, which are those of UTC."""
        return f"UNIX_DATE(CAST({sql} AS DATE))"

    def second_of_moment(self, sql: str) -> str:
        """On the same clocks."""
        return self.whole(f"(HOUR({sql}) * 3600 + MINUTE({sql}) * 60 + SECOND({sql}))")

    def in_utc(self, sql: str) -> str:
        """As it is: the session has the clocks of UTC."""
        return sql

    def row_hash(self, columns: Sequence[str]) -> str:
        """Of 64 bits. Nulls leave it as it is, so that it is told where they are."""
        cells = ", ".join(f"{self.text(sql)}, ISNULL({sql})" for sql in columns)
        return f"XXHASH64({cells})"

    def part_of_rows(self, columns: Sequence[str], parts: int) -> str:
        """Of a hash that may be negative."""
        return f"PMOD({self.row_hash(columns)}, {parts})"

    def first_by(self, sql: str, moment: str, number: str) -> str | None:
        """By both, one after the other."""
        return f"MIN_BY({sql}, STRUCT({moment}, {number}))"
