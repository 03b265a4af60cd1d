"""Whether customers order at other times than the others."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.portrait.order_times import OrderTimes
from ltvtui.analytics.portrait.time_difference import time_differences
from ltvtui.present.portrait.times import time_words


def times(own: list[int], base: list[int]) -> OrderTimes:
    """So many orders by weekday, of the customers and of all; all in one month."""
    days = pl.DataFrame({"weekday": range(len(own)), "orders": own, "base_orders": base})
    months = pl.DataFrame({"month": [1], "orders": [sum(own)], "base_orders": [sum(base)]})
    return OrderTimes(days, months, None)


def test_orders_on_other_days_are_told_from_chance() -> None:
    """10 and 20 of 30 against 20 and 10 of 30: 60 · (100 − 400)² ÷ 30⁴ = 6.667 with one degree, p 0.0098."""
    found = time_differences(times([10, 20], [30, 30]))
    assert found == {"weekdays": pytest.approx(0.009823, abs=1e-6), "months": None}
    assert time_words(found)[0] == "differ beyond chance: weekdays (p 0.0098)"


def test_orders_spread_alike_are_not() -> None:
    found = time_differences(times([10, 20], [20, 40]))
    assert found["weekdays"] == pytest.approx(1)
    assert time_words(found)[0] == "not beyond chance: weekdays (p 1.0000)"


def test_who_are_all_there_are_differ_from_nobody() -> None:
    found = time_differences(times([10, 20], [10, 20]))
    assert found == {"weekdays": None, "months": None}
    assert time_words(found) == ()
