"""A shop that has grown is the same as one of which all orders were read at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.cleaning.clean import CleaningPolicy, clean
from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.history import by_month
from ltvtui.analytics.listing import listed
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.analytics.survival import retention_summary
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset, build_dataset, grown

RowsOf = Callable[..., pl.DataFrame]
Sale = tuple[Any, ...]

TODAY = 30_000
HORIZON = 12

laws = settings(
    deadline=None,
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
channels = st.sampled_from(["web", "shop", None])
amounts = st.integers(-500, 3_000).map(lambda cents: cents / 100)


def sales(days: st.SearchStrategy[int], customers: str, least: int) -> st.SearchStrategy[list[Sale]]:
    sale = st.builds(
        lambda c, d, a, ch: (c, d, a, {"channel": ch}), st.sampled_from(customers.split()), days, amounts, channels
    )
    return st.lists(sale, min_size=least, max_size=30)


first = sales(st.integers(0, 300), "b d f h k", 1).filter(lambda rows: any(row[2] >= 0 for row in rows))
later = sales(st.integers(250, 420), "a b c d e f g h i k m", 0)
numbered = sales(st.integers(0, 300), "2 4 6 9 30", 1).filter(lambda rows: any(row[2] >= 0 for row in rows))
more_numbered = sales(st.integers(280, 420), "1 2 4 5 6 8 9 10 30 31 200", 1)


def grow_by(dataset: Dataset, rows: pl.DataFrame, known: pl.DataFrame | None = None) -> Dataset | None:
    more = clean(rows.with_columns(pl.col("customer_id").cast(pl.String)), CleaningPolicy())
    return grown(dataset, HORIZON, more, known, None, TODAY)


def assert_same(one: Dataset, other: Dataset) -> None:
    """Every figure, and what it is made of."""
    assert one.cleaned.customer_ids.to_list() == other.cleaned.customer_ids.to_list()
    assert_frame_equal(one.cleaned.in_order(), other.cleaned.in_order(), categorical_as_str=True)
    assert_frame_equal(one.activity_index.activity, other.activity_index.activity)
    assert_frame_equal(one.activity_index.by_day, other.activity_index.by_day)
    assert_frame_equal(one.activity_index.ages(HORIZON), other.activity_index.ages(HORIZON))
    assert_frame_equal(one.people.frame, other.people.frame, categorical_as_str=True)
    query = Query()
    assert one.quality(query) == other.quality(query)
    one_standing, other_standing = (dataset.totals(dataset.default_day) for dataset in (one, other))
    assert_frame_equal(one_standing.customers, other_standing.customers)
    assert_frame_equal(one_standing.gaps, other_standing.gaps, check_dtypes=False)
    for question, details in (
        (profile, ()),
        (profile, (("tier",),)),
        (profile, (("channel",),)),
        (value_curves, (("tier",),)),
        (retention_summary, ()),
        (by_month, ()),
    ):
        a, b = (dataset.ask(question, query, *details) for dataset in (one, other))
        assert_frame_equal(a, b, categorical_as_str=True)
    a, b = (dataset.ask(cohorts, query, "month") for dataset in (one, other))
    for name in ("rows", "cells", "summary"):
        assert_frame_equal(getattr(a, name), getattr(b, name))
    a, b = (dataset.ask(listed, query, "revenue", True, "") for dataset in (one, other))
    assert_frame_equal(a.frame, b.frame, categorical_as_str=True)


@laws
@given(first, later, later)
def test_text_ids(rows_of: RowsOf, before: list[Sale], since: list[Sale], then: list[Sale]) -> None:
    """Again and again; where it cannot be told from the further orders alone, all are read."""
    told = list(before)
    dataset = build_dataset(rows_of(told), None, None, CleaningPolicy(), TODAY)
    for part in (since, then):
        if not part:
            continue
        told += part
        whole = build_dataset(rows_of(told), None, None, CleaningPolicy(), TODAY)
        found = grow_by(dataset, rows_of(part))
        if found is not None:
            assert_same(found, whole)
        dataset = found or whole


@laws
@given(numbered, more_numbered)
def test_ids_that_are_numbers(rows_of: RowsOf, before: list[Sale], since: list[Sale]) -> None:
    whole_numbers = pl.col("customer_id").cast(pl.Int32)
    dataset = build_dataset(rows_of(before).with_columns(whole_numbers), None, None, CleaningPolicy(), TODAY)
    found = grow_by(dataset, rows_of(since))
    if found is not None:
        rows = rows_of([*before, *since]).with_columns(whole_numbers)
        assert_same(found, build_dataset(rows, None, None, CleaningPolicy(), TODAY))


def test_what_only_adds_is_never_read_anew(rows_of: RowsOf) -> None:
    """Orders of today, by somebody who was there and by two who were not; one with more text in the channel."""
    before = [("b", 10, 5, {"channel": "web"}), ("d", 20, 7, {"channel": "shop"}), ("b", 60, 5, {"channel": "shop"})]
    since = [("d", 61, 3, {"channel": "mail"}), ("a", 61, 4, {"channel": "mail"}), ("e", 61, 2, {"channel": None})]
    dataset = build_dataset(rows_of(before), None, None, CleaningPolicy(), TODAY)
    found = grow_by(dataset, rows_of(since))
    assert found is not None
    assert_same(found, build_dataset(rows_of([*before, *since]), None, None, CleaningPolicy(), TODAY))
    again = grow_by(found, rows_of([("e", 61, 8, {"channel": "web"}), ("f", 70, 1, {"channel": "web"})]))
    assert again is None  # the second order of e may be the earlier one of the two of that day
    again = grow_by(found, rows_of([("f", 70, 1, {"channel": "web"}), ("b", 70, 9, {"channel": "web"})]))
    assert again is not None
    whole = [*before, *since, ("f", 70, 1, {"channel": "web"}), ("b", 70, 9, {"channel": "web"})]
    assert_same(again, build_dataset(rows_of(whole), None, None, CleaningPolicy(), TODAY))


PEOPLE = {"customer_id": ["a", "b", "d", "x", "x", " "], "country": ["DK", "SE", "DK", "NO", "DK", "FI"]}


def test_it_stands_on_the_latest_refund(rows_of: RowsOf) -> None:
    """Day 5 with an order, then refunds only: of day 7, and of day 9 by somebody who never ordered."""
    web = {"channel": "web"}
    before = [("a", 5, 10, web), ("b", 4, 10, web)]
    later = [("a", 6, -1, web), ("b", 7, -2, web), ("z", 9, -1, web)]
    dataset = grow_by(build_dataset(rows_of(before), None, None, CleaningPolicy(), TODAY), rows_of(later[:1]))
    assert dataset is not None
    assert (dataset.last_day, dataset.activity_index.last_day) == (6, 6)
    dataset = grow_by(dataset, rows_of(later[1:]))  # the day of the refund before is no obstacle
    assert dataset is not None
    assert (dataset.last_day, dataset.activity_index.last_day) == (7, 9)
    assert_same(dataset, build_dataset(rows_of([*before, *later]), None, None, CleaningPolicy(), TODAY))


def test_new_customers_are_described_and_are_leads_no_more(rows_of: RowsOf) -> None:
    table = pl.DataFrame(PEOPLE)
    longer = pl.concat([table, pl.DataFrame({"customer_id": ["y", "c"], "country": ["IT", "ES"]})])
    before = [("b", 10, 5, {"channel": "web"}), ("d", 20, 7, {"channel": "shop"})]
    since = [("x", 30, 3, {"channel": "web"}), ("c", 31, 4, {"channel": "web"}), ("q", 31, 4, {"channel": "web"})]
    dataset = build_dataset(rows_of(before), table, None, CleaningPolicy(), TODAY)
    found = grow_by(dataset, rows_of(since), longer)
    assert found is not None
    assert found.people.leads is not None
    assert found.people.leads["id"].to_list() == ["a", "y"]
    whole = build_dataset(rows_of([*before, *since]), longer, None, CleaningPolicy(), TODAY)
    assert_same(found, whole)
    assert whole.people.leads is not None
    assert whole.people.in_table is not None
    assert_frame_equal(found.people.leads, whole.people.leads, categorical_as_str=True)
    assert_frame_equal(pl.DataFrame({"known": found.people.in_table}), pl.DataFrame({"known": whole.people.in_table}))


def test_what_tells_of_those_before_is_read_anew(rows_of: RowsOf) -> None:
    dataset = build_dataset(rows_of([("b", 10, 5, {"channel": "web"})]), None, None, CleaningPolicy(), TODAY)
    assert grow_by(dataset, rows_of([("b", 9, 5, {"channel": "shop"})])) is None  # their first order is another one
    assert grow_by(dataset, rows_of([("b", 12, 5, {"country": "DK"})])) is None  # another attribute
    numbers = build_dataset(
        rows_of([("7", 10, 5)]).with_columns(pl.col("customer_id").cast(pl.Int32)),
        None,
        None,
        CleaningPolicy(),
        TODAY,
    )
    assert grow_by(numbers, rows_of([("7a", 12, 5)])) is None  # the ids are no numbers any more
    early = build_dataset(rows_of([("7", 10, 5), ("8", 50, 5)]), None, None, CleaningPolicy(), 20)
    assert grow_by(early, rows_of([("7", 12, 5)])) is None  # orders of later days are known already
