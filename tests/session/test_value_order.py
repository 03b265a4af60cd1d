"""The order of a dimension's values, by which things have their colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ltvtui.session.dataset import Dataset
from ltvtui.session.value_order import value_order, value_orders

BookOf = Callable[..., Dataset]
SALES: list[tuple[Any, ...]] = [
    ("ann", "2024-01-10", 1_000, {"channel": "web"}),
    ("bob", "2024-01-31", 1, {"channel": "shop"}),
    ("cat", "2024-02-01", 1, {"channel": "shop"}),
    ("dan", "2024-03-05", 1, {"channel": "fair"}),
    ("eve", "2024-03-07", 1, {}),
]


def test_values_with_most_customers_come_first_and_equals_by_name(dataset_of: BookOf) -> None:
    """Neither revenue nor the order of the rows counts, and who has no channel has no place."""
    assert value_order(dataset_of(SALES), "channel") == ("shop", "fair", "web")
    assert value_order(dataset_of(SALES[::-1]), "channel") == ("shop", "fair", "web")


def test_tiers_and_stages_have_their_own_order_and_periods_have_none(dataset_of: BookOf) -> None:
    tiers, months, stages = value_orders(dataset_of(SALES), ("tier", "first month", "stage"))
    assert tiers == ("VIP", "middle", "economy")
    assert months == ()
    assert stages[0] == "new"
