"""The driver of DuckDB, which is installed on request, and a connection that reads and does nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ltvtui.errors import LtvError
from ltvtui.sources.reduction.where import free_memory
from ltvtui.sources.sql import quote
from ltvtui.sources.values.money import NUMBER, number_in_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAGIC: Final = b"DUCK"
_OPENING: Final = {"temp_directory": "", "autoinstall_known_extensions": "false"}
"""Nothing is written beside the database, and nothing is fetched."""
_CLOSED: Final = (
    "SET GLOBAL TimeZone = 'UTC'",
    "SET enable_progress_bar = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
"""Times are told in UTC, with their offset, by cursors too; nothing is drawn over the screen; a SELECT of the user's
reads no other file."""


MEMORY_SHARE: Final = 0.3
"""Of the free memory for the engine: what it gives comes beside it."""
LEAST_MEMORY: Final = 512 * 2**20
MOST_MEMORY: Final = 4 * 2**30
"""With more it is hardly faster: what does not fit is written to disk in passing."""
THREADS: Final = 2
"""Each takes memory of its own."""


def is_duckdb(path: Path) -> bool:
    """Whether the file begins as a database of DuckDB does. OSError where it cannot be read."""
    with path.open("rb") as file:
        return file.read(12)[8:] == MAGIC


def connect(path: Path, spill: Path) -> DuckDBPyConnection:
    """A connection to a database file; what does not fit into memory goes to the folder `spill`.

    LtvError where there is no driver, or the file cannot be opened.
    """
    duckdb = _driver(f"{path.name} is a DuckDB database, and its driver")
    try:
        connection: DuckDBPyConnection = duckdb.connect(path, read_only=True, config=dict(_OPENING))
        return _closed(connection, spill)
    except duckdb.Error as error:
        raise explain(error, path) from error


def connect_to_views(path: Path, views: Mapping[str, str], files: Sequence[Path], spill: Path) -> DuckDBPyConnection:
    """A connection to an empty database in memory with views: SELECTs by name over `files`, the only ones that can
    be read. `path` is what the user named. LtvError where there is no driver, or a file cannot be read."""
    duckdb = _driver(f"{path.name} is to be reduced where it lies, and the driver of DuckDB")
    try:
        connection: DuckDBPyConnection = duckdb.connect(":memory:", config=dict(_OPENING))
        for name, sql in views.items():
            connection.execute(f"CREATE VIEW {quote(name)} AS {sql}")
        listed = ", ".join(text_literal(str(file)) for file in files)
        connection.execute(f"SET allowed_paths = [{listed}]")
        return _closed(connection, spill)
    except duckdb.Error as error:
        raise explain(error, path) from error


def text_literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _driver(why: str) -> Any:
    """The module of the driver; LtvError where there is none."""
    try:
        import duckdb
    except ImportError as error:
        raise LtvError(f"{why} is not installed.", "Install it: pip install 'ltvtui[duckdb]'") from error
    return duckdb


def _closed(connection: DuckDBPyConnection, spill: Path) -> DuckDBPyConnection:
    """The connection within the limits of this machine, and closed to all other files."""
    from duckdb.func import SPECIAL

    limit = min(max(int(MEMORY_SHARE * free_memory()), LEAST_MEMORY), MOST_MEMORY) // 2**20
    connection.execute(f"SET temp_directory = {text_literal(str(spill))}")
    connection.execute(f"SET memory_limit = '{limit}MiB'")
    connection.execute(f"SET threads = {THREADS}")
    for sql in _CLOSED:
        connection.execute(sql)
    connection.create_function(NUMBER, number_in_sql, ["VARCHAR", "INTEGER"], "DOUBLE", null_handling=SPECIAL)
    connection.execute("SELECT ?", [0])  # for its first value the driver may import pandas: seconds
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
