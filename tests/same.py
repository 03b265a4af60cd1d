"""Whether two openings gave the same shop."""

from __future__ import annotations

import polars as pl
import slow_path
from polars.testing import assert_frame_equal

from ltvtui.analytics.segments import profile, value_curves
from ltvtui.book import Book
from ltvtui.lens import Lens
from ltvtui.opening import Opened


def frames(book: Book) -> dict[str, pl.DataFrame]:
    lenses = {"now": Lens(), "then": Lens(as_of=book.first_day + 700, churn_gap=25), "margin": Lens(margin=0.5)}
    snapshots = {name: book.snapshot(lens) for name, lens in lenses.items()}
    for snapshot in snapshots.values():
        slow_path.assert_same(snapshot)
    found = {f"{name} customers": snapshot.customers for name, snapshot in snapshots.items()}
    for dimension in book.dimensions:
        found[dimension] = book.ask(profile, lenses["then"], (dimension,))
        found[f"{dimension} curves"] = book.ask(value_curves, lenses["now"], (dimension,))
    found["orders"] = book.cleaned.in_order()
    found["activity"] = book.timeline.activity
    people = book.people
    found["people"] = people.frame
    if people.leads is not None and people.known is not None:
        found |= {"leads": people.leads, "known": people.known.to_frame()}
    return found


def assert_same(one: Opened, other: Opened) -> None:
    assert one.mapping == other.mapping
    assert one.lens == other.lens
    assert one.notices == other.notices
    assert one.book.cleaned.counts == other.book.cleaned.counts
    assert one.book.dimensions == other.book.dimensions
    for lens in (Lens(), Lens(as_of=one.book.first_day + 700)):
        assert one.book.quality(lens) == other.book.quality(lens)
    ours, theirs = frames(one.book), frames(other.book)
    assert ours.keys() == theirs.keys()
    for name, frame in ours.items():
        assert_frame_equal(frame, theirs[name], categorical_as_str=True)
