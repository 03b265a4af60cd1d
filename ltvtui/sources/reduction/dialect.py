"""SQL text that engines write differently, as far as the reduction of a shop needs it.

Arguments are SQL of one cell, and so are results. What all engines write alike is written where it is needed. The
class itself writes as DuckDB does; others override what differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.sources.sql import quote
from ltvtui.sources.values.money import MONEY_LIMIT

EPOCH: Final = "DATE '1970-01-01'"


class SqlDialect:
    """How DuckDB writes it, from 1.5 on."""

    name = "DuckDB"
    calls_python = True
    """Whether it knows the function money.NUMBER, which reads amounts as text."""

    def arranged(self, sql: str) -> str:
        """A SELECT as it is sent; one with steps is a ChainedSelect."""
        return sql

    def quoted(self, name: str) -> str:
        """An identifier."""
        return quote(name)

    def literal(self, text: str) -> str:
        """A text, whatever it contains."""
        return "'" + text.replace("'", "''") + "'"

    def text(self, sql: str) -> str:
        """The cell as text."""
        return f"CAST({sql} AS VARCHAR)"

    def whole(self, sql: str) -> str:
        """A number without fraction, or a sum, as 64 bits."""
        return f"CAST({sql} AS BIGINT)"

    def double(self, sql: str) -> str:
        """A number, or the text of one, as double."""
        return f"CAST({sql} AS DOUBLE)"

    def whole_or_null(self, sql: str) -> str:
        """A text as a number of 64 bits; null where it is none."""
        return f"TRY_CAST({sql} AS BIGINT)"

    def decimal(self, sql: str) -> str:
        """A decimal number as its text is read."""
        return sql

    def decimal_money(self, sql: str) -> str:
        """A decimal number in ten-thousandths as 64 bits, rounded as the engine's own numbers are when they are read;
        null where it is out of range."""
        return self.floating_money(self.double(sql))

    def floating_money(self, sql: str) -> str:
        """The same of a double, halves away from zero."""
        scaled = f"({sql} * 10000)"
        half = f"CASE WHEN {scaled} < 0 THEN -0.5 ELSE 0.5 END"
        return (
            f"CASE WHEN {sql} BETWEEN -{MONEY_LIMIT}.0 AND {MONEY_LIMIT}.0"
            f" THEN {self.truncated(f'({scaled} + {half})')} END"
        )

    def in_byte_order(self, sql: str) -> str:
        """A text to be ordered by its bytes, whatever the language of the database is."""
        return sql

    def truncated(self, sql: str) -> str:
        """A double without its fraction, as 64 bits."""
        return f"CAST(TRUNC({sql}) AS BIGINT)"

    def rounded_to_even(self, sql: str) -> str:
        """A double rounded as Polars does it, halves to the even neighbour, as 64 bits."""
        return f"CAST(ROUND_EVEN({sql}, 0) AS BIGINT)"

    def is_finite(self, sql: str) -> str:
        """Whether a double is a number other than infinity."""
        return f"ISFINITE({sql})"

    def divided(self, sql: str, by: int) -> str:
        """A whole number of zero or more, divided, without the rest."""
        return f"(({sql}) // {by})"

    def matches(self, sql: str, pattern: str) -> str:
        """Whether a text has a part that fits; the pattern is one of RE2's that all engines understand."""
        return f"REGEXP_MATCHES({sql}, {self.literal(pattern)})"

    def part(self, sql: str, start: int, length: int) -> str:
        """Characters of a text, the first is 1."""
        return f"SUBSTR({sql}, {start}, {length})"

    def day_of_text(self, sql: str) -> str:
        """Days since 1970-01-01 of ten characters such as 2024-01-31; null where the calendar has no such day."""
        return f"(TRY_CAST({sql} AS DATE) - {EPOCH})"

    def day_of_date(self, sql: str) -> str:
        """Days since 1970-01-01 of a day; null of one without an end."""
        return f"(CASE WHEN ISFINITE({sql}) THEN {sql} END - {EPOCH})"

    def day_of_moment(self, sql: str) -> str:
        """The same of a moment without a zone."""
        return f"(CAST(CASE WHEN ISFINITE({sql}) THEN {sql} END AS DATE) - {EPOCH})"

    def second_of_moment(self, sql: str) -> str:
        """Second of its day, fractions cut."""
        hour, minute, second = (f"EXTRACT({part} FROM {sql})" for part in ("HOUR", "MINUTE", "SECOND"))
        return self.whole(f"CASE WHEN ISFINITE({sql}) THEN {hour} * 3600 + {minute} * 60 + {second} END")

    def in_utc(self, sql: str) -> str:
        """A moment of one time line as one without a zone, on the clocks of UTC."""
        return f"({sql} AT TIME ZONE 'UTC')"

    def row_hash(self, columns: Sequence[str]) -> str:
        """A number that tells rows of other cells apart."""
        return f"HASH({', '.join(columns)})"

    def part_of_rows(self, columns: Sequence[str], parts: int) -> str:
        """A number from 0 to below `parts`, the same for the same cells."""
        return f"({self.row_hash(columns)} % {parts})"

    def first_by(self, sql: str, moment: str, number: str) -> str | None:
        """The cell, null or not, of the row of a group with the lowest moment, and of those with the lowest number
        (64 bits, not null); None where the engine has nothing for it."""
        return f"ARG_MIN_NULL({sql}, CAST({moment} AS HUGEINT) * 18446744073709551616 + {number})"
