"""Days, months, quarters and stretches of days for which spend is told.

A month stands on its first day, as everywhere, and so does a quarter among quarters. Any longer stretch is shared
among its months: on its first day alone it would be held against the customers of one month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import polars as pl

from ltvtui.sources.values.date_guess import DateGuess, guess_formats
from ltvtui.sources.values.dates import decode
from ltvtui.sources.values.months import MONTHS

Period = tuple[date, date]
"""First and last day."""

_EPOCH: Final = date(1970, 1, 1)
_MONTH: Final = 31
"""Days up to which a stretch stands on its first one."""
_GUESS_BY: Final = 5_000
_DAY: Final = r"\d{4}-\d{1,2}-\d{1,2}"
_RANGE: Final = re.compile(rf"({_DAY})\s*(?:-|–|—|/|to|bis|until|à|a|al)\s*({_DAY})", re.IGNORECASE)
_QUARTER: Final = re.compile(
    r"(?:(?P<y1>\d{4})[\s/_-]*[QTqt](?P<q1>[1-4])|[QTqt](?P<q2>[1-4])[\s/_'-]*(?P<y2>\d{4})"
    r"|(?P<q3>[1-4])\.?\s*(?:Quartal|quarter|Q|trimestre|kwartaal)[\s/]*(?P<y3>\d{4}))",
    re.IGNORECASE,
)
_MONTH_AND_YEAR: Final = re.compile(
    r"([^\W\d_]{3,12})\.?(?:\s+de)?[\s/,'’_-]*(\d{4}|\d{2})(?:\s*г\.?)?|(\d{4})[\s/_-]*([^\W\d_]{3,12})\.?"
)
_NUMBERED: Final = re.compile(r"(0?[1-9]|1[0-2])[/.-](\d{4})|(\d{4})(0[1-9]|1[0-2])")
_WEEK: Final = re.compile(r"(\d{4})[\s-]*(?:W|KW|CW|week)[\s-]*(\d{1,2})", re.IGNORECASE)


def guess_periods(texts: list[str | None]) -> DateGuess:
    """How the days of spend are written in a column; periods count as days do."""
    present = [text for text in texts if text is not None and text.strip()]
    other = [text for text in present if period_of(text) is None]
    guess = guess_formats(other)
    if not other and present:
        return DateGuess((), 1.0, False, "every value is a month, a quarter or a range of days")
    readable = 1 - (1 - guess.readable) * len(other) / len(present) if present else 0.0
    return DateGuess(guess.formats, readable, guess.ambiguous, guess.why)


def period_of(text: str) -> Period | None:
    """The days of `Jan 2024`, `2024-Q1`, `01/2024`, `2024-W05`, `2024-01-01 - 2024-01-31`; None of anything else."""
    bare = text.strip()
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period | None]], ...] = (
        (_RANGE, lambda m: _between(m[1], m[2])),
        (_QUARTER, lambda m: _quarter(int(m["y1"] or m["y2"] or m["y3"]), int(m["q1"] or m["q2"] or m["q3"]))),
        (_WEEK, lambda m: _week(int(m[1]), int(m[2]))),
        (_NUMBERED, lambda m: _month(int(m[2] or m[3]), int(m[1] or m[4]))),
        (_MONTH_AND_YEAR, lambda m: _month(_year(m[2] or m[3]), MONTHS.get((m[1] or m[4]).lower(), 0))),
    )
    for pattern, read in readers:
        if (match := pattern.fullmatch(bare)) is not None:
            return read(match)
    return None


def spread(spend: pl.DataFrame, ends: pl.Series | None = None) -> tuple[pl.DataFrame, int]:
    """`spend` (date as text, amount in Int64 money, and whatever else) with `day` (Int32), rows of more than a month
    parted among the months they are told for; and how many those were.

    `ends`: texts of the last day of each row, where a column tells it.
    """
    texts = spend["date"]
    distinct = texts.drop_nulls().unique(maintain_order=True).to_list()
    periods = {text: period for text in distinct if (period := period_of(text)) is not None}
    if not periods and ends is None:
        return spend.with_columns(pl.Series("day", _days(texts), pl.Int32)), 0
    quarters = len(periods) > 1 and all(_QUARTER.fullmatch(text.strip()) for text in distinct)
    days = _days(texts.set(texts.is_in(list(periods)), None))
    until = _days(ends) if ends is not None else [None] * spend.height
    parts: list[tuple[int, int | None, int | None]] = []
    long = 0
    amounts = spend["amount"].to_list()
    for row, (text, day, end, amount) in enumerate(zip(texts, days, until, amounts, strict=True)):
        found = periods.get(text) if text is not None else None
        if found is None and day is not None and end is not None and end > day:
            found = (_EPOCH + timedelta(day), _EPOCH + timedelta(end))
        if found is None:
            parts.append((row, day, amount))
            continue
        short = quarters or (found[1] - found[0]).days < _MONTH
        pieces = [(found[0], 1.0)] if short else _months_of(found)
        long += len(pieces) > 1
        parts += [(row, (at - _EPOCH).days, part) for at, part in zip(*_shared(pieces, amount), strict=True)]
    rows = pl.Series([row for row, _, _ in parts], dtype=pl.UInt32)
    return (
        spend[rows].with_columns(
            pl.Series("day", [day for _, day, _ in parts], pl.Int32),
            pl.Series("amount", [amount for _, _, amount in parts], pl.Int64),
        ),
        long,
    )


def _days(texts: pl.Series) -> list[int | None]:
    present = texts.drop_nulls().unique(maintain_order=True).head(_GUESS_BY).to_list()
    return decode(texts, guess_formats(present).formats)["day"].to_list()


def _months_of(period: Period) -> list[tuple[date, float]]:
    """First days of the period in each of its months, with the share of that month."""
    begin, end = period
    found = []
    while begin <= end:
        days = monthrange(begin.year, begin.month)[1]
        close = min(end, begin.replace(day=days))
        found.append((begin, ((close - begin).days + 1) / days))
        begin = close + timedelta(1)
    return found


def _shared(pieces: list[tuple[date, float]], amount: int | None) -> tuple[list[date], list[int | None]]:
    """The days, and the amount parted by the shares, to the last digit."""
    days = [day for day, _ in pieces]
    if amount is None:
        return days[:1], [None]
    whole, run, given = sum(share for _, share in pieces), 0.0, 0
    parts: list[int | None] = []
    for _, share in pieces:
        run += share
        part = round(amount * run / whole) - given
        parts.append(part)
        given += part
    return days, parts


def _between(first: str, last: str) -> Period | None:
    try:
        begin, end = (date(*map(int, text.split("-"))) for text in (first, last))
    except ValueError:
        return None
    return (begin, end) if begin <= end else None


def _quarter(year: int, quarter: int) -> Period | None:
    first, last = _month(year, 3 * quarter - 2), _month(year, 3 * quarter)
    return (first[0], last[1]) if first and last else None


def _month(year: int, month: int) -> Period | None:
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        return None
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _week(year: int, week: int) -> Period | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(6)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
