"""The zone in which a shop's days are counted.

Moments are UTC, or what the offset written with them makes of them; a value without a time of day names a day,
and stays that day in any zone.
"""

from __future__ import annotations

from typing import Final

import polars as pl

DAYS_ONLY: Final = "Orders carry no time of day: the time zone changes nothing, their days are the shop's own."
"""Said of a shop that cannot be moved."""

OFFSET: Final = "utc_offset"
"""Column of rows on their way to a zone: seconds east of UTC (Int32), null where there is no time of day."""

_TIMED: Final = r":|^\s*\d{9,}"
"""A clock, or Unix seconds and milliseconds, which have more digits than any number of days."""
_OFFSET: Final = (
    r":\d{2}(?:[.,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?\s*$"
)


def offsets(written: pl.Series, seconds: pl.Series) -> pl.Series:
    """Column OFFSET (Int32): seconds east of UTC that moments are `written` (String) with, 0 where they are not.

    Null where no time of day is written. `seconds` (Int32, of the day) is what was read of them.
    """
    timed = written.str.contains(_TIMED) | (seconds != 0)
    offset: pl.Expr = pl.lit(0, pl.Int32)
    if written.str.contains(_OFFSET).any():
        parts = pl.col("written").str.extract_groups(_OFFSET)
        hours, minutes = (
            parts.struct.field(name).cast(pl.Int32, strict=False).fill_null(0) for name in ("hours", "minutes")
        )
        sign = pl.when(parts.struct.field("sign") == "-").then(-1).otherwise(1)
        offset = (hours * 3600 + minutes * 60) * sign
    frame = pl.DataFrame([written.alias("written"), timed.alias("timed")])
    return frame.select(pl.when("timed").then(offset).cast(pl.Int32).alias(OFFSET)).to_series()


def keeps_only_days(rows: pl.DataFrame) -> bool:
    """Whether no row (day, second) has a time of day."""
    return rows["second"].max() in (None, 0)


def in_zone(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`rows` with day and second (Int32) on the clocks of `zone` (an IANA name); uses up their column OFFSET."""
    moment = (pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second") - pl.col(OFFSET)) * 1000
    there = moment.cast(pl.Datetime("ms", "UTC")).dt.convert_time_zone(zone).dt.replace_time_zone(None)
    clock = rows.select(there.cast(pl.Int64).alias("clock")).to_series() // 1000
    day, second = (clock // 86_400).cast(pl.Int32), (clock % 86_400).cast(pl.Int32)
    stays = rows[OFFSET].is_null()
    return rows.with_columns(
        rows["day"].zip_with(stays, day).alias("day"), rows["second"].zip_with(stays, second).alias("second")
    ).drop(OFFSET)
