"""One transaction on an SQLite file: all of it or nothing, also on a disk that is full."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def transaction(connection: sqlite3.Connection, *, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Committed when the block ends well, else rolled back. sqlite3.Error as it comes.

    As a rule it begins as a writer: one that asks to write later on may be refused its turn.
    """
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with suppress(sqlite3.Error):  # on a full disk SQLite takes back what it wrote when it looks again
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        raise
