"""Kinds of sources by the scheme of their URI, and how they are opened.

A kind is one entry: whoever adds an engine implements `base.Source` in a room of its own and registers it here.
Drivers are imported when a source of their kind is opened, never before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Progress, Source, Stop
from ltvtui.sources.layout import AS_FOUND, Layout
from ltvtui.sources.locator import Locator

if TYPE_CHECKING:
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


@dataclass(frozen=True)
class SourceKind:
    """How sources of one scheme are opened."""

    open: Callable[[Locator, OpenOptions], AbstractContextManager[Source]]
    """Readable for as long as the context lasts. LtvError, and Cancelled when stopped."""
    is_watchable: Callable[[Locator], bool]
    """Whether Source.watch will give something."""


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


def forget() -> None:
    """Remove what was to last until the program ends."""
    from ltvtui.sources.files import private_database

    private_database.forget()


def _kind(locator: Locator) -> SourceKind:
    kind = _KINDS.get(locator.scheme)
    if kind is None:
        raise LtvError(
            f"{locator.masked} cannot be opened: there is no source of the kind {locator.scheme}.",
            "Name a file: SQLite, csv, tsv, parquet, xlsx or jsonl.",
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
    """A file of any kind: its ending and its content tell which."""
    from ltvtui.sources.files.tables import is_table_file, refuse_foreign
    from ltvtui.storage.regular_file import refuse_irregular

    path = _path(locator)
    if is_table_file(path):
        from ltvtui.sources.files.private_database import private_database
        from ltvtui.sources.files.source import FileSource
        from ltvtui.sources.files.table_file import TableFile

        original = TableFile(path, options.layout)
        with private_database(original, options.cache, options.progress, options.stopped) as private:
            yield FileSource(original, private)
        return
    if not path.is_dir():  # of a folder it is said that it is no database
        refuse_irregular(path)
        refuse_foreign(path)
    with _database(locator, options) as source:
        yield source


def _is_database(locator: Locator) -> bool:
    from ltvtui.sources.files.tables import is_table_file

    return not is_table_file(_path(locator))


_KINDS: Final = {
    "": SourceKind(_local, _is_database),
    "file": SourceKind(_local, _is_database),
    "sqlite": SourceKind(_database, lambda locator: True),
}
