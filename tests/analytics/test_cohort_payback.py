"""When cohorts have paid their CAC back, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.budget.spend import Spend
from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.cohorts.payback import payback_offsets
from ltvtui.analytics.schema import MONEY_SCALE, SPEND
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

BookOf = Callable[..., Dataset]
SALES: list[tuple[Any, ...]] = [
    ("ann", "2024-01-10", 30, {}),
    ("bob", "2024-01-31", 40, {}),
    ("bob", "2024-02-01", 50, {}),
    ("ann", "2024-03-05", 30, {}),
    ("cat", "2024-03-07", 60, {}),
]
"""ann and bob brought 35, 60 and 75 each in the months from January on; March goes on."""


def day(iso: str) -> int:
    return (date.fromisoformat(iso) - date(1970, 1, 1)).days


def spend(*rows: tuple[str, float]) -> Spend:
    booked = [(day(iso), "ads", round(amount * MONEY_SCALE)) for iso, amount in rows]
    return Spend(pl.DataFrame(booked, SPEND, orient="row"))


def offsets(dataset_of: BookOf, spent: Spend, bucket: str = "month", by: str | None = None) -> list[int | None]:
    dataset, query = dataset_of(SALES), Query()
    return payback_offsets(dataset.ask(cohorts, query, bucket, by), spent, dataset.as_of(query))


@pytest.mark.parametrize(
    ("spent", "paid"),
    [(70, 0), (70.02, 1), (120, 1), (150, 2), (150.02, None), (0, None)],
)
def test_two_customers_pay_back_what_their_month_cost(dataset_of: BookOf, spent: float, paid: int | None) -> None:
    """A CAC of 35 is paid by the first orders, one of 75 in March, which is known though it goes on."""
    assert offsets(dataset_of, spend(("2024-01-01", spent), ("2024-02-01", 5))) == [paid, None]


def test_a_month_that_goes_on_has_no_cac(dataset_of: BookOf) -> None:
    """Of March all is booked, while its customers are still coming."""
    assert offsets(dataset_of, spend(("2024-01-01", 70), ("2024-02-01", 5), ("2024-03-01", 1)))[1] is None


def test_a_month_of_which_spend_is_known_in_part_has_no_cac(dataset_of: BookOf) -> None:
    days = [(f"2024-01-{n:02}", 1.0) for n in range(2, 32)]
    assert offsets(dataset_of, spend(*days)) == [None, None]
    assert offsets(dataset_of, spend(("2024-01-01", 1.0), *days)) == [0, None]


def test_spend_by_months_tells_nothing_of_weeks(dataset_of: BookOf) -> None:
    assert set(offsets(dataset_of, spend(("2024-01-01", 70), ("2024-02-01", 5)), "week")) == {None}


def test_cohorts_by_an_attribute_have_no_period(dataset_of: BookOf) -> None:
    assert set(offsets(dataset_of, spend(("2024-01-01", 70)), by="tier")) == {None}
