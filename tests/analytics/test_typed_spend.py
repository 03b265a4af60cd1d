"""Spend that is typed in: shared among months, and before what a table says."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.schema import SPEND


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def booked(*rows: tuple[str, str | None, int]) -> pl.DataFrame:
    return pl.DataFrame([(day(d), channel, amount) for d, channel, amount in rows], schema=SPEND, orient="row")


JANUARY, MARCH = day("2024-01-01"), day("2024-03-01")


def test_an_amount_is_shared_among_months_to_the_last() -> None:
    typed = ManualSpend().booking("ads", [JANUARY, day("2024-02-01"), MARCH], 100)
    assert typed.rows["amount"].to_list() == [33, 33, 34]


def test_the_same_month_is_typed_once() -> None:
    typed = ManualSpend().booking("ads", [JANUARY], 5).booking("mail", [JANUARY], 6).booking(None, [JANUARY], 7)
    again = typed.booking("ads", [JANUARY], 8)
    assert again.rows.rows() == [(JANUARY, None, 7), (JANUARY, "ads", 8), (JANUARY, "mail", 6)]
    assert again.booking(None, [JANUARY], None).rows["channel"].to_list() == ["ads", "mail"]


def test_what_is_typed_goes_before_the_table_for_that_channel_and_month() -> None:
    table = booked(
        ("2024-01-05", "Ads ", 10), ("2024-01-31", "ads", 20), ("2024-02-01", "ads", 30), ("2024-01-09", None, 40)
    )
    found = ManualSpend().booking("ADS ", [JANUARY], 1).over(table)
    assert found is not None
    assert found.rows() == [
        (JANUARY, "ADS ", 1),
        (day("2024-01-09"), None, 40),
        (day("2024-02-01"), "ads", 30),
    ]
    assert ManualSpend().over(table) is table
    assert ManualSpend().over(None) is None
    alone = ManualSpend().booking(None, [MARCH], 0).over(None)
    assert alone is not None
    assert alone.rows() == [(MARCH, None, 0)]  # nothing was spent, and that is known


def test_a_name_means_one_channel() -> None:
    typed = ManualSpend().joining("fb", "ads").joining("tv", "mail").joining("fb", "mail")
    assert typed.aliases == (("tv", "mail"), ("fb", "mail"))
    assert typed.joining("tv", None).aliases == (("fb", "mail"),)


@given(amount=st.integers(0, 10**12), months=st.integers(1, 120))
def test_no_money_is_lost_in_the_sharing(amount: int, months: int) -> None:
    parts = ManualSpend().booking("ads", list(range(months)), amount).rows["amount"]
    assert parts.sum() == amount
    assert int(parts.max()) - int(parts.min()) <= 1  # type: ignore[arg-type]
