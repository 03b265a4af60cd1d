"""The offsets of a zone as SQL: engines have calendars of their own, which need not be that of the local reading."""

from __future__ import annotations

from typing import Final

import polars as pl

_HOUR: Final = 3600


def seconds_east(zone: str, moment: str, days: tuple[int, int]) -> str:
    """SQL of the seconds east of UTC in `zone` at a `moment` (SQL, seconds since 1970), for the first to the last
    of `days`."""
    changes = offset_changes(zone, days[0] - 2, days[1] + 3)
    *later, first = reversed(changes)
    branches = " ".join(f"WHEN {moment} >= {since} THEN {east}" for since, east in later)
    return f"CASE {branches} ELSE {first[1]} END" if branches else str(first[1])


def offset_changes(zone: str, first_day: int, last_day: int) -> list[tuple[int, int]]:
    """Moments (seconds since 1970) from which another offset counts, rising, and those offsets; the first counts
    before it, too."""
    hours = pl.int_range(first_day * 24, last_day * 24 + 1, dtype=pl.Int64, eager=True) * _HOUR
    east = _offsets(hours, zone)
    changed = (east != east.shift(1)).fill_null(True).arg_true()
    found = [(int(hours[0]), int(east[0]))]
    for place in changed.to_list()[1:]:
        low, high = int(hours[place - 1]), int(hours[place])
        while high - low > 1:
            middle = (low + high) // 2
            if int(_offsets(pl.Series([middle]), zone)[0]) == found[-1][1]:
                low = middle
            else:
                high = middle
        found.append((high, int(east[place])))
    return found


def _offsets(moments: pl.Series, zone: str) -> pl.Series:
    """As values/zones.in_zone finds them."""
    utc = (moments * 1000).cast(pl.Datetime("ms", "UTC"))
    there = utc.dt.convert_time_zone(zone).dt.replace_time_zone(None).cast(pl.Int64) // 1000
    return there - moments
