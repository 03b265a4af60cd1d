"""Axes: limits that can be divided, round ticks, short figures, and dates that fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from rich.cells import cell_len

from ltvtui.present.numbers import amount
from ltvtui.present.plain import plain

_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"))
_LARGEST = 1e300  # beyond it the span of an axis would overflow


def finite(value: object) -> float | None:
    """The value as a float that can be drawn, or None for what was not observed."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return max(-_LARGEST, min(_LARGEST, number)) if math.isfinite(number) else None


def compact(value: float) -> str:
    """A short figure for an axis: `950`, `2.5`, `50 k`, `1.2 M`, `−3 k`."""
    size = abs(value)
    unit, name = next((pair for pair in _UNITS if size >= pair[0] * 0.99995), (1.0, ""))
    text = f"{size:.0e}" if size >= 1e15 else f"{size / unit:.4g}{name}"
    return f"−{text}" if value < 0 else text


def grouped(value: float) -> str:
    """A figure in full, for the reader rather than the axis: `1 204`, `0.57`."""
    return amount(value, 0 if abs(value) >= 100 or value == round(value) else 2)


def figure(write: Callable[[float], str], value: float) -> str:
    """The value in the caller's words, made harmless, with the true minus sign."""
    text = plain(write(value))
    return f"−{text[1:]}" if text.startswith("-") else text


def limits(values: Iterable[float], *, from_zero: bool) -> tuple[float, float]:
    """The lowest and highest value, moved apart if they are too close to be divided."""
    found = list(values)
    low, high = min(found, default=0.0), max(found, default=0.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    return apart(low, high)


def apart(low: float, high: float, by: float | None = None) -> tuple[float, float]:
    """The two limits with room that a float can divide; equal ones move apart `by`, or half their size."""
    size = max(abs(low), abs(high))
    if high - low > max(size * 1e-9, 1e-290):
        return low, high
    if by is not None and by > size * 1e-9:
        return low - by, high + by
    if size <= 1e-290:
        return 0.0, 1.0
    if low == 0.0 or high == 0.0:
        return low, high
    return low - size / 2, high + size / 2


def thinned(ticks: Sequence[tuple[int, str]], width: int) -> list[tuple[int, int, str]]:
    """Labels that fit side by side on a row: (column of the tick, column of the label's start, label).

    `ticks` are (column, label) from left to right. Every k-th is kept, so that the steps stay even; a label
    is centred under its tick and moved inwards at the ends of the row.
    """
    sized = [(column, label, cell_len(label)) for column, label in ticks if 0 < cell_len(label) <= width]
    for stride in _strides(len(sized)):
        placed: list[tuple[int, int, str]] = []
        free = -2
        for column, label, size in sized[::stride]:
            start = max(0, min(width - size, column - size // 2))
            if start < free + 2 and placed:
                break
            placed.append((column, start, label))
            free = start + size
        else:
            return placed
    return []


def _strides(count: int) -> list[int]:
    """Steps from all of `count` labels to the first alone; months stay at even places of the year."""
    strides = [1, 2, 3, 4, 6]
    while strides[-1] < count:
        strides.append(strides[-1] * 2)
    return strides


def date_ticks(first: float, last: float, count: int) -> list[tuple[float, str]]:
    """At most about `count` dates between two days since 1970-01-01: years, months or days, labelled shortly.

    The step is the finest of day, week, fortnight, month, quarter, half year, year … within the count.
    """
    count = max(2, count)
    earliest, latest = _day(first), _day(last)
    span = (latest - earliest).days
    for months in (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000):
        if span / (months * 30.44) <= count:
            break
    starts = _month_starts(earliest, latest, months)
    if len(starts) >= 2:
        return [(float(start.toordinal() - _EPOCH), _month_label(start, months)) for start in starts]
    step = next((days for days in (1, 2, 7, 14) if span / days <= count), max(1, math.ceil(span / count)))
    days = range(earliest.toordinal(), latest.toordinal() + 1, step)
    return [(float(day - _EPOCH), _day_label(date.fromordinal(day))) for day in days]


def _day(days: float) -> date:
    return date.fromordinal(max(1, min(date.max.toordinal(), round(days) + _EPOCH)))


def _month_starts(earliest: date, latest: date, months: int) -> list[date]:
    number = earliest.year * 12 + earliest.month - 1 + (earliest.day > 1)
    number = math.ceil(number / months) * months
    last = latest.year * 12 + latest.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(number, last + 1, months) if month >= 12]


def _month_label(start: date, months: int) -> str:
    return f"{start.year}" if months >= 12 else f"{_MONTHS[start.month - 1]} {start.year % 100:02}"


def day_label(days: float) -> str:
    """A day since 1970-01-01 in short: `8 Jan 25`."""
    return _day_label(_day(days))


def _day_label(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year % 100:02}"
