"""SQL as SQLite writes it, which types every value on its own and keeps text that need not be UTF-8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ltvtui.sources.values.decoding import NO_NUMBER
from ltvtui.sources.values.money import MONEY_LIMIT, NUMBER


@dataclass(frozen=True)
class SqliteDialect:
    """The SQL of a database of one encoding."""

    encoding: str = "UTF-8"
    """How texts are kept, or UTF-16le, UTF-16be: Python and Arrow get UTF-8, but CAST(… AS BLOB) does not."""

    def as_bytes(self, sql: str) -> str:
        """Text and numbers as bytes."""
        return f"CAST({sql} AS BLOB)"

    def as_text(self, sql: str) -> str:
        """As bytes, never null; in another encoding as text, which is made UTF-8 when it is fetched."""
        if self.encoding == "UTF-8":
            return f"COALESCE(CAST({sql} AS BLOB), x'')"
        return f"CASE typeof({sql}) WHEN 'blob' THEN {sql} ELSE COALESCE(CAST({sql} AS TEXT), '') END"

    def as_string(self, sql: str) -> str:
        """As it casts."""
        return f"CAST({sql} AS TEXT)"

    def combined(self, cells: Sequence[str], separator: str) -> str:
        """Texts of several cells as one."""
        written = f"||x'{separator.encode().hex()}'||".join(f"ifnull({sql}, '')" for sql in cells)
        return self.as_bytes(written)

    def is_text(self, sql: str) -> str:
        """By the type of the value, not of the column."""
        return f"typeof({sql}) = 'text'"

    def text_only(self, sql: str) -> str:
        """The cell where it is text, else null."""
        return f"CASE WHEN {self.is_text(sql)} THEN {sql} END"

    def money(self, sql: str) -> str:
        """A number in ten-thousandths; text, blobs and what is out of range: NO_NUMBER."""
        e = f"({sql})"
        return (
            f"CASE typeof{e} WHEN 'real' THEN CASE WHEN {e} BETWEEN -{MONEY_LIMIT}.0 AND {MONEY_LIMIT}.0"
            f" THEN CAST(ROUND({e} * 10000.0) AS INTEGER) ELSE {NO_NUMBER} END"
            f" WHEN 'integer' THEN CASE WHEN {e} BETWEEN -{MONEY_LIMIT} AND {MONEY_LIMIT}"
            f" THEN {e} * 10000 ELSE {NO_NUMBER} END ELSE {NO_NUMBER} END"
        )

    def plain_number(self, sql: str) -> str:
        """A number of SQLite has a point, whatever the texts beside it have: "1.082e0" is read in one way only."""
        written = f"CAST({sql} AS TEXT)"
        return (
            f"CASE WHEN typeof({sql}) IN ('real', 'integer') AND {written} NOT LIKE '%e%'"
            f" THEN {written} || 'e0' ELSE {sql} END"
        )

    def parsed(self, sql: str, decimal_comma: bool | None) -> str:
        """A number to reckon with; text is handed over as bytes, since it need not be UTF-8."""
        text = f"CAST({sql} AS BLOB)" if self.encoding == "UTF-8" else sql
        mark = "NULL" if decimal_comma is None else int(decimal_comma)
        return f"(CASE typeof({sql}) WHEN 'text' THEN {NUMBER}({text}, {mark}) WHEN 'blob' THEN NULL ELSE {sql} END)"

    def guarded(self, sql: str) -> str:
        """Null in place of text of which SQLite would take the beginning for a number."""
        cut = f"trim({sql}) GLOB '*[^-+0-9.eE]*' OR {sql} GLOB '*.*.*' OR trim({sql}) = ''"
        return f"(CASE WHEN typeof({sql}) = 'text' AND ({cut}) THEN NULL ELSE {sql} END)"

    def sampled(self, sql: str) -> str:
        """Blobs emptied and long text cut."""
        return f"CASE typeof({sql}) WHEN 'blob' THEN x'' WHEN 'text' THEN substr({sql}, 1, 200) ELSE {sql} END"

    def one_of_each(self, source: str, key: str) -> str:
        """SQLite takes what is not in GROUP BY from one row of each group."""
        return f"SELECT * FROM {source} GROUP BY {key}"  # noqa: S608

    def last_of_each(self, columns: str, source: str, key: str, by: str) -> str:
        """Beside max() SQLite takes what is not in GROUP BY from the row that has it."""
        return f"SELECT {columns}, max({by}) FROM {source} GROUP BY {key}"  # noqa: S608

    def join_lookup(self, each: str, other: str, condition: str) -> str:
        """CROSS JOIN keeps SQLite from swapping the sides."""
        return f"{each} CROSS JOIN {other} ON {condition}"
