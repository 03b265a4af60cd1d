"""What stages brought within the last 365 days, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ltvtui.analytics.lifecycle.worth import brought_lately
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *(("ann", 100, 40), ("ann", 135, 7), ("ann", 136, 3), ("ann", 500, 20)),
    *(("bob", 120, 9), ("bob", 130, 1)),
    ("cat", 499, 5),
]
"""As of day 500 the last 365 days begin after day 135. Churn gap 30: ann is regular, bob lost, cat new."""


def lately(dataset: Dataset, query: Query) -> list[tuple[str, float]]:
    return brought_lately(dataset.snapshot(query)).select(pl.col("stage").cast(pl.String), "lately").rows()


def test_only_the_last_year_counts(dataset_of: DatasetOf) -> None:
    found = lately(dataset_of(SALES), Query(as_of=500, churn_gap=30))
    assert sorted(found) == [("lost", 0.0), ("new", 5.0), ("regular", 23.0)]  # ann 3 + 20


def test_of_a_part_its_own_customers_count(dataset_of: DatasetOf) -> None:
    part = Query(as_of=500, churn_gap=30) & Filter("stage", "new")
    assert lately(dataset_of(SALES), part) == [("new", 5.0)]
