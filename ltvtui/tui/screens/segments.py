"""What Overview and Explore have in common: segments in an order, and what is said of the history over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
from textual.app import ComposeResult

from ltvtui.analytics.segments import profile
from ltvtui.present.history import entry_words
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.screens.table_with_charts import TableWithCharts
from ltvtui.tui.widgets.notes import Notes


class Segments(TableWithCharts):
    """A table of segments; what has to be known of the history has lines of its own over it, as whoever reads LTV
    without them reads it wrong."""

    DEFAULT_CSS = """
    Segments Notes { display: none; color: $text-warning; }
    Segments.-warned Notes { display: block; }
    Segments.-big Notes { display: none; }
    """

    def compose_tables(self) -> ComposeResult:
        """The history over what every table has."""
        yield Notes()
        yield from super().compose_tables()

    def tell_history(self, words: Sequence[str]) -> None:
        """Say this over the table, or nothing."""
        self.query_one(Notes).parts = tuple(words)
        self.set_class(bool(words), "-warned")

    @property
    def height_of_head(self) -> int:
        """The history, and the lines that every table has."""
        return super().height_of_head + self._height_of_history

    @property
    def _height_of_history(self) -> int:
        notes = self.query_one(Notes)
        return len(notes.lines(self.room.width)) if notes.parts else 0

    def arrange_parts(self) -> None:
        """The history takes what it needs."""
        self.query_one(Notes).styles.height = self._height_of_history
        super().arrange_parts()


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


def history_words(dataset: Dataset, location: Location) -> tuple[str, ...]:
    """What has to be known of the history beside the LTV of `place`."""
    snapshot = dataset.snapshot(location.query)
    if snapshot.entry.since is None:
        return entry_words(snapshot)
    of_all = dataset.ask(profile, replace(location.query, entry="all"))
    return entry_words(snapshot, int(snapshot.customers["seen"].count()), of_all)
