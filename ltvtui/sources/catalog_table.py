"""A table or view of a database, as its catalog has it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from ltvtui.sources.sql import Value


@dataclass(frozen=True)
class CatalogColumn:
    """One column of a table."""

    name: str
    type: str
    """As declared, upper case; "" where nothing is declared."""
    pk: bool = False
    """Part of the primary key."""
    unique: bool = False
    """No value twice, by declaration: the only column of the primary key or of a unique index."""
    computed: bool = False
    """Whether each value is made when it is asked for: a generated column that is not stored."""
    references: tuple[str, str | None] | None = None
    """Table and column of a foreign key; column None is the other table's primary key."""
    sample: tuple[Value, ...] = ()
    """Values of some rows, spread over the table, nulls among them; text cut at 200 characters. What an engine has as
    a number and is none (nan, infinity) stands as null: nothing can be told from it."""
    comment: str = ""
    """What whoever made the table says of it; "" where nothing is said, or the engine keeps no comments."""

    def __post_init__(self) -> None:
        if not all(map(_is_value, self.sample)):
            finite = tuple(value if _is_value(value) else None for value in self.sample)
            object.__setattr__(self, "sample", finite)


def _is_value(value: Value) -> bool:
    return not isinstance(value, float) or isfinite(value)


@dataclass(frozen=True)
class CatalogTable:
    """One table or view."""

    name: str
    columns: tuple[CatalogColumn, ...]
    view: bool = False
    rows: int | None = None
    """Rows: exact where counting is quick, else the span of the row ids at most; None of a view."""
    rowid: str | None = None
    """Name under which the row id can be asked for; None of a view or a WITHOUT ROWID table."""
    rowid_column: str | None = None
    """The column that is the row id itself: never null, and rising from row to row; None where none is."""

    def column(self, name: str) -> CatalogColumn | None:
        """The column of that name, case-blind as SQLite is."""
        return next((column for column in self.columns if column.name.lower() == name.lower()), None)
