"""The source that a request names, and how its file is laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.base import Progress, Source
from ltvtui.sources.layout import Layout
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
    layout = layout_of(request, saved)
    options = OpenOptions(cache_of(request), progress, cancelled, layout, request.password, request.compute)
    with source_at(request.locator, options) as source:
        yield source


def layout_of(request: OpenRequest, saved: SavedMapping | None) -> Layout:
    """How the file of a shop is laid out: what was said, else what is saved, else it is found."""
    skip, encoding = request.skip_rows, request.encoding
    if saved is None:
        return Layout(skip, not request.no_header, encoding)
    skip, encoding = saved.skip_rows if skip is None else skip, saved.encoding if encoding is None else encoding
    return Layout(skip, not (request.no_header or saved.no_header), encoding)


def cache_of(request: OpenRequest) -> Cache | None:
    """The cache; None where the request or the settings have turned it off."""
    limit = load_settings().cache_limit
    return Cache(cache_dir(), limit) if request.cache and limit else None
