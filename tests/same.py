"""Whether two openings gave the same shop."""

from __future__ import annotations

import polars as pl
from polars.testing import assert_frame_equal

from ltvtui.analytics import history
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.opened_dataset import OpenedDataset


def queries(dataset: Dataset) -> dict[str, Query]:
    return {"now": Query(), "then": Query(as_of=dataset.first_day + 700, churn_gap=25), "margin": Query(margin=0.5)}


def frames(dataset: Dataset) -> dict[str, pl.DataFrame]:
    """All that the slow path holds a snapshot to, and what is told by each dimension."""
    asked = queries(dataset)
    found: dict[str, pl.DataFrame] = {}
    for name, query in asked.items():
        snapshot = dataset.snapshot(query)
        found[f"{name} customers"] = snapshot.customers
        found[f"{name} gaps"] = snapshot.totals.gaps
        found[f"{name} all"] = profile(snapshot, (), True)
        found[f"{name} tiers"] = profile(snapshot, ("tier",), True)
        found[f"{name} months"] = history.by_month(snapshot)
    for dimension in dataset.dimensions_of(asked["then"]):
        found[dimension] = dataset.ask(profile, asked["then"], (dimension,))
        found[f"{dimension} curves"] = dataset.ask(value_curves, asked["now"], (dimension,))
    found["orders"] = dataset.cleaned.in_order()
    found["activity"] = dataset.activity_index.activity
    people = dataset.people
    found["people"] = people.frame
    if people.leads is not None and people.in_table is not None:
        found |= {"leads": people.leads, "known": people.in_table.to_frame()}
    return found


def assert_same(one: OpenedDataset, other: OpenedDataset) -> None:
    assert one.mapping == other.mapping
    assert one.query == other.query
    assert one.notices == other.notices
    assert one.dataset.cleaned.counts == other.dataset.cleaned.counts
    assert one.dataset.dimensions == other.dataset.dimensions
    for query in (Query(), Query(as_of=one.dataset.first_day + 700)):
        assert one.dataset.quality(query) == other.dataset.quality(query)
    for query in queries(one.dataset).values():
        ours, theirs = one.dataset.snapshot(query), other.dataset.snapshot(query)
        assert (ours.churn_gap, ours.entry) == (theirs.churn_gap, theirs.entry)
    found, again = frames(one.dataset), frames(other.dataset)
    assert found.keys() == again.keys()
    for name, frame in found.items():
        assert_frame_equal(frame, again[name], categorical_as_str=True, rel_tol=1e-9, abs_tol=1e-9)
