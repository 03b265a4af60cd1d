"""Activity by calendar periods: who begins one, refunds in between, and sums by cell against plain loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.kernel.activity_index import ActivityIndex
from ltvtui.analytics.kernel.calendar import BUCKETS, period
from ltvtui.analytics.kernel.calendar_sums import Periods
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
Sale = tuple[Any, ...]

REFUNDED: list[Sale] = [
    ("a", "2024-01-01", -5),  # before the first order
    ("a", "2024-01-10", -5),
    ("a", "2024-02-10", 100),
    ("a", "2024-02-20", -10),
    ("a", "2024-02-25", 20),  # the same month as the order before the refund
    ("a", "2024-03-01", -1),
    ("a", "2024-03-02", -1),
    ("a", "2024-03-03", 30),  # another month than that
    ("b", "2024-03-01", -7),  # never ordered
    ("c", "2024-03-05", 40),
    ("c", "2024-03-06", -40),  # the last row of all
]


def timeline_of(dataset_of: DatasetOf, sales: list[Sale]) -> ActivityIndex:
    return dataset_of(sales).activity_index


def day(iso: str) -> int:
    return (date.fromisoformat(iso) - date(1970, 1, 1)).days


def test_rows_without_an_order_and_the_orders_around_them(dataset_of: DatasetOf) -> None:
    lone = timeline_of(dataset_of, REFUNDED).lone_refunds
    assert lone.rows() == [(0, None, 2), (1, None, 2), (3, 2, 4), (5, 4, 7), (6, 4, 7), (8, 7, 9), (10, 9, None)]


def test_refunds_before_the_first_order_know_its_day(dataset_of: DatasetOf) -> None:
    """Those of who never ordered are none of them."""
    early = timeline_of(dataset_of, REFUNDED).early_refunds
    first = day("2024-02-10")
    wanted = [(0, day("2024-01-01"), -50_000, first), (0, day("2024-01-10"), -50_000, first)]
    assert early.select("customer", "day", "revenue", "first").rows() == wanted


def test_a_period_begins_with_its_first_order(dataset_of: DatasetOf) -> None:
    activity_index = timeline_of(dataset_of, REFUNDED)
    begins = Periods(activity_index, "month", 0).begins
    assert begins.arg_true().to_list() == [2, 7, 9]
    assert Periods(activity_index, "quarter", 0).begins.arg_true().to_list() == [2, 9]


def test_what_all_did_together_by_hand(dataset_of: DatasetOf) -> None:
    """February's one: 100 − 10 with two early refunds of 5, and 20; March's one takes 40 back."""
    together = Periods(timeline_of(dataset_of, REFUNDED), "month", 0).together
    february, march = 2024 * 12 + 1, 2024 * 12 + 2
    money = [(amount * MONEY_SCALE,) * 2 for amount in (100, 28, 0)]
    wanted = [(february, 0, 1, 2, *money[0]), (february, 1, 1, 1, *money[1]), (march, 0, 1, 1, *money[2])]
    assert together.rows() == wanted


def test_only_weeks_are_others_where_they_begin_on_another_day(dataset_of: DatasetOf) -> None:
    sales: list[Sale] = [("a", "2021-01-09", 1), ("a", "2021-01-10", 1)]
    activity_index = timeline_of(dataset_of, sales)
    assert Periods(activity_index, "week", 0).begins.to_list() == [True, False]
    assert Periods(activity_index, "week", 6).begins.to_list() == [True, True]
    assert Periods(activity_index, "year", 6).begins.to_list() == Periods(activity_index, "year", 0).begins.to_list()


def test_cells_leave_out_what_has_no_number(dataset_of: DatasetOf) -> None:
    """Customers 0 and 1 buy on days 0, 1, 2; customer 1 and day 1 are not asked for, day 2 is beyond."""
    sales: list[Sale] = [(who, 20_000 + number, 1) for who in "ab" for number in range(3)]
    periods = Periods(timeline_of(dataset_of, sales), "year", 0)
    starts, steps = pl.Series([10, None], dtype=pl.Int32), pl.Series([5, None], dtype=pl.Int32)
    assert periods.add_up(starts, steps, 20_000).rows() == [(15, 1, 1, MONEY_SCALE)]


customers = st.sampled_from("abcdefgh")
days = st.integers(19_700, 20_200)
amounts = st.integers(-500, 2_000).map(lambda cents: cents / 100)
extras = st.fixed_dictionaries({"channel": st.sampled_from(["web", "shop", None]), "margin": st.integers(-5, 20)})
shops = st.lists(st.tuples(customers, days, amounts, extras), min_size=1, max_size=40).filter(
    lambda sales: any(sale[2] >= 0 for sale in sales)
)


@given(shops, st.sampled_from(BUCKETS), st.integers(0, 6))
def test_together_against_plain_loops(dataset_of: DatasetOf, sales: list[Sale], bucket: str, week_start: int) -> None:
    orders = [(who, when) for who, when, amount, _ in sales if amount >= 0]
    first = {who: min(when for buyer, when in orders if buyer == who) for who, _ in orders}
    numbered = dict(enumerate(period(pl.Series(range(19_700, 20_201), dtype=pl.Int32), bucket, week_start), 19_700))
    done: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    seen: dict[tuple[int, int], set[str]] = defaultdict(set)
    for who, when, amount, said in sales:
        if who not in first:
            continue
        begun = numbered[first[who]]
        cell = (begun, numbered[max(when, first[who])] - begun)
        done[cell][2] += round(amount * MONEY_SCALE)
        done[cell][3] += said["margin"] * MONEY_SCALE
        if amount >= 0:
            seen[cell].add(who)
            done[cell][1] += 1
    wanted = [(*cell, len(seen[cell]), *done[cell][1:]) for cell in sorted(done)]
    wanted = [row for row in wanted if any(row[2:])]
    assert Periods(timeline_of(dataset_of, sales), bucket, week_start).together.rows() == wanted


@given(shops, st.integers(20_000, 20_300), st.sampled_from(BUCKETS), st.sampled_from([None, 0.5]))
def test_a_part_that_is_all_has_the_triangle_of_all(
    dataset_of: DatasetOf, sales: list[Sale], as_of: int, bucket: str, margin: float | None
) -> None:
    """What is remembered of all customers is what a pass over them finds."""
    as_of = max(as_of, min(when for _, when, amount, _ in sales if amount >= 0))
    whole = dataset_of(sales).snapshot(Query(as_of=as_of, margin=margin))
    part = whole.where(pl.col("orders") > 0)
    assert part.selected
    one, other = cohorts(whole, bucket), cohorts(part, bucket)
    for name in ("rows", "cells", "summary"):
        assert_frame_equal(getattr(one, name), getattr(other, name))


@given(shops, st.sampled_from(BUCKETS), st.sampled_from([None, "channel"]))
def test_the_cohorts_of_a_channel_are_those_of_a_shop_with_its_customers_alone(
    dataset_of: DatasetOf, sales: list[Sale], bucket: str, by: str | None
) -> None:
    dataset = dataset_of(sales)
    web = dataset.snapshot(Query(as_of=20_200)).where(pl.col("channel") == "web")
    if web.customers.is_empty():
        return
    ids = set(web.described["id"])
    alone = dataset_of([sale for sale in sales if sale[0] in ids]).snapshot(Query(as_of=20_200))
    one, other = cohorts(web, bucket, by), cohorts(alone, bucket, by)
    for name in ("rows", "cells", "summary"):
        assert_frame_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("bucket", BUCKETS)
def test_what_is_prepared_is_what_is_asked(dataset_of: DatasetOf, bucket: str) -> None:
    prepared, other = dataset_of(REFUNDED), dataset_of(REFUNDED)
    for step in prepared.preparations(Query()):
        step()
    for as_of in (day("2024-02-10"), day("2024-02-29"), day("2024-03-03"), day("2024-12-31")):
        one, two = (dataset.ask(cohorts, Query(as_of=as_of), bucket) for dataset in (prepared, other))
        assert_frame_equal(one.cells, two.cells)
