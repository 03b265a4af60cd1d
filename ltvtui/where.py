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

    "unknown" is the value of those of whom it is not known; a value may stand in quotes. Raises LtvError that names
    the dimensions or the values there are (exit code 2), or says that nobody meets all conditions (1).
    """
    for text in conditions:
        lens = lens & _filter(book, lens, text)
    if conditions and book.snapshot(lens).customers.height == 0:
        raise LtvError(f"There are no customers: {lens.words()}.", "All conditions have to hold: leave one out.")
    return lens


def _filter(book: Book, lens: Lens, text: str) -> Filter:
    name, equals, said = (part.strip() for part in text.partition("="))
    wanted = _folded(said.removeprefix("=").strip().strip("'\""))
    if not equals or not name:
        raise LtvError(f"The condition {text!r} cannot be read.", 'Write it as "dimension = value".', 2)
    dimension = book.dimension(name)
    values = book.snapshot(lens.whole()).by(dimension)[dimension].unique().cast(pl.String)
    known = sorted(value for value in values if value is not None)
    for value in known:
        if _folded(value) == wanted:
            return Filter(dimension, value)
    if wanted == _UNKNOWN and values.has_nulls():
        return Filter(dimension, None)
    shown = [*known, *([_UNKNOWN] if values.has_nulls() else [])]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    raise LtvError(f"No {dimension} is {said!r}.", f"There are: {', '.join(shown[:_SHOWN])}{more}.", 2)


def _folded(value: str) -> str:
    """Whatever the case, and with the dash that keyboards have."""
    return value.casefold().replace("–", "-")
