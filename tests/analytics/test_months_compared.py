"""The newest complete month beside others, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ltvtui.analytics.months_compared import months_compared
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    *(("ann", "2023-03-01", 10), ("bob", "2023-03-31", 30)),
    *(("ann", "2024-02-01", 8), ("cat", "2024-02-29", 4)),
    *(("ann", "2024-03-05", 20), ("ann", "2024-03-06", 5), ("dan", "2024-03-31", 7), ("bob", "2024-03-31", -6)),
    ("eve", "2024-04-15", 99),
    ("fay", "2024-03-10", -50),
]
"""fay only got money back: no customer."""


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def months(dataset: Dataset, as_of: str, *steps: Filter) -> list[tuple[object, ...]]:
    rows = months_compared(dataset.snapshot(Query(as_of=day(as_of), entry="all", trail=steps)))
    return [(back, str(month)[:7], *rest) for back, month, *rest in rows.rows()]


def test_figures_by_hand(dataset_of: DatasetOf) -> None:
    """March 2024: two customers ordered, dan his first; 20 + 5 + 7 less 6 that bob got back, three orders."""
    assert months(dataset_of(SALES), "2024-04-20") == [
        (0, "2024-03", 2, 1, 3, 26.0, 26 / 3),
        (1, "2024-02", 2, 1, 2, 12.0, 6.0),
        (12, "2023-03", 2, 2, 2, 40.0, 20.0),
    ]


def test_a_month_is_complete_on_its_last_day(dataset_of: DatasetOf) -> None:
    shop = dataset_of(SALES)
    assert [row[:2] for row in months(shop, "2024-03-30")] == [(0, "2024-02"), (1, "2024-01")]
    assert [row[:2] for row in months(shop, "2024-03-31")] == [(0, "2024-03"), (1, "2024-02"), (12, "2023-03")]


def test_quiet_months_are_zero_and_have_no_check(dataset_of: DatasetOf) -> None:
    assert months(dataset_of(SALES), "2024-03-30")[1] == (1, "2024-01", 0, 0, 0, 0.0, None)


def test_no_month_before_the_shop_began_is_shown(dataset_of: DatasetOf) -> None:
    """The first month began before the first order on its fifth day, so that it is no whole one."""
    shop = dataset_of([("ann", "2024-01-05", 10), ("ann", "2024-02-05", 10)])
    assert months(shop, "2024-02-10") == []
    assert [row[:2] for row in months(shop, "2024-03-10")] == [(0, "2024-02")]


def test_of_a_part_its_own_customers_count(dataset_of: DatasetOf) -> None:
    shop = dataset_of([(who, *rest, {"channel": "web" if who == "ann" else "shop"}) for who, *rest in SALES])
    assert months(shop, "2024-04-20", Filter("channel", "web"))[0] == (0, "2024-03", 1, 0, 2, 25.0, 12.5)


def test_first_orders_of_an_early_month_are_not_called_new(dataset_of: DatasetOf) -> None:
    """The analyst has the history begin in March 2024: whoever ordered before may be an old customer."""
    query = Query(as_of=day("2024-04-20"), entry=day("2024-03-01"))
    assert months_compared(dataset_of(SALES).snapshot(query))["new"].to_list() == [1, None, None]
