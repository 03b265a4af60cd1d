"""Rows of files into tables, within a transaction that somebody else began and ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from operator import length_hint
from typing import TYPE_CHECKING, Final

import polars as pl

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Progress, Stop
from ltvtui.sources.files.column_types import Kind, readable, spoilt, stored
from ltvtui.sources.files.loads import Filled, Load, Manner, create, same_columns, written_meanwhile
from ltvtui.sources.files.tables import Sheet
from ltvtui.sources.sql import quote

if TYPE_CHECKING:
    from sqlite_utils import Database

_OF_NUMBERS: Final = frozenset({"INTEGER", "REAL", "NUMERIC"})


def fill(
    database: Database, loads: Sequence[Load], manner: Manner, progress: Progress, stopped: Stop
) -> list[Filled]:
    """Put all rows into their tables; `progress` is called with rows done and rows in all.

    LtvError where they do not fit a table, sqlite3.Error where SQLite cannot, Cancelled when `stopped`: then the
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
                progress(min(done, total), total)
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
        same_columns(load.sheets[0].path.name, tuple(load.kinds), f"the table {name}", there)
    existing = {column.lower() for column in there}
    added = tuple(column for column in load.kinds if column.lower() not in existing)
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
        outcome = (shape.before, shape.replaced, shape.added, load.notices)
        return Filled(self.name, load.files, load.rows, len(self.declared), *outcome)


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
