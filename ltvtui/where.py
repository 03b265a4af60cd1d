"""Which customers: conditions as they are written on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.book import Book
from ltvtui.errors import LtvError
from ltvtui.lens import Filter, Lens

_UNKNOWN: Final = "unknown"
_SHOWN: Final = 12


def narrowed(book: Book, lens: Lens, conditions: Sequence[str]) -> Lens:
    """`lens` narrowed to customers who meet all `conditions`, each "dimension = value", whatever the case.

    "unknown" is the value of those of whom it is not known. Raises LtvError (exit code 2) that names the dimensions
    or the values there are.
    """
    for text in conditions:
        lens = lens & _filter(book, lens, text)
    return lens


def _filter(book: Book, lens: Lens, text: str) -> Filter:
    name, equals, wanted = (part.strip() for part in text.partition("="))
    if not equals or not name:
        raise LtvError(f"The condition {text!r} cannot be read.", 'Write it as "dimension = value".', 2)
    dimension = book.dimension(name)
    values = book.snapshot(lens.whole()).by(dimension)[dimension].unique().cast(pl.String)
    known = sorted(value for value in values if value is not None)
    for value in known:
        if value.casefold() == wanted.casefold():
            return Filter(dimension, value)
    if wanted.casefold() == _UNKNOWN and values.has_nulls():
        return Filter(dimension, None)
    shown = [*known, *([_UNKNOWN] if values.has_nulls() else [])]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    raise LtvError(f"No {dimension} is {wanted!r}.", f"There are: {', '.join(shown[:_SHOWN])}{more}.", 2)
