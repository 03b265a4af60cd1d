"""The source that a request names, and how its file is laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.base import Progress, Source
from ltvtui.sources.mapping_file import SavedMapping
from ltvtui.sources.registry import OpenOptions, source_at
from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.settings_file import cache_dir, load_settings


@contextmanager
def opened_source(
    request: OpenRequest, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
) -> Iterator[Source]:
    """The source of `request`, to be read for as long as the context lasts.

    LtvError where it cannot be opened, Cancelled when `cancelled`.
    """
    saved = request.saved()
    skip, header = skip_rows_of(request, saved), has_header(request, saved)
    encoding = encoding_of(request, saved)
    options = OpenOptions(cache_of(request), progress, cancelled, skip, header, encoding)
    with source_at(request.locator, options) as source:
        yield source


def skip_rows_of(request: OpenRequest, saved: SavedMapping | None) -> int | None:
    """Lines or rows above the header of the file: what was said, else what is saved; None: they are found."""
    return request.skip_rows if request.skip_rows is not None or saved is None else saved.skip_rows


def has_header(request: OpenRequest, saved: SavedMapping | None) -> bool:
    """Whether the file of a shop has one, as far as was said or is saved."""
    return not (request.no_header or (saved is not None and saved.no_header))


def encoding_of(request: OpenRequest, saved: SavedMapping | None) -> str | None:
    """How the file of a shop is written: what was said, else what is saved; None: UTF-8, or as its mark says."""
    return request.encoding if request.encoding is not None or saved is None else saved.encoding


def cache_of(request: OpenRequest) -> Cache | None:
    """The cache; None where the request or the settings have turned it off."""
    limit = load_settings().cache_limit
    return Cache(cache_dir(), limit) if request.cache and limit else None
