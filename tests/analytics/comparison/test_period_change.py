"""Revenue of two periods: a shop worked by hand, and laws of its parts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ltvtui.analytics.comparison.periods import CalendarPeriod, PeriodChange, period_change
from ltvtui.days import parse_day
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]

JANUARY, FEBRUARY, MARCH = (2024 * 12 + month for month in range(3))

SALES = (
    *(("ann", "2024-01-05", 10), ("ann", "2024-01-20", 30), ("ann", "2024-02-03", 50)),
    *(("bob", "2024-01-31", 20),),
    *(("cat", "2023-12-01", 5), ("cat", "2024-02-01", 40), ("cat", "2024-02-29", 40)),
    *(("dan", "2024-02-10", 70), ("dan", "2024-02-11", -20)),
    *(("eve", "2024-02-28", 20, {"channel": "web"}),),
    *(("fay", "2024-03-02", 99),),
)
"""January: ann (new, 40 in two orders) and bob (new, 20): 60. February: ann (50), cat (80 in two), dan (new, 70 less
a refund of 20) and eve (new, 20): 200 in five orders."""


def month(number: int) -> CalendarPeriod:
    return CalendarPeriod("month", number, "", 0, 0)


def change(dataset: Dataset, before: int, after: int, query: Query) -> PeriodChange:
    return dataset.ask(period_change, query, month(before), month(after))


def test_january_and_february_by_hand(dataset_of: DatasetOf) -> None:
    found = change(dataset_of(SALES), JANUARY, FEBRUARY, Query())
    before, after = found.before, found.after
    assert (before.active, before.new, before.returning, before.orders, before.revenue) == (2, 2, 0, 3, 60)
    assert (after.active, after.new, after.returning, after.orders, after.revenue) == (4, 2, 2, 5, 200)
    assert (before.orders_per_customer, before.average_check) == (1.5, 20)
    assert (found.revenue, found.share) == (140, pytest.approx(140 / 60))
    # L = 140 ÷ ln(200 ÷ 60); two returning customers more, two new ones as before.
    mean = 140 / math.log(200 / 60)
    assert found.parts == {
        "new": 0,
        "returning": pytest.approx(mean * math.log(4 / 2)),
        "orders_per_customer": pytest.approx(mean * math.log(1.25 / 1.5)),
        "average_check": pytest.approx(mean * math.log(40 / 20)),
    }


def test_new_customers_for_as_many_returning_ones(dataset_of: DatasetOf) -> None:
    """Nobody more is active: what new customers add returning ones take away, at the revenue of a customer."""
    sales = [("a", "2023-12-01", 1), ("b", "2023-12-01", 1), ("a", "2024-01-01", 10), ("b", "2024-01-01", 10)]
    found = change(dataset_of([*sales, ("a", "2024-02-01", 10), ("c", "2024-02-01", 10)]), JANUARY, FEBRUARY, Query())
    assert found.parts == {"new": 10, "returning": -10, "orders_per_customer": 0, "average_check": 0}


def test_a_part_of_the_shop_and_of_a_period(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    web = change(dataset, JANUARY, FEBRUARY, Query() & Filter("channel", "web"))
    assert (web.before.active, web.after.active, web.after.revenue) == (0, 1, 20)
    assert (web.parts, web.missing) == (None, ("active", "orders_per_customer", "average_check"))
    until_tenth = change(dataset, JANUARY, FEBRUARY, Query(as_of=parse_day("2024-02-10")))
    assert (until_tenth.after.active, until_tenth.after.revenue) == (3, 160)


def test_the_later_period_may_stand_first(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(SALES)
    there, back = change(dataset, FEBRUARY, MARCH, Query()), change(dataset, MARCH, FEBRUARY, Query())
    assert there.parts is not None
    assert back.parts == {name: pytest.approx(-part) for name, part in there.parts.items()}
    assert back.before == there.after


@settings(deadline=None, max_examples=examples(50), suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(19_700, 19_800), st.integers(-50, 300)), min_size=1
    ).filter(lambda rows: any(amount >= 0 for *_, amount in rows))
)
def test_parts_add_up(dataset_of: DatasetOf, rows: list[Any]) -> None:
    """19 723 is 2024-01-01. A refund names no order, and counts on its day (metrics.md §1), whenever its customer
    began."""
    found = change(dataset_of(rows), JANUARY, FEBRUARY, Query())
    bought = {who: min(day for w, day, amount in rows if w == who and amount >= 0) for who, _, a in rows if a >= 0}
    for part, first, last in ((found.before, 19_723, 19_753), (found.after, 19_754, 19_782)):
        inside = [row for row in rows if row[0] in bought and first <= row[1] <= last]
        assert part.revenue == sum(amount for *_, amount in inside)
        assert part.orders == sum(amount >= 0 for *_, amount in inside)
        assert part.active == len({w for w, _, amount in inside if amount >= 0})
        assert part.new == sum(first <= day <= last for day in bought.values())
    if found.parts is None:
        assert found.missing
    else:
        size = max(1.0, *(abs(part) for part in found.parts.values()))
        assert math.fsum(found.parts.values()) == pytest.approx(found.revenue, abs=1e-12 * size)
