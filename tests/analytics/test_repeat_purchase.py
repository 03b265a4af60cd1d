"""Who orders again and how soon, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import polars as pl
import pytest

from ltvtui.analytics.drivers.first_repeat import first_waits, repeat_shares
from ltvtui.analytics.repeat_purchase import repeat_purchases
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *(("ann", 0, 5), ("ann", 10, 5), ("ann", 50, 5)),
    *(("bob", 0, 5), ("bob", 0, 5), ("bob", 40, 5), ("bob", 45, -2)),
    *(("cat", 0, 5), ("dan", 60, 5), ("eve", 95, 5)),
]
"""As of day 100: ann again after 10 days and after 40 more, bob after 40 (two orders of one day are one, money back
is none), cat not within 100 days, dan not within 40, eve not within 5."""


def found(dataset: Dataset, query: Query) -> list[dict[str, float | None]]:
    return repeat_purchases(dataset.snapshot(query)).rows(named=True)


def test_shares_by_hand(dataset_of: DatasetOf) -> None:
    second, third = found(dataset_of(SALES), Query(as_of=100, entry="all"))
    # At risk on day 10: all but eve, 4: S = 3/4. On day 40: bob, cat and dan, 3: S = 3/4 x 2/3 = 1/2.
    assert (second["after"], second["customers"], second["median_days"]) == (1, 5, 25)
    assert second["within_30"] == pytest.approx(0.25)
    assert second["within_60"] == second["within_90"] == pytest.approx(0.5)
    assert second["within_180"] is None  # nobody was watched for so long
    # ann after 40 days; bob, since day 40, not within 60: at risk are both.
    assert (third["after"], third["customers"], third["median_days"]) == (2, 2, 40)
    assert (third["within_30"], third["within_60"]) == (0, pytest.approx(0.5))
    assert third["within_90"] == pytest.approx(0.5)  # ann's 90 days were over on day 100


def test_only_what_was_known_that_day_counts(dataset_of: DatasetOf) -> None:
    second, third = found(dataset_of(SALES), Query(as_of=30, entry="all"))
    assert (second["customers"], second["within_30"]) == (3, pytest.approx(1 / 3))
    assert (third["customers"], third["median_days"], third["within_30"]) == (1, None, None)


def test_of_a_part_its_own_customers_count(dataset_of: DatasetOf) -> None:
    part = Query(as_of=100, entry="all") & Filter("orders band", "1")
    (second, third) = found(dataset_of(SALES), part)
    assert (second["customers"], second["within_30"], third["customers"]) == (3, 0, 0)
    assert third["within_30"] is None


def test_the_first_repeat_is_that_of_drivers(dataset_of: DatasetOf) -> None:
    """The same definition (metrics.md §12) in other code, on customers who order by chance."""
    chance = Random(5)
    firsts = [(f"c{n}", chance.randrange(400)) for n in range(200)]
    sales = [(who, first + gap, 1) for who, first in firsts for gap in _gaps(chance)]
    snapshot = dataset_of(sales).snapshot(Query(as_of=400, entry="all"))
    waits = first_waits(snapshot).with_columns(pl.lit("all").alias("whole"))
    shares = repeat_shares(waits, "whole")
    row = repeat_purchases(snapshot).row(0, named=True)
    assert row["within_90"] == pytest.approx(shares["figure"][0])
    assert row["customers"] == shares["customers"][0]


def _gaps(chance: Random) -> list[int]:
    return [0, *(chance.randrange(1, 200) for _ in range(chance.randrange(3)))]
