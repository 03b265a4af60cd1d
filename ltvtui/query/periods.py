"""Calendar periods as text: 2026-05, 2026Q1, 2026."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.periods import CalendarPeriod
from ltvtui.analytics.kernel.calendar import first_day, label, last_day
from ltvtui.errors import LtvError

_WRITTEN: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})|[- ]?[Qq](?P<quarter>[1-4]))?")
_MEND: Final = "Write two months, quarters or years, such as 2026-05,2026-06 or 2025Q1,2026Q1 or 2025,2026."


def parse_periods(text: str) -> tuple[CalendarPeriod, CalendarPeriod]:
    """Two different periods of one kind, with a comma between, the earlier first. Raises LtvError (exit code 2) for
    anything else."""
    periods = [parse_period(part) for part in text.split(",")]
    if len(periods) != 2:
        raise LtvError(f"Two periods are needed, and {text!r} has {len(periods)}.", _MEND, 2)
    before, after = periods
    if before.bucket != after.bucket:
        raise LtvError(f"A {before.bucket} and a {after.bucket} cannot be compared.", _MEND, 2)
    if before == after:
        raise LtvError(f"{before.name} cannot be compared with itself.", "Choose two different periods.", 2)
    return (before, after) if before.number < after.number else (after, before)


def parse_period(text: str) -> CalendarPeriod:
    """A month, quarter or year. Raises LtvError (exit code 2) for anything else."""
    written = _WRITTEN.fullmatch(text.strip())
    year, month, quarter = (written["year"], written["month"], written["quarter"]) if written else ("0", None, None)
    if not 1900 <= int(year) < 2200 or (month is not None and not 1 <= int(month) <= 12):
        raise LtvError(f"{text.strip()!r} is not a month, quarter or year.", _MEND, 2)
    if month is not None:
        return period_of("month", int(year) * 12 + int(month) - 1)
    if quarter is not None:
        return period_of("quarter", int(year) * 4 + int(quarter) - 1)
    return period_of("year", int(year))


def period_of(bucket: str, number: int) -> CalendarPeriod:
    """The period of that number, as calendar.period counts them."""
    name = str(label(pl.Series([number], dtype=pl.Int32), bucket)[0])
    return CalendarPeriod(bucket, number, name, first_day(number, bucket), last_day(number, bucket))
