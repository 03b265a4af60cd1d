"""What Overview and Explore have in common: segments in an order, and what is said of the history over them."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.segments import profile
from ltvtui.present.history import entry_words
from ltvtui.session.dataset import Dataset
from ltvtui.session.headline_facts import everybody_beside
from ltvtui.tui.location import Location
from ltvtui.tui.views.view import View, steps_of

NOBODY = "No customers in this selection: Esc goes back up."


def has_note(view: View, by: tuple[str, ...], row: int) -> bool:
    """Whether there is a note about a segment by `by`, the one in that row of the view's table."""
    trail = view.location.query.trail if view.location is not None else ()
    return not view.user_state.notes.of_trail((*trail, *steps_of(view.grid, by, row))).blank


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


def base_of(dataset: Dataset, location: Location) -> pl.DataFrame:
    """The row of segments.profile of all that `location` selects, as the strip of key figures asks it."""
    query = location.query
    customers = dataset.snapshot(query).customers.height
    return dataset.ask(profile, query, (), location.show.with_intervals(customers))


def history_words(dataset: Dataset, location: Location) -> tuple[str, ...]:
    """What has to be known of the history beside the LTV of `location`."""
    snapshot = dataset.snapshot(location.query)
    if snapshot.entry.since is None:
        return entry_words(snapshot)
    return entry_words(snapshot, everybody_beside(dataset, location.query))
