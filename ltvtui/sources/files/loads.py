"""What goes into which table: the tables of files, every row looked at before the first is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Stop
from ltvtui.sources.files.column_types import Columns, Kind, readable
from ltvtui.sources.files.tables import Sheet
from ltvtui.sources.relation import listing

if TYPE_CHECKING:
    from sqlite_utils import Database as SqliteUtils


@dataclass(frozen=True)
class Manner:
    """What is done where the table is there already."""

    replace: bool = False
    """The table goes, and is made anew of the files; its indexes and triggers stay."""
    alter: bool = False
    """Columns that the table does not have are added; without it they are refused."""


APPEND = Manner()


@dataclass(frozen=True)
class Filled:
    """What became of one table."""

    table: str
    files: tuple[str, ...]
    """Names of the files that its new rows are from."""
    rows: int
    """New rows."""
    columns: int
    """Of the table."""
    before: int | None
    """Rows that were there: what is appended to, or was replaced; None of a new table."""
    replaced: bool
    added: tuple[str, ...] = ()
    """Columns that the table did not have."""
    notices: tuple[str, ...] = ()
    """What was left out of the files, a sentence each."""


@dataclass(eq=False)
class Load:
    """What goes into one table, looked at."""

    table: str
    sheets: list[Sheet]
    kinds: dict[str, Kind]
    """By name of column, over all sheets."""
    rows: int
    files: tuple[str, ...] = field(init=False)
    notices: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.notices = tuple(notice for sheet in self.sheets for notice in sheet.notices)
        self.files = tuple(dict.fromkeys(sheet.path.name for sheet in self.sheets))


def load_of(table: str, sheets: list[Sheet], manner: Manner, stopped: Stop) -> Load:
    """Look at all rows of what goes into one table.

    LtvError (exit code 1) where files have different columns, or none has a row. Cancelled when `stopped`.
    """
    first = sheets[0]
    names = {name.lower(): name for name in first.columns}
    for sheet in sheets[1:]:
        if not manner.alter:
            same_columns(sheet.path.name, sheet.columns, first.path.name, first.columns)
        names |= {name.lower(): name for name in sheet.columns if name.lower() not in names}
    columns = Columns(dict.fromkeys(names.values()))
    for sheet in sheets:
        seen = columns.rows
        for batch in sheet.batches():
            if stopped():
                raise Cancelled
            found = readable(batch, sheet.typed, sheet.whole)
            columns.learn(found.rename({name: names[name.lower()] for name in found.columns}), sheet.typed)
        if columns.rows == seen:
            raise LtvError(f"{sheet.path.name} has a header but no rows.", "Choose a file with rows.")
    return Load(table, sheets, columns.found(), columns.rows)


def plan_loads(sheets: Sequence[Sheet], table: str | None, manner: Manner, stopped: Stop) -> list[Load]:
    """The sheets of each table, after a scan of all rows. LtvError as of `load_of`; Cancelled when `stopped`."""
    tables: dict[str, tuple[str, list[Sheet]]] = {}
    for sheet in sheets:
        name = table or sheet.name
        tables.setdefault(name.lower(), (name, []))[1].append(sheet)
    return [load_of(name, found, manner, stopped) for name, found in tables.values()]


def written_meanwhile(name: str) -> LtvError:
    """Somebody writes to the file that is being read."""
    return LtvError(f"{name} was changed while it was being read.", "Try again when it is complete.")


def create(database: SqliteUtils, name: str, kinds: dict[str, Kind]) -> None:
    """A new table. LtvError (exit code 2) where it cannot be called so."""
    if not name.strip() or name.lower().startswith("sqlite_"):
        raise LtvError(f"Invalid table name: {name!r}.", "Choose another table with --table.", 2)
    database.table(name).create({column: kind.value for column, kind in kinds.items()})


def same_columns(name: str, columns: Iterable[str], other: str, others: Iterable[str]) -> None:
    """LtvError (exit code 1) where the columns differ: it names what each lacks."""
    mine, theirs = {c.lower(): c for c in columns}, {c.lower(): c for c in others}
    more = [c for key, c in mine.items() if key not in theirs]
    less = [c for key, c in theirs.items() if key not in mine]
    if not more and not less:
        return
    differences = [f"it has {listing(more)}"] * bool(more) + [f"it lacks {listing(less)}"] * bool(less)
    raise LtvError(
        f"{name} has other columns than {other}: {', and '.join(differences)}.",
        "Give the columns the same names, or use --alter: it adds new columns and leaves missing ones blank.",
    )
