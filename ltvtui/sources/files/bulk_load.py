"""Rows into a database that nobody else knows yet.

Its file is thrown away where anything fails, so that it needs no journal; and it is written from Arrow, which takes
a third of the time that rows take one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Progress, Stop
from ltvtui.sources.files.column_types import readable, stored
from ltvtui.sources.files.loads import Filled, Load, create, written_meanwhile
from ltvtui.sources.sqlite.arrow import was_interrupted
from ltvtui.storage.lean_sqlite_utils import load_database

_THROWN_AWAY: Final = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")


def fill_fresh(path: Path, loads: Sequence[Load], progress: Progress, stopped: Stop) -> list[Filled]:
    """Make a table of each load in the empty file at `path`; `progress` is called with rows done and rows in all.

    OSError where there is no room, LtvError where a file has changed since its load was planned, Cancelled when
    `stopped`: then the file is to be thrown away.
    """
    _make_tables(path, loads)
    total, done = sum(load.rows for load in loads), 0
    with _writer(path) as write:
        for load in loads:
            names = {name.lower(): name for name in load.kinds}
            for sheet in load.sheets:
                for batch in sheet.batches():
                    if stopped():
                        raise Cancelled
                    rows = readable(batch, sheet.typed, sheet.whole)
                    rows = rows.rename({name: names[name.lower()] for name in rows.columns})
                    try:
                        write(load.table, rows.select(stored(c, load.kinds[c.name]) for c in rows.get_columns()))
                    except pl.exceptions.PolarsError as error:
                        raise written_meanwhile(sheet.path.name) from error
                    done += rows.height
                    progress(min(done, total), total)
    return [
        Filled(load.table, load.files, load.rows, len(load.kinds), None, False, notices=load.notices)
        for load in loads
    ]


def _make_tables(path: Path, loads: Sequence[Load]) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            database = load_database()(connection, execute_plugins=False)
            for load in loads:
                create(database, load.table, load.kinds)
            connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    except sqlite3.Error as error:
        raise LtvError(f"The tables cannot be created: {error}.", "Check the column names.") from error


@contextmanager
def _writer(path: Path) -> Iterator[Callable[[str, pl.DataFrame], None]]:
    """Appends a frame to the table of a name, column by column under their names."""
    import adbc_driver_manager
    from adbc_driver_sqlite import dbapi

    try:
        with dbapi.connect(path.as_uri(), autocommit=True) as connection, connection.cursor() as cursor:
            for sql in (*_THROWN_AWAY, "BEGIN"):
                cursor.execute(sql)

            def write(table: str, rows: pl.DataFrame) -> None:
                if rows.height:
                    cursor.adbc_ingest(table, rows, mode="append")

            yield write
            cursor.execute("COMMIT")
    except adbc_driver_manager.Error as error:
        if was_interrupted(error):
            raise KeyboardInterrupt from error  # the driver cannot be stopped, and says so in place of it
        message = " ".join(str(error).split()).partition(" query was:")[0]  # which is ours
        raise OSError(message.rpartition("failed to execute: ")[2][:200]) from error
