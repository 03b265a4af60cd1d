"""Kinds of sources by the scheme of their URI, and how they are opened.

A kind is one entry: whoever adds an engine implements `base.Source` in a room of its own and registers it here.
Drivers are imported when a source of their kind is opened, never before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Progress, Source, Stop
from ltvtui.sources.layout import AS_FOUND, Layout
from ltvtui.sources.locator import Locator
from ltvtui.sources.reduction.where import Compute
from ltvtui.sources.server_address import SCHEMES

if TYPE_CHECKING:
    from ltvtui.sources.files.original import Original
    from ltvtui.storage.cache.cache import Cache


@dataclass(frozen=True)
class OpenOptions:
    """How a source is to be opened, as far as its kind has a use for it."""

    cache: Cache | None = None
    """Where what is made of it may be kept; None: nowhere."""
    progress: Progress | None = None
    """Told of rows that are brought to where they are read from."""
    stopped: Stop | None = None
    layout: Layout = AS_FOUND
    """Of a file of rows."""
    password: str | None = field(default=None, repr=False)
    """For a server, where it was asked for."""
    compute: Compute = "auto"
    """Whether files of rows are read, or reduced where they lie where that can be done."""


@dataclass(frozen=True)
class SourceKind:
    """How sources of one scheme are opened."""

    open: Callable[[Locator, OpenOptions], AbstractContextManager[Source]]
    """Readable for as long as the context lasts. LtvError, and Cancelled when stopped."""
    is_watchable: Callable[[Locator], bool]
    """Whether Source.watch will give something."""
    bytes_before: Callable[[Locator], int] = lambda locator: 0
    """Bytes that are read before anything is known of it. OSError and LtvError where it cannot be read."""


def register(scheme: str, kind: SourceKind) -> None:
    """Open sources of a scheme, in lower case, in this way from now on."""
    _KINDS[scheme] = kind


def has_scheme(scheme: str) -> bool:
    """Whether sources of the scheme can be opened."""
    return scheme in _KINDS


def source_at(locator: Locator, options: OpenOptions | None = None) -> AbstractContextManager[Source]:
    """The source, for as long as the context lasts.

    LtvError where its scheme is not known (exit code 2) or it cannot be opened; Cancelled when stopped.
    """
    return _kind(locator).open(locator, options or OpenOptions())


def is_watchable(locator: Locator) -> bool:
    """Whether what others commit to it can be watched. LtvError (exit code 2) where its scheme is not known."""
    return _kind(locator).is_watchable(locator)


def bytes_before(locator: Locator) -> int:
    """Bytes that are read before anything is known of it. OSError and LtvError where it cannot be read, or its
    scheme is not known."""
    return _kind(locator).bytes_before(locator)


def forget() -> None:
    """Remove what was to last until the program ends."""
    from ltvtui.sources.files import private_database

    private_database.forget()


def _kind(locator: Locator) -> SourceKind:
    kind = _KINDS.get(locator.scheme)
    if kind is None:
        raise LtvError(
            f"{locator.masked} cannot be opened: there is no source of the kind {locator.scheme}.",
            "Name a file (SQLite, DuckDB, csv, tsv, parquet, xlsx or jsonl), postgresql://user@host/database, or "
            "sc://host:15002 (Spark).",
            2,
        )
    return kind


def _path(locator: Locator) -> Path:
    assert locator.path is not None, "schemes of files name one"
    return locator.path


@contextmanager
def _database(locator: Locator, options: OpenOptions) -> Iterator[Source]:
    from ltvtui.sources.sqlite.source import SqliteSource

    yield SqliteSource(_path(locator))


@contextmanager
def _local(locator: Locator, options: OpenOptions) -> Iterator[Source]:
    """A file of any kind, a folder of files or a pattern: the ending and the content tell which."""
    from ltvtui.storage.regular_file import refuse_irregular

    path = _path(locator)
    if _is_sqlite(path):
        with _database(locator, options) as source:
            yield source
        return
    from ltvtui.sources.files.tables import refuse_foreign

    original = _original(path, options.layout)
    if original is not None and options.compute != "here" and _is_reduced(path, options.compute):
        from ltvtui.sources.duckdb.source import DuckdbSource

        yield DuckdbSource(path, parquet=True)
        return
    if original is not None:
        from ltvtui.sources.files.private_database import private_database
        from ltvtui.sources.files.source import FileSource

        with private_database(original, options.cache, options.progress, options.stopped) as private:
            yield FileSource(original, private)
        return
    refuse_irregular(path)
    if _is_duckdb(path):
        with _duckdb(locator, options) as source:
            yield source
        return
    refuse_foreign(path)
    with _database(locator, options) as source:
        yield source


@contextmanager
def _duckdb(locator: Locator, options: OpenOptions) -> Iterator[Source]:
    from ltvtui.sources.duckdb.source import DuckdbSource
    from ltvtui.storage.regular_file import refuse_irregular

    path = _path(locator)
    refuse_irregular(path)
    if not path.exists():
        raise LtvError(f"There is no file {path}.", "Check the path.", 2)
    yield DuckdbSource(path)


@contextmanager
def _postgres(locator: Locator, options: OpenOptions) -> Iterator[Source]:
    from ltvtui.sources.postgres.source import PostgresSource
    from ltvtui.sources.server_address import server_address

    yield PostgresSource(server_address(locator.uri), options.password)


@contextmanager
def _spark(locator: Locator, options: OpenOptions) -> Iterator[Source]:
    from ltvtui.sources.spark.source import SparkSource
    from ltvtui.sources.spark_address import spark_address

    yield SparkSource(spark_address(locator.uri))


def _is_sqlite(path: Path) -> bool:
    """Whether a database of SQLite lies there itself: what knows all other files takes longer to load."""
    from ltvtui.sources.sqlite.files import is_database

    try:
        return path.is_file() and is_database(path)
    except OSError:
        return False  # whoever opens it says what is wrong


def _is_duckdb(path: Path) -> bool:
    from ltvtui.sources.duckdb.engine import is_duckdb

    try:
        return path.is_file() and is_duckdb(path)
    except OSError:
        return False  # whoever opens it says what is wrong


def _original(path: Path, layout: Layout) -> Original | None:
    """What a private database is to be made of; None where a database lies there itself, or nothing."""
    from ltvtui.sources.files.file_set import FileSet
    from ltvtui.sources.files.gather import is_several
    from ltvtui.sources.files.packed_database import PackedDatabase, is_packed_database
    from ltvtui.sources.files.table_file import TableFile
    from ltvtui.sources.files.tables import is_table_file

    if is_several(path):
        return FileSet(path, layout)
    if is_packed_database(path):
        return PackedDatabase(path)
    return TableFile(path, layout) if is_table_file(path) else None


def _is_reduced(path: Path, compute: Compute) -> bool:
    """Whether files of parquet are reduced where they lie: as was said, else where they are too large to be read."""
    from ltvtui.sources.duckdb.parquet import is_parquet, rows_of
    from ltvtui.sources.reduction.where import reduces

    return is_parquet(path) and reduces(compute, 0 if compute == "there" else rows_of(path))


def _is_database(locator: Locator) -> bool:
    path = _path(locator)
    return _is_sqlite(path) or (_original(path, AS_FOUND) is None and not _is_duckdb(path))


def _bytes_of_files(locator: Locator) -> int:
    path = _path(locator)
    original = None if _is_sqlite(path) else _original(path, AS_FOUND)
    return 0 if original is None else original.size


_KINDS: Final = {
    "": SourceKind(_local, _is_database, _bytes_of_files),
    "file": SourceKind(_local, _is_database, _bytes_of_files),
    "sqlite": SourceKind(_database, lambda locator: True),
    "duckdb": SourceKind(_duckdb, lambda locator: False),
    "sc": SourceKind(_spark, lambda locator: False),
    **dict.fromkeys(SCHEMES, SourceKind(_postgres, lambda locator: False)),
}
