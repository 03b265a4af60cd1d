"""Running totals give what hash tables and joins give, whatever the day and the churn gap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import slow_path
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.kernel import chunks, customer_order_index
from ltvtui.analytics.kernel.customer_order_index import break_ties, index_orders
from ltvtui.analytics.schema import KIND
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
shorts = st.sampled_from([1, 2, 7, chunks.SHORT])
"""Rows of a chunk: whether there are many or one makes no difference."""
Sale = tuple[Any, ...]

customers = st.sampled_from(["a", "b", "c", "d", "10", "9"])
days = st.one_of(st.integers(0, 70), st.integers(0, 500))
amounts = st.one_of(st.integers(0, 50), st.integers(-30, 0))
margins = st.one_of(st.none(), st.integers(-5, 20))


def sales_of(extra: dict[str, Any]) -> st.SearchStrategy[list[Sale]]:
    one = st.builds(lambda c, d, a, more: (c, d, a, more), customers, days, amounts, st.fixed_dictionaries(extra))
    return st.lists(one, min_size=1, max_size=50).filter(lambda sales: any(sale[2] >= 0 for sale in sales))


plain = sales_of({})
with_margin = sales_of({"margin": margins})
lenses = st.builds(
    Query,
    as_of=st.integers(0, 600),  # days on which some of it has not happened yet
    horizon=st.integers(1, 20),
    churn_gap=st.one_of(st.none(), st.integers(1, 40), st.integers(1, 300)),
    margin=st.sampled_from([None, None, 0.5]),
    discount=st.sampled_from([0.0, 0.0, 0.2]),
    entry=st.sampled_from(["auto", "auto", "all", "proven", 60, 300]),
)


@settings(deadline=None, max_examples=examples(90), suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(plain, with_margin), lenses, st.integers(1, 12), shorts)
def test_any_day_any_churn_gap(
    dataset_of: DatasetOf, sales: list[Sale], query: Query, other: int, short: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SHORT", short)
        answers_as_by_the_slow_path(dataset_of(sales), query, other)


def answers_as_by_the_slow_path(dataset: Dataset, query: Query, other: int) -> None:
    assert_frame_equal(dataset.activity_index.activity, slow_path.activity(dataset.cleaned.orders))
    try:
        snapshot = dataset.snapshot(query)
    except LtvError:
        assert query.as_of is not None
        assert query.as_of < dataset.first_day
        return
    dataset.activity_index.ages(other)  # another horizon that was asked for before changes nothing
    slow_path.assert_same(snapshot)


ids = st.one_of(
    st.lists(st.integers(-5, 40), min_size=1, max_size=40),
    st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=40),
    st.lists(st.sampled_from(["x", "Y", "10", "9", "ä"]), min_size=1, max_size=40),
)


@settings(deadline=None, max_examples=examples(100))
@given(ids, st.data(), shorts)
def test_lined_up_by_customer_and_time(ids: list[Any], data: st.DataObject, short: int) -> None:
    several = st.lists(st.integers(0, 3), min_size=len(ids), max_size=len(ids))
    orders = pl.DataFrame(
        {
            "customer_id": ids,
            "day": pl.Series(data.draw(several), dtype=pl.Int32),
            "second": pl.Series(data.draw(several), dtype=pl.Int32),
            "kind": pl.Series([["order", "refund"][n % 2] for n in data.draw(several)], dtype=KIND),
            "amount": pl.Series(data.draw(several), dtype=pl.Int64),
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SHORT", short)
        line = index_orders(orders, ("amount",))
    keys = ("customer_id", "day", "second", "kind", "amount")
    assert_frame_equal(orders[line.rows].select(keys), orders.sort(keys).select(keys))
    known = sorted(set(ids))
    assert line.ids.to_list() == [str(i) for i in known]
    assert line.customer.to_list() == [known.index(i) for i in ids]


@settings(deadline=None, max_examples=examples(100))
@given(ids, st.data(), shorts)
def test_what_is_known_later_tells_ties_apart(ids: list[Any], data: st.DataObject, short: int) -> None:
    """Lined up before order ids are read, then once more: as if they had been known from the start."""
    several = st.lists(st.integers(0, 2), min_size=len(ids), max_size=len(ids))
    later = st.lists(st.none() | st.integers(0, 2), min_size=len(ids), max_size=len(ids))
    first = pl.DataFrame(
        {
            "customer_id": ids,
            "day": pl.Series(data.draw(several), dtype=pl.Int32),
            "second": pl.Series(data.draw(several), dtype=pl.Int32),
            "kind": pl.Series([["order", "refund"][n % 2] for n in data.draw(several)], dtype=KIND),
            "amount": pl.Series(data.draw(several), dtype=pl.Int64),
        }
    )
    whole = first.with_columns(pl.Series("order_id", data.draw(later), dtype=pl.Int64))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SHORT", short)
        line = index_orders(first, ("amount",))
    rows = break_ties(whole, line.rows, line.ties, ("order_id", "amount"))
    keys = ("customer_id", "day", "second", "kind", "order_id", "amount")
    assert_frame_equal(whole[rows].select(keys), whole.sort(keys, nulls_last=True).select(keys))
    assert line.rows.gather(line.ties["place"]).n_unique() == line.ties.height
    alone = whole.group_by("customer_id", "day", "second", "kind").len().filter(pl.col("len") > 1)
    assert line.ties.height == alone["len"].sum()
    assert line.ties["begins"].sum() == alone.height


@pytest.mark.parametrize("short", [2, chunks.SHORT])
@pytest.mark.parametrize("room", [2**63, 1])
def test_where_one_number_has_no_room(monkeypatch: pytest.MonkeyPatch, room: int, short: int) -> None:
    """Customer, day and row of very many orders do not fit into 64 bits: then they are sorted apart."""
    monkeypatch.setattr(customer_order_index, "_ROOM", room)
    monkeypatch.setattr(chunks, "SHORT", short)
    orders = pl.DataFrame(
        {
            "customer_id": ["b", "a", "b", "a", "b"],
            "day": pl.Series([3, 9, 1, 2, 1], dtype=pl.Int32),
            "second": pl.Series([0, 0, 7, 0, 5], dtype=pl.Int32),
            "kind": pl.Series(["order"] * 5, dtype=KIND),
        }
    )
    line = index_orders(orders, ())
    assert line.rows.to_list() == [3, 1, 4, 2, 0]
    assert line.ids.to_list() == ["a", "b"]
    assert line.customer.to_list() == [1, 0, 1, 0, 1]
    assert line.visits.numbers((0, 5)).n_unique() == 4
    assert [(s.chunk, s.first) for s in line.sections] == (
        [((0, 2), 0), ((2, 3), 1)] if short == 2 else [((0, 5), 0)]
    )


def test_a_year_of_days_without_any_order() -> None:
    empty = pl.DataFrame(schema={"customer_id": pl.String, "day": pl.Int32, "second": pl.Int32, "kind": KIND})
    line = index_orders(empty, ())
    assert (line.ids.len(), line.rows.len(), line.customer.len()) == (0, 0, 0)


@pytest.mark.parametrize("gap", [1, 18, 19, 30, 200])
def test_back_within_the_month_in_which_they_were_given_up(dataset_of: DatasetOf, gap: int) -> None:
    """anna buys on day 0 and 50, is looked at on day 49, when one month of hers is over (1.64): held for lapsed in it
    where that month was over a gap ago, on day 31, so that the gap is 18 or shorter."""
    dataset = dataset_of([("anna", 0, 10), ("anna", 50, 90), ("bert", 1, 5), ("bert", 49, 5)])
    snapshot = dataset.snapshot(Query(as_of=49, churn_gap=gap))
    slow_path.assert_same(snapshot)
    anna = pl.col("customer") == 0
    assert snapshot.customers.filter(anna)["lapsed"].to_list() == [True if gap <= 18 else None]
    assert slow_path.long(snapshot).filter(anna)["revenue"].to_list() == [100_000]
