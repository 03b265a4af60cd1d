"""Parquet files that are too large to be copied into a private database: tables as views over them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.base import Stop
from ltvtui.sources.duckdb.engine import connect_to_views, text_literal
from ltvtui.sources.files.file_set import FileSet
from ltvtui.sources.files.gather import Gathered, gather, is_several
from ltvtui.sources.files.table_file import state_of
from ltvtui.sources.files.tables import sheets_of
from ltvtui.sources.sql import quote

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ENDING: Final = ".parquet"


@dataclass(frozen=True)
class FilesVersion:
    """Which files there are, and the state of each."""

    digest: str
    is_quiet: bool = True
    """Who writes such a file writes it as a whole."""

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        return {"digest": self.digest}


@dataclass(frozen=True)
class ParquetTables:
    """Views over the files that `path` stands for."""

    path: Path
    views: tuple[tuple[str, str], ...]
    """Name and SELECT of each table."""
    notices: tuple[str, ...]
    """What was joined and left out, a sentence each."""

    def version(self) -> FilesVersion:
        """Their state now. LtvError where one cannot be read."""
        return version_of_files(self.path)

    def connect(self, spill: Path) -> DuckDBPyConnection:
        """A connection that reads them alone."""
        return connect_to_views(self.path, dict(self.views), [file.path for file in files_of(self.path)], spill)


def version_of_files(path: Path) -> FilesVersion:
    """The state of the files that `path` stands for. LtvError where one cannot be read."""
    states = [(str(file.path), state_of(file.path)) for file in files_of(path)]
    return FilesVersion(hashlib.sha256(json.dumps(states).encode()).hexdigest())


def is_parquet(path: Path) -> bool:
    """Whether the file, or each of those that `path` stands for, is one of parquet. LtvError where there is none."""
    return all(file.path.suffix.lower() == ENDING for file in files_of(path))


def rows_of(path: Path) -> int:
    """Rows of all files, as their footers tell."""
    return sum(int(pl.scan_parquet(file.path).select(pl.len()).collect().item()) for file in files_of(path))


def files_of(path: Path) -> Sequence[Gathered]:
    """The file, or those that `path` stands for."""
    return gather(path) if is_several(path) else (Gathered(path, "", ()),)


def parquet_tables(path: Path, stopped: Stop) -> ParquetTables:
    """The tables in the file or files at `path`, as a private database would have them.

    LtvError where they cannot be read so.
    """
    notices: list[str] = []
    if is_several(path):
        sheets, notices = FileSet(path).sheets(stopped)
    else:
        sheets = sheets_of(path, stopped=stopped)
    partitions = {file.path: file.partition for file in files_of(path)}
    tables: dict[str, list[tuple[Path, tuple[str, ...]]]] = {}
    for sheet in sheets:
        tables.setdefault(sheet.name, []).append((sheet.path, sheet.columns))
    views = []
    for name, parts in tables.items():
        columns = list(dict.fromkeys(column for _, listed in parts for column in listed))
        own = {column for file, _ in parts for column in pl.read_parquet_schema(file)}
        partitioned = {column for file, _ in parts for column, _ in partitions[file]} - own
        if unknown := [column for column in columns if column not in own | partitioned]:
            raise LtvError(
                f"{path.name} has columns without a name of their own, such as {unknown[0]!r}.",
                "Use --compute here.",
            )
        views.append((name, _view([file for file, _ in parts], columns, partitioned, len({c for _, c in parts}) > 1)))
    return ParquetTables(path, tuple(views), tuple(notices))


def _view(files: Sequence[Path], columns: Sequence[str], partitioned: set[str], by_name: bool) -> str:
    """A SELECT over the files; what names of folders say is text."""
    listed = ", ".join(text_literal(str(file)) for file in files)
    hive = ", hive_partitioning = true, hive_types_autocast = false" if partitioned else ", hive_partitioning = false"
    by_title = ", union_by_name = true" if by_name else ""
    cells = ", ".join(quote(column) for column in columns)
    return f"SELECT {cells} FROM read_parquet([{listed}], binary_as_string = true{hive}{by_title})"  # noqa: S608
