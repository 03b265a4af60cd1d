"""Cells and names in SQL, and what engines write differently in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Value = None | int | float | str | bytes
"""A cell."""
Row = tuple[Value, ...]


def quote(name: str) -> str:
    """`name` as an SQL identifier, whatever it contains: in double quotes, as the standard has it.

    A Database whose engine quotes otherwise takes these all the same: engines have a setting for it.
    """
    return '"' + name.replace('"', '""') + '"'


class Dialect(Protocol):
    """SQL that is written differently on every engine. Arguments are SQL of one cell, results are SQL."""

    def as_bytes(self, sql: str) -> str:
        """The cell's text as UTF-8 bytes; null stays null."""
        ...

    def as_text(self, sql: str) -> str:
        """The same, to be fetched through `Database.batches` too; empty in place of null, never null."""
        ...

    def as_string(self, sql: str) -> str:
        """The cell as the engine writes it as text, to be compared in SQL; null stays null."""
        ...

    def combined(self, cells: Sequence[str], separator: str) -> str:
        """Texts of several cells as one, as bytes, with a character between them; null counts as empty."""
        ...

    def is_text(self, sql: str) -> str:
        """Whether the cell holds text, as a condition."""
        ...

    def text_only(self, sql: str) -> str:
        """The cell where it is text, else null."""
        ...

    def money(self, sql: str) -> str:
        """A number in ten-thousandths, rounded half away from zero, never null; decoding.NO_NUMBER of text, of what
        is out of range (money.MONEY_LIMIT), and of null."""
        ...

    def plain_number(self, sql: str) -> str:
        """The cell; a number such that its text has an exponent, so that a point in it is read in one way only."""
        ...

    def parsed(self, sql: str, decimal_comma: bool | None) -> str:
        """A number to reckon with, null where there is none; text is read as money.number_in_sql reads it."""
        ...

    def guarded(self, sql: str) -> str:
        """The cell to reckon with where no text is expected: null in place of text that the engine would cut."""
        ...

    def sampled(self, sql: str) -> str:
        """The cell for a look at what it holds: text cut at 200 characters, blobs emptied."""
        ...

    def one_of_each(self, source: str, key: str) -> str:
        """A SELECT of all columns of `source`: of the rows that share a value of the key one, whichever."""
        ...

    def last_of_each(self, columns: str, source: str, key: str, by: str) -> str:
        """A SELECT of `columns` (with their names) of `source`: of the rows that share a key the one with the highest
        `by`. It may have further columns."""
        ...

    def join_lookup(self, each: str, other: str, condition: str) -> str:
        """FROM: rows of `each`, in its order, with the row of `other` that the condition finds."""
        ...
