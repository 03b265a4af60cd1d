"""Whether two openings gave the same shop."""

from __future__ import annotations

import polars as pl
import slow_path
from polars.testing import assert_frame_equal

from ltvtui.analytics.segments import profile, value_curves
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.open_dataset import OpenedDataset


def frames(dataset: Dataset) -> dict[str, pl.DataFrame]:
    lenses = {"now": Query(), "then": Query(as_of=dataset.first_day + 700, churn_gap=25), "margin": Query(margin=0.5)}
    snapshots = {name: dataset.snapshot(query) for name, query in lenses.items()}
    for snapshot in snapshots.values():
        slow_path.assert_same(snapshot)
    found = {f"{name} customers": snapshot.customers for name, snapshot in snapshots.items()}
    for dimension in dataset.dimensions:
        found[dimension] = dataset.ask(profile, lenses["then"], (dimension,))
        found[f"{dimension} curves"] = dataset.ask(value_curves, lenses["now"], (dimension,))
    found["orders"] = dataset.cleaned.in_order()
    found["activity"] = dataset.activity_index.activity
    people = dataset.people
    found["people"] = people.frame
    if people.leads is not None and people.known is not None:
        found |= {"leads": people.leads, "known": people.known.to_frame()}
    return found


def assert_same(one: OpenedDataset, other: OpenedDataset) -> None:
    assert one.mapping == other.mapping
    assert one.query == other.query
    assert one.notices == other.notices
    assert one.dataset.cleaned.counts == other.dataset.cleaned.counts
    assert one.dataset.dimensions == other.dataset.dimensions
    for query in (Query(), Query(as_of=one.dataset.first_day + 700)):
        assert one.dataset.quality(query) == other.dataset.quality(query)
    ours, theirs = frames(one.dataset), frames(other.dataset)
    assert ours.keys() == theirs.keys()
    for name, frame in ours.items():
        assert_frame_equal(frame, theirs[name], categorical_as_str=True)
