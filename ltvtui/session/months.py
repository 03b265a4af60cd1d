"""The as-of day moved by whole months."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.days import months_later
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset


def by_months(dataset: Dataset, query: Query, step: int) -> Query:
    """`query` as of `step` months later; a month end goes to month ends, so that whole months are compared.

    Never later than the last day with an order or a refund, unless it was later already. Raises LtvError as
    Dataset.as_of does.
    """
    target = months_later(dataset.as_of(query), step)
    if step > 0 and dataset.last_day is not None and target > dataset.last_day:
        target = max(dataset.last_day, dataset.as_of(query))
    return replace(query, as_of=target)
