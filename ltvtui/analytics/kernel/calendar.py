"""Calendar periods: weeks, months, quarters and years, numbered, bounded and named.

A period is an Int32 that rises by one from each period to the next; the one of 1970-01-01 is 1970 for years,
1970 × 4 for quarters, 1970 × 12 for months and 0 for weeks. A week begins on `week_start`, 0 for Monday to 6 for
Sunday; the other buckets do not look at it.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final, TypeVar

import polars as pl

Days = TypeVar("Days", pl.Expr, pl.Series)

BUCKETS: Final = ("week", "month", "quarter", "year")
"""Kinds of periods, shortest first."""
OF_MONTHS: Final = ("month", "quarter", "year")
"""Those that are made of whole months."""
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Days on which a week may begin, as `week_start` counts them; ISO weeks begin on the first."""

FIRST_DAY: Final = -30_000
LAST_DAY: Final = 110_000
"""Days beyond any that a source gives: 1887 to 2271."""

_EPOCH: Final = date(1970, 1, 1)
_THURSDAY: Final = 3
"""The weekday of day 0."""
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


def period(days: Days, bucket: str, week_start: int = 0) -> Days:
    """The period (Int32) in which each of `days` (Int32, since 1970-01-01) lies; null where it is null.

    Days are between FIRST_DAY and LAST_DAY. An expression is of one column, and keeps its name. ValueError for
    another bucket.
    """
    if bucket == "week":
        return ((days.cast(pl.Int32) + _late(week_start)) // 7).cast(pl.Int32)
    place = days.cast(pl.Int32) - FIRST_DAY
    if isinstance(place, pl.Series):
        return _periods(bucket).gather(place).alias(days.name)
    return pl.lit(_periods(bucket)).gather(place).alias(days.meta.output_name())


def years(bucket: str) -> float:
    """How long a period is, in years: what it brings is discounted by that. ValueError for another bucket."""
    return 7 / 365.25 if bucket == "week" else _months(bucket) / 12


def of_month(months: pl.Expr, bucket: str) -> pl.Expr:
    """The period (Int32) in which each of `months` (periods) lies; `bucket` is one of OF_MONTHS."""
    return months // _months(bucket)


def first_day(period: int, bucket: str, week_start: int = 0) -> int:
    """The day (since 1970-01-01) on which a period begins. ValueError for another bucket."""
    if bucket == "week":
        return period * 7 - _late(week_start)
    year, month = divmod(period * _months(bucket), 12)
    return (date(year, month + 1, 1) - _EPOCH).days


def last_day(period: int, bucket: str, week_start: int = 0) -> int:
    """The day (since 1970-01-01) on which a period ends."""
    return first_day(period + 1, bucket, week_start) - 1


def label(periods: pl.Series, bucket: str, week_start: int = 0) -> pl.Series:
    """Names of `periods` (String), which sort as the periods do; null where the period is null.

    "1997-03", "1997 Q1", "1997"; of a week from Monday its ISO name, "2010-W53", of another its first day.
    """
    lowest, highest = periods.min(), periods.max()
    if not isinstance(lowest, int) or not isinstance(highest, int):
        return pl.Series(periods.name, [None] * periods.len(), pl.String)
    # A million customers share few periods: each is named once.
    numbers = pl.int_range(lowest, highest + 1, dtype=pl.Int32, eager=True)
    return _names(numbers, bucket, week_start).gather(periods - lowest).alias(periods.name)


def week_of(name: str) -> tuple[int, int] | None:
    """First and last day of the week that `label` calls `name`, whatever day it begins on; None for other text."""
    try:
        begins = (date.fromisoformat(name) - _EPOCH).days
    except ValueError:
        return None
    return begins, begins + 6


def _names(numbers: pl.Series, bucket: str, week_start: int) -> pl.Series:
    if bucket == "week":
        begins = (numbers * 7 - _late(week_start)).cast(pl.Date)
        return begins.dt.strftime("%G-W%V" if week_start == 0 else "%Y-%m-%d")
    a_year = 12 // _months(bucket)
    year = (numbers // a_year).cast(pl.String).str.zfill(4)
    within = (numbers % a_year + 1).cast(pl.String)
    match bucket:
        case "month":
            return year + "-" + within.str.zfill(2)
        case "quarter":
            return year + " Q" + within
    return year


@cache
def _periods(bucket: str) -> pl.Series:
    """The period of every day from FIRST_DAY to LAST_DAY (Int32): looked up, it need not be worked out again."""
    months = _months(bucket)
    days = pl.int_range(FIRST_DAY, LAST_DAY + 1, dtype=pl.Int32, eager=True).cast(pl.Date)
    return ((days.dt.year() * 12 + days.dt.month().cast(pl.Int32) - 1) // months).cast(pl.Int32)


def _months(bucket: str) -> int:
    if bucket not in _MONTHS:
        raise ValueError(f"unknown bucket {bucket!r}")
    return _MONTHS[bucket]


def _late(week_start: int) -> int:
    """Days of its week that are over on day 0."""
    return (_THURSDAY - week_start) % 7
