"""The groups that Compare begins with, where nobody has chosen any: what the shop most needs compared."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.query import Filter, Query, Step
from ltvtui.session.budget import budget_of
from ltvtui.session.comparison import Trail
from ltvtui.session.dataset import Dataset
from ltvtui.session.headline_facts import free_channel
from ltvtui.session.strongest_dimension import clear_dimensions

COSTS: Final = ("cac", "max_cac", "payback_months", "payback_observed_to", "verdict")
"""Columns of a budget row that are compared."""
Cost = dict[str, object]
"""COSTS of one channel."""


def largest_groups(dataset: Dataset, query: Query) -> tuple[Filter, Filter] | None:
    """The two largest groups of 30 customers or more by channel, else by the dimension known at the first order that
    most clearly tells LTV apart, periods aside; None where there are no such."""
    channel = free_channel(dataset, query)
    names = [channel] if channel is not None else []
    if (found := _largest_by(dataset, query, names)) is not None:
        return found
    return _largest_by(dataset, query, clear_dimensions(dataset, query))


def costs_between(
    dataset: Dataset, query: Query, a: Trail, b: Trail | None, terms: BudgetTerms
) -> tuple[Cost, Cost] | None:
    """COSTS of two channels, as a budget of the customers of `query` has them; None where A or B is no channel, or
    nothing is known to be spent on either."""
    steps = [_only_step(query, each) for each in (a, b)]
    spend, channel = dataset.spending, terms.dimension or free_channel(dataset, query)
    if spend is None or channel is None or query.trail or any(s is None or s.dimension != channel for s in steps):
        return None
    rows = budget_of(dataset, query, terms, spend).rows
    found = [
        row
        for step in steps
        for row in rows.filter(pl.col("channel") == (step.value if step else None)).select(COSTS).to_dicts()
    ]
    has_costs = len(found) == len(steps) and any(row["cac"] is not None for row in found)
    return (found[0], found[1]) if has_costs else None


def _largest_by(dataset: Dataset, query: Query, names: list[str]) -> tuple[Filter, Filter] | None:
    for name in names:
        values = dataset.ask(_sizes, query, name)["value"]
        if values.len() > 1:
            return Filter(name, values[0]), Filter(name, values[1])
    return None


def _sizes(snapshot: Snapshot, name: str) -> pl.DataFrame:
    """value, count of the values with 30 customers or more, the largest first."""
    counts = snapshot.by(name)[name].cast(pl.String).drop_nulls().alias("value").value_counts()
    return counts.filter(pl.col("count") >= FEW).sort("count", "value", descending=[True, False])


def _only_step(query: Query, trail: Trail | None) -> Filter | None:
    """The step of a group beyond those of `query`, where it is one that chooses a value."""
    own: tuple[Step, ...] = () if trail is None else trail[len(query.trail) :]
    return own[0] if len(own) == 1 and isinstance(own[0], Filter) else None
