"""What Overview and Explore have in common: segments in an order, and what is said of the history over them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ltvtui.analytics.segments import profile
from ltvtui.book import Book
from ltvtui.present.history import entry_words
from ltvtui.tui.place import Place


def sorted_segments(rows: pl.DataFrame, sort: tuple[str, bool] | None, horizon: int) -> pl.DataFrame:
    """`rows` of segments.profile by a column, or as they are: unknown figures last, before them an LTV of less than
    the horizon."""
    if sort is None or sort[0] not in rows.columns:
        return rows
    column, falls = sort
    if column not in _OF_LTV:
        return rows.sort(column, descending=falls, nulls_last=True)
    partial = (pl.col("within_months") < horizon) & pl.col(column).is_not_null()
    return rows.sort(pl.col(column).is_null(), partial, column, descending=[False, False, falls])


_OF_LTV = frozenset({"ltv", "ltv_lower", "ltv_upper"})


def history_words(book: Book, place: Place) -> tuple[str, ...]:
    """What has to be known of the history beside the LTV of `place`."""
    snapshot = book.snapshot(place.lens)
    if snapshot.entry.since is None:
        return entry_words(snapshot)
    of_all = book.ask(profile, replace(place.lens, entry="all"))
    return entry_words(snapshot, int(snapshot.customers["seen"].count()), of_all)
