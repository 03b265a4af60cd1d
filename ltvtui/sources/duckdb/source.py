"""A database file of DuckDB, or parquet files that DuckDB reads, as a source."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import ChangeLog, R, StateVersion, Stop, Torn, Watch
from ltvtui.sources.duckdb.database import DuckdbDatabase
from ltvtui.sources.duckdb.parquet import ParquetTables, parquet_tables, version_of_files
from ltvtui.sources.duckdb.version import version_of

ATTEMPTS: Final = 4
"""Times that a file is read that others put another one in place of."""


class DuckdbSource:
    """The database at a path."""

    fresh = False
    opening_notices: frozenset[str] = frozenset()

    def __init__(self, path: Path, *, parquet: bool = False) -> None:
        """`parquet`: a file, folder or pattern of parquet lies at the `path` rather than a database."""
        self.path = path
        self._parquet = parquet
        self._tables: ParquetTables | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def open(self, stopped: Stop | None = None) -> DuckdbDatabase:
        """LtvError where it cannot be opened, or has no tables."""
        if self._parquet and self._tables is None:
            self._tables = parquet_tables(self.path, stopped or (lambda: False))
        database = DuckdbDatabase(self.path, stopped or (lambda: False), self._tables)
        if not database.catalog.has_tables():
            database.close()
            raise LtvError(
                f"{self.name} is a database without tables in the schema main.",
                " ".join((*database.notices, "Name the file that holds the orders.")),
            )
        return database

    def in_one_state(self, work: Callable[[DuckdbDatabase], R], stopped: Stop | None = None) -> R:
        """What `work` gives of one state."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(work, stopped)
            except Torn:
                time.sleep(0.05 * 2**attempt)  # whoever puts a file there may be done by then
        return self._once(work, stopped)

    def _once(self, work: Callable[[DuckdbDatabase], R], stopped: Stop | None) -> R:
        with self.open(stopped) as database, database.transaction():
            return work(database)

    def version(self) -> StateVersion:
        """By the times of the file and of its log, or of all files."""
        return version_of_files(self.path) if self._parquet else version_of(self.path)

    def is_current(self, version: StateVersion) -> bool:
        """By the same times."""
        return version.is_quiet and version == self.version()

    def changes(self) -> ChangeLog | None:
        """None: it has no log of changed rows."""
        return None

    def watch(self) -> Watch | None:
        """None: nobody can write to it while it is read."""
        return None
