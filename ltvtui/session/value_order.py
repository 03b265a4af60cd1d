"""The order of a dimension's values: the same whatever is filtered, tried or sorted, so that colours can go by it."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import AGE_BANDS, ALIVE_BANDS, EXPECTED_BANDS, ORDERS_BANDS
from ltvtui.analytics.lifecycle.lifecycle import STAGES
from ltvtui.analytics.tiers.tiers import TIERS
from ltvtui.session.dataset import Dataset

_OWN: Final = {
    "tier": TIERS,
    "stage": STAGES,
    "age band": AGE_BANDS,
    "orders band": ORDERS_BANDS,
    "p alive band": ALIVE_BANDS,
    "expected orders band": EXPECTED_BANDS,
}
"""Dimensions whose values are known beforehand."""
_MOST: Final = 1_000
"""Values that are ordered; nobody tells more of them apart."""


def value_order(dataset: Dataset, dimension: str) -> tuple[str, ...]:
    """The values of a dimension; of an attribute of the shop's those with most customers of the whole shop first.

    Nothing for periods and scores, which tell their place themselves.
    """
    if dimension not in dataset.people.attributes:
        return _OWN.get(dimension, ())

    def make() -> tuple[str, ...]:
        counts = dataset.people.frame[dimension].drop_nulls().value_counts(name="customers")
        ranked = counts.cast({dimension: pl.String}).sort("customers", dimension, descending=[True, False])
        return tuple(ranked[dimension].head(_MOST))

    return dataset.results.recall(("value order", dimension), make, lasting=True)


def value_orders(dataset: Dataset, by: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The orders of several dimensions."""
    return tuple(value_order(dataset, dimension) for dimension in by)
