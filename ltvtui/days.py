"""Days since 1970-01-01, the way all frames count them, and the way people write them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from ltvtui.errors import LtvError

_EPOCH = date(1970, 1, 1)


def iso(day: int) -> str:
    """2026-06-30 from days since 1970-01-01."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def day_of(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def months_later(day: int, months: int) -> int:
    """The same day of another month, or its last; month ends go to month ends, so that whole months are compared."""
    here = _EPOCH + timedelta(days=day)
    year, month = divmod(here.year * 12 + here.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    ends = here.day == monthrange(here.year, here.month)[1]
    return day_of(date(year, month + 1, last if ends else min(here.day, last)))


def first_of_month(day: int, months: int = 0) -> int:
    """The first day of the month of `day`, or of one so many months later."""
    here = _EPOCH + timedelta(days=day)
    return months_later(day_of(here.replace(day=1)), months)


def last_day_of(text: str) -> int:
    """The last day of a month, 2026-06, or of a year, 2026; days since 1970-01-01.

    Raises LtvError (exit code 2) for anything else.
    """
    parts = text.strip().split("-")
    if len(parts) > 2 or not all(part.isdigit() for part in parts) or len(parts[0]) != 4:
        return parse_day(text)
    begun = parse_day("-".join([*parts, "01", "01"][:3]))
    return months_later(begun, 12 if len(parts) == 1 else 1) - 1


def parse_day(text: str) -> int:
    """Days since 1970-01-01 from 2026-06-30.

    Raises LtvError (exit code 2) for anything else.
    """
    written = text.strip()
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or day.isoformat() != written or not 1900 <= day.year < 2200:
        raise LtvError(f"{text!r} is not a day.", "Write it as YYYY-MM-DD, such as 2026-06-30.", 2)
    return day_of(day)
