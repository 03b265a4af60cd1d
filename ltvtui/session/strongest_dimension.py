"""The dimension that tells LTV apart most: what Explore begins with, once it is found."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.comparison.probability import SIGNIFICANT
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.query.query import Query
from ltvtui.session.comparison import doubles_of, drivers_of
from ltvtui.session.dataset import Dataset

_KEY: Final = ("answer", "strongest dimension")
"""Of the dataset's results; the first part has it asked anew where more is known of the customers."""


def clear_dimensions(dataset: Dataset, query: Query) -> list[str]:
    """Dimensions known at the first order that tell LTV apart beyond chance, the strongest first, periods aside."""
    return _clear(dataset, query)["dimension"].to_list()


def find_strongest_dimension(dataset: Dataset, query: Query) -> None:
    """Find the strongest of clear_dimensions among all customers, under the terms of `query`, and remember it for the
    shop. It may take a second or two; done once, nothing.

    Left out are those that hold what another one holds, and those of whose values most are small samples: a table of
    them shows little of what they tell apart.
    """
    whole = query.whole()
    dataset.results.recall(_KEY, lambda: (whole, _strongest(dataset, whole)), lasting=True)


def has_strongest_dimension(dataset: Dataset) -> bool:
    """Whether find_strongest_dimension was done."""
    return _KEY in dataset.results


def strongest_dimension(dataset: Dataset, query: Query | None = None) -> str | None:
    """What find_strongest_dimension found; None where it found none, was not done yet, or was done under other terms
    than those of `query` (None: under any)."""
    found: tuple[Query | None, str | None] | None = dataset.results.find(_KEY)
    if found is None or (query is not None and query != found[0]):
        return None
    return found[1]


def carry_strongest_dimension(before: Dataset, after: Dataset) -> None:
    """Have `after`, the same shop with more orders, begin with what `before` does: it is not found anew, and so is no
    more said to be the strongest."""
    found = strongest_dimension(before)
    if found in after.dimensions:
        after.results.pin(_KEY, (None, found))


def _clear(dataset: Dataset, query: Query) -> pl.DataFrame:
    """The rows of Drivers of clear_dimensions."""
    rows = drivers_of(dataset, query, hindsight=False).of_first_order
    is_clear = (pl.col("p_adjusted") < SIGNIFICANT) & (pl.col("i2") > 0)
    return rows.filter(is_clear & ~pl.col("dimension").is_in(list(PERIODS)))


def _strongest(dataset: Dataset, query: Query) -> str | None:
    rows, snapshot = _clear(dataset, query), dataset.snapshot(query)
    if rows.is_empty():
        return None
    left_out = set(doubles_of(dataset, query)["dimension"])
    for name, segments in rows.select("dimension", "segments").iter_rows():
        if name not in left_out and 2 * segments >= snapshot.by(name)[name].drop_nulls().n_unique():
            return str(name)
    return None
