"""What sets the customers of a portrait apart, by groups of criteria, and of which groups the shop has nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.profile_index import INDEX
from ltvtui.analytics.portrait.criteria import BEHAVIOUR, OTHER, grouped
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.present.comparison.tables import index_table
from ltvtui.present.headline.words import listed
from ltvtui.present.tables import Table

CRITERION: Final = "criterion"
SHOWN: Final = 10
"""Values of each group that a table for people has."""
_HEADINGS: Final = {
    "demography": "Who: demography",
    "social and economic": "Who: social and economic",
    "psychography": "Who: way of life (psychography)",
    "behaviour": "What: behaviour",
    "geography": "Where: geography",
    OTHER: "Other attributes",
}
"""In the order of the page."""
_NAMES: Final = {"social and economic": "social and economic status", "psychography": "way of life (psychography)"}


def index_tables(found: Portrait) -> list[tuple[str, Table]]:
    """A table of the index for each group of criteria that has some, under its heading."""
    rows = with_criterion(found)
    tables = []
    for criterion, heading in _HEADINGS.items():
        own = rows.filter(pl.col(CRITERION) == criterion)
        if own.height:
            tables.append((heading, index_table(own.select(INDEX), "them", "all", SHOWN)))
    return tables


def with_criterion(found: Portrait) -> pl.DataFrame:
    """The index with the criterion of each dimension; OTHER for one of which no value is known."""
    criteria = [found.criteria.get(name, OTHER) for name in found.index["dimension"]]
    return found.index.with_columns(pl.Series(CRITERION, criteria, dtype=pl.String))


def unknown_criteria(criteria: Mapping[str, str]) -> tuple[str, ...]:
    """Of which groups a shop has no dimension, from the criterion of each; of behaviour each shop has its orders."""
    missing = [
        _NAMES.get(criterion, criterion)
        for criterion, dimensions in grouped(criteria).items()
        if not dimensions and criterion not in (BEHAVIOUR, OTHER)
    ]
    return (f"the shop knows nothing of its customers' {listed(missing, 4)}",) if missing else ()


def criteria_notes(found: Portrait) -> tuple[str, ...]:
    """Of which groups the shop has nothing, and which values the tables leave out."""
    unknown = unknown_criteria(found.criteria)
    guessed = ("criteria are grouped by a guess from names and values",) if found.criteria else ()
    sizes = with_criterion(found)[CRITERION].value_counts()["count"].to_list()
    left = sum(max(size - SHOWN, 0) for size in sizes)
    more = (f"{left} more values in JSON",) if left else ()
    return (*unknown, *guessed, *more)
