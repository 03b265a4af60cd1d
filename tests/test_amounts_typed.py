"""Amounts and months as they are typed: one meaning, or a question."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ltvtui.errors import LtvError
from ltvtui.query.terms import parse_months, parse_spend


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1250", 1250),
        ("1250.50", 1250.5),
        ("1250,5", 1250.5),
        ("1 250.50", 1250.5),
        ("12.345,67", 12345.67),
        ("12,345.67", 12345.67),
        ("1.234.567", 1234567),
        ("1,234,567.8", 1234567.8),
        ("0", 0),
        ("1234.567", 1234.567),
    ],
)
def test_amounts(text: str, value: float) -> None:
    assert parse_spend(text) == value


@pytest.mark.parametrize("text", ["12.345", "1,234", "10%", "-5", "5k", "1250 EUR", "", ".", "1e99", "nan"])
def test_what_may_mean_something_else_is_asked(text: str) -> None:
    with pytest.raises(LtvError):
        parse_spend(text)


@pytest.mark.parametrize(
    ("text", "first", "months"),
    [
        ("2024-02", "2024-02-01", 1),
        ("2023", "2023-01-01", 12),
        ("2023-11..2024-02", "2023-11-01", 4),
        ("2023..2024", "2023-01-01", 24),
    ],
)
def test_months(text: str, first: str, months: int) -> None:
    found = [date(1970, 1, 1) + timedelta(days=day) for day in parse_months(text)]
    assert (found[0].isoformat(), len(found)) == (first, months)
    assert {day.day for day in found} == {1}
    assert len(set(found)) == months


@pytest.mark.parametrize("text", ["2024-13", "24-01", "2024-03..2024-01", "1900..2100", "May", "", "2024-1"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(LtvError):
        parse_months(text)
