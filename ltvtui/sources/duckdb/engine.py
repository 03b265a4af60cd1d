"""The driver of DuckDB, which is installed on request, and a connection that reads and does nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ltvtui.errors import LtvError
from ltvtui.sources.values.money import NUMBER, number_in_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAGIC: Final = b"DUCK"
_OPENING: Final = {"temp_directory": "", "autoinstall_known_extensions": "false"}
"""Nothing is written beside the database, and nothing is fetched."""
_CLOSED: Final = (
    "SET GLOBAL TimeZone = 'UTC'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
"""Times are told in UTC, with their offset, by cursors too; a SELECT of the user's reads no other file."""


def is_duckdb(path: Path) -> bool:
    """Whether the file begins as a database of DuckDB does. OSError where it cannot be read."""
    with path.open("rb") as file:
        return file.read(12)[8:] == MAGIC


def connect(path: Path) -> DuckDBPyConnection:
    """A connection to a database file. LtvError where there is no driver, or the file cannot be opened."""
    try:
        import duckdb
        from duckdb.func import SPECIAL
    except ImportError as error:
        raise LtvError(
            f"{path.name} is a DuckDB database, and its driver is not installed.",
            "Install it: pip install 'ltvtui[duckdb]'",
        ) from error
    try:
        connection = duckdb.connect(path, read_only=True, config=dict(_OPENING))
        for sql in _CLOSED:
            connection.execute(sql)
        connection.create_function(NUMBER, number_in_sql, ["VARCHAR", "INTEGER"], "DOUBLE", null_handling=SPECIAL)
        connection.execute("SELECT ?", [0])  # for its first value the driver may import pandas: seconds
    except duckdb.Error as error:
        raise explain(error, path) from error
    return connection


def explain(error: Exception, path: Path) -> LtvError:
    """What went wrong with the database, and what to do about it."""
    message = " ".join(str(error).partition("\n")[0].split())
    if "lock" in message:
        return LtvError(
            f"{path.name} is open in another program, and DuckDB lets nobody else read it meanwhile.",
            "Close that program, or read a copy of the file.",
        )
    if "different configuration" in message:
        return LtvError(f"{path.name} is open for writing in this program.", "Close it there first.")
    if "older version" in message or "newer version" in message or "version number" in message:
        return LtvError(
            f"{path.name} was written by another version of DuckDB than the one installed.",
            "Install that one: pip install --upgrade duckdb",
        )
    kind, _, why = message.partition(": ")
    why = (why or kind).rstrip("!.")
    if "IO Error" in kind or "Serialization" in kind or "Internal" in kind:
        return LtvError(f"{path.name} cannot be read: {why}.", "Check the file, or restore it from a backup.")
    return LtvError(f"{path.name} cannot answer a query: {why}.", "Check the mapping.", 2)
