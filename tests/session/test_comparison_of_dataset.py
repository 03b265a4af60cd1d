"""Comparisons, periods, drivers and portraits asked of a dataset: answers are of their own terms alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from ltvtui.analytics.segments import profile
from ltvtui.errors import LtvError
from ltvtui.query.periods import parse_period, parse_periods
from ltvtui.query.query import Filter, Query
from ltvtui.session.comparison import (
    IN_EVERY_SHOP,
    common_index_of,
    comparison_of,
    drivers_of,
    index_between,
    period_change_of,
    portrait_of,
    sides_between,
)
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

SALES = [
    (
        f"c{n % 90:02}",
        19_700 + (n * n * 7 + 13 * n) % 700,
        (n * 37 % 190) / 3,
        {"channel": ("web", "shop")[n % 90 % 2], "country": ("DK", "SE", "DE")[n % 90 % 3]},
    )
    for n in range(600)
]
WEB, SHOP = ((Filter("channel", name),) for name in ("web", "shop"))
CHANGES = {
    "as_of": 20_300,
    "horizon": 6,
    "churn_gap": 60,
    "margin": 0.4,
    "discount": 0.2,
    "entry": 20_000,
    "trail": (Filter("country", "DK"),),
}


def asked(dataset: Dataset, query: Query) -> list[Any]:
    """Frames and figures of all questions."""
    found = comparison_of(dataset, query, WEB, SHOP)
    seen = drivers_of(dataset, query), drivers_of(dataset, query, "repeat"), drivers_of(dataset, query, "repeat", 30)
    shown = portrait_of(dataset, query & WEB[0])
    change = period_change_of(dataset, query, *parse_periods("2024-11,2025-02"))
    return [
        *(found.rows, found.curves, found.differences, found.parts, found.mann_whitney, found.log_rank),
        *(each.rows for each in seen),
        index_between(dataset, query, WEB, SHOP),
        *(shown.row, shown.base, shown.index, shown.times.weekdays, shown.times.months, shown.typical, shown.medians),
        change,
    ]


def assert_same(one: list[Any], other: list[Any]) -> None:
    for a, b in zip(one, other, strict=True):
        if hasattr(a, "columns"):
            assert_frame_equal(a, b)
        else:
            assert a == b


@pytest.mark.parametrize("changed", sorted(CHANGES))
def test_answers_depend_on_no_terms_but_their_own(dataset_of: DatasetOf, changed: str) -> None:
    """Asked after the same under another term, and of a dataset without a past."""
    dataset, query = dataset_of(SALES), replace(Query(), **{changed: CHANGES[changed]})
    asked(dataset, Query())
    assert_same(asked(dataset, query), asked(dataset_of(SALES), query))


def test_the_same_is_asked_once(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    for again in (
        lambda: comparison_of(dataset, Query(), WEB),
        lambda: index_between(dataset, Query(), WEB),
        lambda: drivers_of(dataset, Query()),
        lambda: portrait_of(dataset, Query(discount=0.1) & WEB[0]),
        lambda: period_change_of(dataset, Query(), *parse_periods("2024-11,2025-02")),
    ):
        assert again() is again()


def test_without_b_the_others_are_compared(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    alone, both = (comparison_of(dataset, Query(), WEB, b) for b in (None, SHOP))
    assert_frame_equal(alone.rows, both.rows)
    of_country = comparison_of(dataset, Query() & Filter("country", "DK"), WEB)
    expected = dataset.ask(profile, Query() & Filter("country", "DK"), ("channel",))
    assert of_country.rows["customers"].sort().to_list() == expected["customers"].sort().to_list()
    assert set(index_between(dataset, Query(), WEB)["dimension"]) == {"country"}


def test_dimensions_of_every_shop_tell_customers_apart(dataset_of: DatasetOf) -> None:
    """600 orders of 90 customers: each has six or seven."""
    dataset = dataset_of([(who, day, amount, {}) for who, day, amount, _ in SALES])
    query = Query() & Filter("tier", "VIP")
    found = common_index_of(dataset, query)
    assert set(found["dimension"]) == {*IN_EVERY_SHOP} - {"tier"}
    orders = found.filter(dimension="orders band")
    assert orders.select("value", "share_a", "share_b").row(0) == ("5–9", 1.0, 1.0)
    between = index_between(dataset, Query(), query.trail, None, IN_EVERY_SHOP)
    assert set(between["dimension"]) == set(found["dimension"])
    assert common_index_of(dataset, query) is found


def test_sides_without_customers_are_refused(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    with pytest.raises(LtvError, match="There are no other customers"):
        sides_between(dataset, Query(), ())
    with pytest.raises(LtvError, match="All customers of A are in B too"):
        sides_between(dataset, Query(), WEB, ())
    with pytest.raises(LtvError, match="B has no customers: channel: web ▸ country: DK"):
        sides_between(dataset, Query() & Filter("country", "SE"), SHOP, (*WEB, Filter("country", "DK")))


@pytest.mark.parametrize(
    ("text", "name", "days"),
    [
        ("2024-02", "2024-02", 29),
        ("2024Q1", "2024 Q1", 91),
        (" 2024-q4", "2024 Q4", 92),
        ("2024 Q2", "2024 Q2", 91),
        ("2024", "2024", 366),
    ],
)
def test_periods_as_they_are_written(text: str, name: str, days: int) -> None:
    period = parse_period(text)
    assert (period.name, period.last_day - period.first_day + 1) == (name, days)


@pytest.mark.parametrize("text", ["2024-00", "2024-1", "24-01", "2024Q5", "Q1", "2024-01-01", "", "٢٠٢٤", "1899"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(LtvError, match="is not a month, quarter or year"):
        parse_period(text)
