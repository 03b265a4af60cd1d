"""Rows as a table in an SQLite file, of any but the shop's own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.exporting.destination import Destination
from ltvtui.exporting.source import Rows
from ltvtui.storage.atomic_file import atomic_write
from ltvtui.storage.sqlite_transaction import transaction

WAIT: Final = 5.0
"""Seconds to wait for somebody else who writes."""
_HEADER: Final = b"SQLite format 3\x00"


def write_table(rows: Rows, to: Destination) -> None:
    """Write the rows as the table that the destination names: into a new file, or beside the tables of one that is
    there, in one transaction.

    Money and shares are REAL, counts and marks INTEGER, days and texts TEXT. Raises LtvError where a table of that
    name is there and must not be replaced, Stopped where the rows are not wanted any more.
    """
    if not to.table.strip() or to.table.casefold().startswith("sqlite_"):
        raise LtvError(f"Invalid table name: {to.table!r}.", "Choose another name with --table.", 2)
    if to.path.exists() and to.path.stat().st_size:
        _check_kind(to.path)
        with _opened(to.path, to.path) as connection, transaction(connection):
            _make_way(connection, to)
            _insert(connection, rows, to.table)
        return
    with atomic_write(to.path, replace=to.path.exists()) as part, _opened(part, to.path) as connection:
        connection.execute("PRAGMA journal_mode = OFF")  # half a file is thrown away, not mended
        with transaction(connection):
            _insert(connection, rows, to.table)


@contextmanager
def _opened(path: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file; errors of it in words, about the file `target`."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        mend = "Check its permissions, the free space on its disk, and whether another program writes to it."
        raise LtvError(f"{target} could not be written: {error}.", mend) from error


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise LtvError(f"{path} exists already and is not an SQLite database.", "Choose another name.", 2)
    if not os.access(path, os.W_OK):
        raise LtvError(f"{path} is read-only.", "Choose another file.")


def kind_of(to: Destination) -> str | None:
    """ "table" where the SQLite file has one of that name already; None where the name is free, or the file new.

    Raises LtvError (exit code 2) where something has the name that cannot be replaced.
    """
    if not to.path.exists() or not to.path.stat().st_size:
        return None
    _check_kind(to.path)
    with _opened(to.path, to.path) as connection, transaction(connection, begin="BEGIN"):
        there = _existing_table(connection, to)
    return there and "table"


def _existing_table(connection: sqlite3.Connection, to: Destination) -> str | None:
    """The table of that name in the file, as it is written there."""
    found = connection.execute(
        "SELECT type, name FROM sqlite_master WHERE name = ? COLLATE NOCASE ORDER BY type = 'table' DESC", [to.table]
    ).fetchone()
    if found is not None and found[0] != "table":
        raise LtvError(f"{to.path} has a {found[0]} {found[1]!r}.", "Choose another name for the table.", 2)
    return None if found is None else str(found[1])


def _make_way(connection: sqlite3.Connection, to: Destination) -> None:
    """Free the name of the table: one of that name is dropped if it may be replaced."""
    name = _existing_table(connection, to)
    if name is None:
        return
    if not to.replace:
        raise LtvError(f"{to.path} has a table {name!r} already.", "Choose another name for the table.", 2)
    connection.execute(f"DROP TABLE {_quoted(name)}")


def _insert(connection: sqlite3.Connection, rows: Rows, table: str) -> None:
    columns = ", ".join(f"{_quoted(name)} {_kind(dtype)}" for name, dtype in rows.schema.items())
    connection.execute(f"CREATE TABLE {_quoted(table)} ({columns})")
    insert = f"INSERT INTO {_quoted(table)} VALUES ({', '.join('?' * len(rows.schema))})"  # noqa: S608 - quoted
    for chunk in rows.chunks():
        plainly = chunk.with_columns(pl.col(pl.Date).cast(pl.String))
        connection.executemany(insert, plainly.iter_rows())


def _kind(dtype: pl.DataType) -> str:
    if dtype == pl.Float64:
        return "REAL"
    return "INTEGER" if dtype in (pl.Int64, pl.Boolean) else "TEXT"


def _quoted(name: str) -> str:
    return '"' + name.replace("\0", "").replace('"', '""') + '"'
