"""Single orders asked by SQL are those in memory: the two stores give the same answers about any shop."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, assume, given, settings
from polars.testing import assert_frame_equal
from test_reduction import Made, in_both, locally, numbers, refused, shops

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.order_store import OrderStore
from ltvtui.errors import LtvError
from ltvtui.sources.duckdb.database import DuckdbDatabase
from ltvtui.sources.reduction.orders_there import OrdersThere
from ltvtui.sources.reduction.reduce import reduce_shop


def store_of(database: DuckdbDatabase, made: Made) -> OrdersThere:
    reduced = reduce_shop(database, made.mapping, made.policy)
    return OrdersThere(
        lambda: nullcontext(database), reduced.orders, reduced.attributes, reduced.customer_ids, reduced.days
    )


def counted(found: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(found.rows(), key=str)


def assert_answers(store: OrdersThere, cleaned: CleanOrders) -> None:
    here: OrderStore = cleaned.store
    whose = range(min(cleaned.customer_ids.len(), 4))
    for customer in whose:
        assert_frame_equal(store.of(customer), here.of(customer), check_dtypes=False, categorical_as_str=True)
    days = cleaned.orders["day"]
    middle, last = int(days.median()), int(days.max())  # type: ignore[arg-type]
    half = pl.Series([code % 2 == 0 for code in range(cleaned.customer_ids.len())])
    buyers = cleaned.orders.filter(pl.col("day") <= middle, pl.col("kind") == "order")["customer"].unique()
    for until in (middle, last):
        assert store.counts(until) == here.counts(until)
        assert store.excluded(buyers, until) == here.excluded(buyers, until)
        mine, theirs = store.moments(half, until), here.moments(half, until)
        assert np.array_equal(mine.counts, theirs.counts)
        assert mine.at_midnight == theirs.at_midnight
        newest = store.newest(middle, until, 1_000).drop("order_id")
        assert counted(newest) == counted(here.newest(middle, until, 1_000).drop("order_id"))
        for name in cleaned.attributes:
            assert counted(store.values(name, until)) == counted(here.values(name, until))
            for values in (["web"], ["web", None], ["größe", "it's"]):
                for others in (False, True):
                    mine_codes = store.buyers(name, values, until, others=others)
                    assert set(mine_codes) == set(here.buyers(name, values, until, others=others))
    assert store.sums() == here.sums()
    assert store.same_moments() == here.same_moments()
    assert store.same_amounts() == here.same_amounts()
    assert sorted(store.sample("amount", 1_000)) == sorted(here.sample("amount", 1_000))
    for name in cleaned.attributes:
        assert set(store.distinct(name)) == set(here.distinct(name))
    assert store.margin_mapped == here.margin_mapped


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(6), suppress_health_check=list(HealthCheck))
@given(shops())
def test_any_shop(tmp_path_factory: pytest.TempPathFactory, made: Made) -> None:
    folder = tmp_path_factory.getbasetemp() / f"orders{next(numbers)}"
    folder.mkdir()
    lite, duck = in_both(folder, made)
    assume(refused(duck, made) is None)
    try:
        cleaned, _ = locally(lite, made)
    except LtvError:
        assume(False)
    assume(not cleaned.orders.is_empty())
    with DuckdbDatabase(duck) as database:
        assert_answers(store_of(database, made), cleaned)
