"""Numbers and days as they are typed: exact, and a day as the period it stands for."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ltvtui.analytics.kernel import calendar
from ltvtui.days import day_of, months_later

Period = tuple[int, int]
"""First and last day, since 1970-01-01."""

_NUMBER: Final = re.compile(r"[+-]?(\d{1,14}|\d{1,3}( \d{3}){1,4})(\.\d{1,9})?", re.ASCII)
_RELATIVE: Final = re.compile(r"[-−–](\d{1,4})([dwmy])", re.ASCII | re.IGNORECASE)
_YEAR: Final = re.compile(r"(19|20|21)\d\d", re.ASCII)
_QUARTER: Final = re.compile(r"(\d{4})[ -]?Q([1-4])", re.ASCII | re.IGNORECASE)
_WEEK: Final = re.compile(r"(\d{4})-W(\d\d)", re.ASCII | re.IGNORECASE)
_FARTHEST: Final = 12 * 500
"""Months back from any day that lead out of the calendar, and not out of what dates can be."""


def number(text: str) -> Fraction | None:
    """12, -3.5, 1 000: the number that is written; None for anything else."""
    return Fraction(text.replace(" ", "")) if _NUMBER.fullmatch(text) else None


def plain_number(value: Fraction) -> str:
    """The number in digits, without those that say nothing."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.normalize():f}" if value else "0"


def days_of(text: str, as_of: int) -> Period | None:
    """The days that a text stands for: 2026, 2026 Q1, 2026-01, 2026-W05, 2026-01-31, or -90d, -12w, -3m, -1y before
    the day `as_of`; None for anything else."""
    if back := _RELATIVE.fullmatch(text):
        day = _before(as_of, int(back[1]), back[2].lower())
        return day, day
    if not _YEAR.match(text):
        return None
    try:
        return _period(text)
    except ValueError:
        return None


def plain_day(text: str) -> str:
    """A text that `days_of` reads, in the one way it is written."""
    if back := _RELATIVE.fullmatch(text):
        return f"-{int(back[1])}{back[2].lower()}"
    if quarter := _QUARTER.fullmatch(text):
        return f"{quarter[1]} Q{quarter[2]}"
    return text.upper()


def _period(text: str) -> Period | None:
    if _YEAR.fullmatch(text):
        return _months(int(text) * 12, 12)
    if quarter := _QUARTER.fullmatch(text):
        return _months(int(quarter[1]) * 12 + int(quarter[2]) * 3 - 3, 3)
    if week := _WEEK.fullmatch(text):
        monday = day_of(date.fromisocalendar(int(week[1]), int(week[2]), 1))
        return monday, monday + 6
    if re.fullmatch(r"\d{4}-\d\d", text, re.ASCII):
        month = date.fromisoformat(f"{text}-01")
        return _months(month.year * 12 + month.month - 1, 1)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        day = day_of(date.fromisoformat(text))
        return day, day
    return None


def _months(first: int, count: int) -> Period:
    """The days of `count` months, of which the first is number `first` (year × 12 + month - 1)."""
    return calendar.first_day(first, "month"), calendar.last_day(first + count - 1, "month")


def _before(as_of: int, count: int, unit: str) -> int:
    """The day so long before, never before the calendar."""
    if unit in "dw":
        return max(as_of - count * (7 if unit == "w" else 1), calendar.FIRST_DAY)
    months = min(count * (12 if unit == "y" else 1), _FARTHEST)
    return max(months_later(as_of, -months), calendar.FIRST_DAY)
