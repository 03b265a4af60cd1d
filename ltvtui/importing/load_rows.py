"""Rows of files into tables, within a transaction that somebody else began and ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import length_hint
from typing import TYPE_CHECKING, Final

import polars as pl

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.files.column_types import Columns, Kind, readable, spoilt, stored
from ltvtui.sources.files.tables import Sheet
from ltvtui.sources.relation import listing
from ltvtui.sources.sqlite.database import quote

if TYPE_CHECKING:
    from sqlite_utils import Database

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]

_OF_NUMBERS: Final = frozenset({"INTEGER", "REAL", "NUMERIC"})


@dataclass(frozen=True)
class Manner:
    """What is done where the table is there already."""

    replace: bool = False
    """The table goes, and is made anew of the files; its indexes and triggers stay."""
    alter: bool = False
    """Columns that the table does not have are added; without it they are refused."""


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
            _same_columns(sheet.path.name, sheet.columns, first.path.name, first.columns)
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


def fill(database: Database, loads: Sequence[Load], manner: Manner, tell: Progress, stopped: Stop) -> list[Filled]:
    """Put all rows into their tables; `tell` hears of rows done, and of all there are.

    LtvError where a table cannot take them, sqlite3.Error where SQLite cannot, Cancelled when `stopped`: then the
    transaction is to be rolled back.
    """
    total, done, filled = sum(load.rows for load in loads), 0, []
    for load in loads:
        table = _Table(database, load, manner)
        for sheet in load.sheets:
            number = 0
            for batch in sheet.batches():
                if stopped():
                    raise Cancelled
                rows = readable(batch, sheet.typed, sheet.whole)
                table.insert(sheet, rows, number)
                number += rows.height
                done += rows.height
                tell(min(done, total), total)
        filled.append(table.end(load))
    return filled


@dataclass(frozen=True)
class _Shape:
    """A table that is ready to be filled."""

    name: str
    before: int | None = None
    """Rows that it held; None: it is new."""
    replaced: bool = False
    added: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    """Indexes and triggers of a table that was made anew, as SQL."""


def _shaped(database: Database, load: Load, manner: Manner) -> _Shape:
    """The table of a load, made or brought into shape."""
    found = database.execute(
        "SELECT name, type FROM sqlite_master WHERE lower(name) = lower(?) AND type IN ('table', 'view')",
        [load.table],
    ).fetchone()
    if found is None:
        create(database, load.table, load.kinds)
        return _Shape(load.table)
    name, kind = str(found[0]), str(found[1])
    if kind == "view":
        raise LtvError(
            f"{name} is a view, and rows cannot be added to a view.", "Choose another table with --table.", 2
        )
    (before,) = database.execute(f"SELECT count(*) FROM {quote(name)}").fetchone()  # noqa: S608
    if manner.replace:
        again = database.execute(
            "SELECT sql FROM sqlite_master WHERE lower(tbl_name) = lower(?) AND type IN ('index', 'trigger')"
            " AND sql IS NOT NULL ORDER BY type",
            [name],
        ).fetchall()
        database.execute(f"DROP TABLE {quote(name)}")
        create(database, name, load.kinds)
        return _Shape(name, before, True, again=tuple(sql for (sql,) in again))
    there = [column for column, _ in _described(database, name)]
    if not manner.alter:
        _same_columns(load.sheets[0].path.name, tuple(load.kinds), f"the table {name}", there)
    known = {column.lower() for column in there}
    added = tuple(column for column in load.kinds if column.lower() not in known)
    for column in added:
        database.table(name).add_column(column, load.kinds[column].value)
    return _Shape(name, before, added=added)


def _described(database: Database, table: str) -> list[tuple[str, str]]:
    """Columns of a table with their declared types."""
    found = database.execute("SELECT name, type FROM pragma_table_info(?)", [table]).fetchall()
    return [(str(name), str(type or "")) for name, type in found]


class _Table:
    """One table that is being filled."""

    def __init__(self, database: Database, load: Load, manner: Manner) -> None:
        self.database = database
        self.shape = _shaped(database, load, manner)
        self.name = self.shape.name
        described = _described(database, self.name)
        self.declared = {column.lower(): _affinity(type) for column, type in described}
        self.columns: dict[str, tuple[str, Kind]] = {}  # by name in lower case: its own, and what is stored
        names = {column.lower(): column for column, _ in described}
        for column, kind in load.kinds.items():
            as_text = self.declared[column.lower()] == "TEXT" and kind is not Kind.BYTES
            self.columns[column.lower()] = names[column.lower()], Kind.TEXT if as_text else kind

    def insert(self, sheet: Sheet, rows: pl.DataFrame, number: int) -> None:
        """Insert the next rows of a sheet; `number` of it are in already."""
        roles = [self.columns[name.lower()] for name in sheet.columns]
        for column, (name, kind) in zip(rows.get_columns(), roles, strict=True):
            if kind is Kind.TEXT and self.declared[name.lower()] in _OF_NUMBERS and column.dtype == pl.String:
                self._refuse_changed(sheet, name, spoilt(column))
        try:
            frame = pl.DataFrame([stored(c, kind) for c, (_, kind) in zip(rows.get_columns(), roles, strict=True)])
        except pl.exceptions.PolarsError as error:  # it was looked at, and has changed since
            raise written_meanwhile(sheet.path.name) from error
        names = ", ".join(quote(name) for name, _ in roles)
        marks = ", ".join("?" * len(roles))
        waiting = iter(frame.rows())
        try:
            self.database.conn.executemany(
                f"INSERT INTO {quote(self.name)} ({names}) VALUES ({marks})",  # noqa: S608
                waiting,
            )
        except sqlite3.IntegrityError as error:
            at = number + frame.height - length_hint(waiting)
            raise LtvError(
                f"{self.name} rejected row {at} of {sheet.path.name}: {error}.",
                "Remove the rows that the table already has, or replace the table with --replace.",
            ) from error

    def _refuse_changed(self, sheet: Sheet, name: str, values: pl.Series) -> None:
        if values.len():
            raise LtvError(
                f"{name} of the table {self.name} holds numbers, and {sheet.path.name} has {values[0]!r} there, "
                "which would be changed.",
                "Import all files together with --replace: the column becomes text.",
            )

    def end(self, load: Load) -> Filled:
        """Indexes and triggers as they were, and what became of the table."""
        for sql in self.shape.again:
            try:
                self.database.execute(sql)
            except sqlite3.Error as error:
                raise LtvError(
                    f"An index or trigger of {self.name} cannot be kept: {error}.",
                    "Drop it first, or append instead of --replace.",
                ) from error
        shape = self.shape
        told = (shape.before, shape.replaced, shape.added, load.notices)
        return Filled(self.name, load.files, load.rows, len(self.declared), *told)


def written_meanwhile(name: str) -> LtvError:
    """Somebody writes to the file that is being read."""
    return LtvError(f"{name} was changed while it was being read.", "Try again when it is complete.")


def create(database: Database, name: str, kinds: dict[str, Kind]) -> None:
    """A new table. LtvError (exit code 2) where it cannot be called so."""
    if not name.strip() or name.lower().startswith("sqlite_"):
        raise LtvError(f"Invalid table name: {name!r}.", "Choose another table with --table.", 2)
    database.table(name).create({column: kind.value for column, kind in kinds.items()})


def _same_columns(name: str, columns: Iterable[str], other: str, others: Iterable[str]) -> None:
    """LtvError (exit code 1) that names what one has and the other has not."""
    mine, theirs = {c.lower(): c for c in columns}, {c.lower(): c for c in others}
    more = [c for key, c in mine.items() if key not in theirs]
    less = [c for key, c in theirs.items() if key not in mine]
    if not more and not less:
        return
    told = [f"it has {listing(more)}"] * bool(more) + [f"it lacks {listing(less)}"] * bool(less)
    raise LtvError(
        f"{name} has other columns than {other}: {', and '.join(told)}.",
        "Give the columns the same names, or use --alter: it adds new columns and leaves missing ones blank.",
    )


def _affinity(declared: str) -> str:
    """What SQLite makes of a declared type (https://sqlite.org/datatype3.html, 3.1)."""
    upper = declared.upper()
    if "INT" in upper:
        return "INTEGER"
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if not upper or "BLOB" in upper:
        return "BLOB"
    return "REAL" if any(word in upper for word in ("REAL", "FLOA", "DOUB")) else "NUMERIC"
