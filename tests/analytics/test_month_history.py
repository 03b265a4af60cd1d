"""Revenue by calendar month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ltvtui.analytics.history import by_month
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    ("anna", "2023-12-31", 10, {"channel": "web"}),
    ("anna", "2024-01-01", 20, {"channel": "web"}),
    ("bert", "2024-01-31", 5, {"channel": "shop"}),
    ("anna", "2024-03-15", -4, {"channel": "web"}),
    ("bert", "2024-04-02", 0, {"channel": "shop"}),
    ("cleo", "2024-04-02", -50, {"channel": "shop"}),
]


def months(dataset: Dataset, as_of: str | None, *steps: Filter) -> list[tuple[Any, ...]]:
    query = Query(as_of=None if as_of is None else (date.fromisoformat(as_of) - date(1970, 1, 1)).days, trail=steps)
    rows = dataset.ask(by_month, query).rows()
    return [(month.isoformat(), orders, revenue / MONEY_SCALE, partial) for month, orders, revenue, partial in rows]


def test_quiet_months_are_zero_and_the_last_is_partial(dataset_of: DatasetOf) -> None:
    """February saw nothing, March a refund, April an order worth nothing. cleo never ordered: no customer."""
    assert months(dataset_of(SALES), None) == [
        ("2023-12-01", 1, 10, False),
        ("2024-01-01", 2, 25, False),
        ("2024-02-01", 0, 0, False),
        ("2024-03-01", 0, -4, False),
        ("2024-04-01", 1, 0, True),
    ]


@pytest.mark.parametrize(
    ("as_of", "last", "partial"),
    [
        ("2024-02-28", "2024-02-01", True),
        ("2024-02-29", "2024-02-01", False),
        ("2024-04-29", "2024-04-01", True),
        ("2024-04-30", "2024-04-01", False),
        ("2024-05-01", "2024-05-01", True),
        ("2024-12-31", "2024-12-01", False),
        ("2023-12-31", "2023-12-01", False),
    ],
)
def test_the_month_of_the_as_of_day(dataset_of: DatasetOf, as_of: str, last: str, partial: bool) -> None:
    found = months(dataset_of(SALES), as_of)
    assert (found[-1][0], found[-1][3]) == (last, partial)
    assert not any(row[3] for row in found[:-1])
    assert len(found) == int(last[5:7]) + 1 if last.startswith("2024") else len(found) == 1


def test_a_part_of_the_shop_has_its_own_months(dataset_of: DatasetOf) -> None:
    """bert came in January; his months begin there and go on to the as-of day all the same."""
    assert months(dataset_of(SALES), "2024-05-31", Filter("channel", "shop")) == [
        ("2024-01-01", 1, 5, False),
        ("2024-02-01", 0, 0, False),
        ("2024-03-01", 0, 0, False),
        ("2024-04-01", 1, 0, False),
        ("2024-05-01", 0, 0, False),
    ]


def test_nobody_has_no_months(dataset_of: DatasetOf) -> None:
    found = dataset_of(SALES).ask(by_month, Query() & Filter("channel", "phone"))
    assert found.height == 0
    assert found.columns == ["month", "orders", "revenue", "partial"]
