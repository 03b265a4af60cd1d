"""Portraits: when customers order and who is typical, worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltvtui.analytics.portrait.order_times import order_times
from ltvtui.analytics.portrait.portrait import portrait
from ltvtui.analytics.portrait.typical import medians, typical
from ltvtui.days import parse_day
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

NINE, TEN = 9 * 3600, 10 * 3600 + 59 * 60
SALES = [
    ("ann", "2024-01-01", 10, {"channel": "web", "second": NINE}),  # a Monday
    ("ann", "2024-01-08", 10, {"channel": "web", "second": TEN}),
    ("bob", "2024-01-02", 30, {"channel": "web", "second": NINE}),
    ("cat", "2024-02-06", 50, {"channel": "shop", "second": NINE}),
    ("cat", "2024-02-13", -5, {"channel": "shop", "second": NINE}),
]


def test_weekday_hour_and_month_of_orders(dataset_of: DatasetOf) -> None:
    """Web: Monday at nine and at ten, Tuesday at nine, all in January; shop: Tuesday at nine in February, and a
    refund, which is no order."""
    dataset = dataset_of(SALES)
    times = order_times(dataset.snapshot(Query() & Filter("channel", "web")), dataset.snapshot(Query()))
    assert times.weekdays.filter(times.weekdays["base_orders"] > 0).rows() == [
        (0, 2, 2, pytest.approx(2 / 3), 0.5, pytest.approx(400 / 3)),
        (1, 1, 2, pytest.approx(1 / 3), 0.5, pytest.approx(200 / 3)),
    ]
    assert times.months["orders"].to_list() == [3, *[0] * 11]
    assert times.months["index"].to_list() == [pytest.approx(400 / 3), 0, *[None] * 10]
    assert times.hours is not None
    assert times.hours.filter(times.hours["orders"] > 0).select(
        "weekday", "hour", "orders", "base_orders"
    ).rows() == [
        (0, 9, 1, 1),
        (0, 10, 1, 1),
        (1, 9, 1, 2),
    ]


def test_days_after_the_as_of_day_are_not_known(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    until_second = Query(as_of=parse_day("2024-01-02"))
    times = order_times(dataset.snapshot(until_second), dataset.snapshot(until_second))
    assert times.months["orders"].sum() == 2


@pytest.mark.parametrize("second", [0, 12 * 3600])
def test_days_alone_have_no_hours(dataset_of: DatasetOf, second: int) -> None:
    """Midnight, or one hour for all, is how an export writes a day."""
    dataset = dataset_of([(who, day, amount, {**more, "second": second}) for who, day, amount, more in SALES])
    whole = dataset.snapshot(Query())
    assert order_times(whole, whole).hours is None


def test_a_few_times_among_days_are_none(dataset_of: DatasetOf) -> None:
    days = [("dan", f"2024-03-{day:02}", 5, {"second": 0}) for day in range(1, 9)]
    whole = dataset_of([*SALES, *days]).snapshot(Query())
    assert order_times(whole, whole).hours is None


def test_the_most_typical_are_nearest_to_the_medians(dataset_of: DatasetOf) -> None:
    """Five customers of one order on day 0, of 10, 20, 30, 40 and 100: the check alone tells them apart."""
    whole = dataset_of([(f"c{amount}", 0, amount) for amount in (100, 10, 40, 20, 30)]).snapshot(Query(as_of=60))
    assert medians(whole) == {"orders": 1.0, "average_check": 30.0, "lifetime": 0.0, "silent": 60.0}
    # 20 and 40 are as near; of the two the id that stands first in the order of ids.
    assert typical(whole)["id"].to_list() == ["c30", "c20", "c40"]
    assert typical(whole, 1).row(0, named=True) == {
        "customer": 3,
        "id": "c30",
        "orders": 1,
        "average_check": 30.0,
        "lifetime": 0,
        "silent": 60,
        "revenue": 30.0,
    }


def test_a_portrait_beside_all_customers(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    whole = dataset.snapshot(Query())
    found = portrait(dataset.snapshot(Query() & Filter("channel", "web")), whole)
    assert (found.row["customers"][0], found.base["customers"][0]) == (2, 3)
    rows = {row["value"]: row for row in found.index.iter_rows(named=True)}
    assert (rows["web"]["share_a"], rows["web"]["share_b"], rows["web"]["index"]) == (
        1.0,
        pytest.approx(2 / 3),
        pytest.approx(150),
    )
    # z of 2 of 2 against 0 of 1, pooled 2/3: 1 ÷ √(2/9 · (1/2 + 1)) = √3
    assert rows["web"]["z"] == pytest.approx(3**0.5)
    assert rows["web"]["few"]
    everybody = portrait(whole, whole, ("channel",))
    assert everybody.index.is_empty()
    assert set(portrait(whole, whole).index["index"]) == {100.0}
    assert set(portrait(whole, whole).index["z"]) == {None}
