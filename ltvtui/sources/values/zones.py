"""The zone in which a shop's days are counted.

Moments are UTC, or what the offset written with them makes of them; a value without a time of day names a day,
and stays that day in any zone.
"""

from __future__ import annotations

from typing import Final

import polars as pl

DAYS_ONLY: Final = "Orders have no time of day: the time zone has no effect."
"""Said of a shop that cannot be moved."""

OFFSET: Final = "utc_offset"
"""Column of rows on their way to a zone: seconds east of UTC (Int32), null where there is no time of day."""

_TIMED: Final = r":\d|\d\s?[AaPp]\.?\s?[Mm]\b|\d[hH]\d\d|^\s*\d{9,}|\dT\d"
"""A clock, or Unix seconds and milliseconds, which have more digits than any number of days."""
ABBREVIATIONS: Final = {
    "UTC": 0.0,
    "GMT": 0.0,
    "Z": 0.0,
    "WET": 0.0,
    "WEST": 1.0,
    "BST": 1.0,
    "CET": 1.0,
    "CEST": 2.0,
    "MEZ": 1.0,
    "MESZ": 2.0,
    "EET": 2.0,
    "EEST": 3.0,
    "MSK": 3.0,
    "TRT": 3.0,
    "EST": -5.0,
    "EDT": -4.0,
    "CST": -6.0,
    "CDT": -5.0,
    "MST": -7.0,
    "MDT": -6.0,
    "PST": -8.0,
    "PDT": -7.0,
    "AKST": -9.0,
    "AKDT": -8.0,
    "HST": -10.0,
    "AST": -4.0,
    "ADT": -3.0,
    "BRT": -3.0,
    "ART": -3.0,
    "CLT": -4.0,
    "IST": 5.5,
    "SGT": 8.0,
    "HKT": 8.0,
    "JST": 9.0,
    "KST": 9.0,
    "AWST": 8.0,
    "ACST": 9.5,
    "AEST": 10.0,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
    "SAST": 2.0,
}
"""Hours east of UTC; of those that several countries use (IST, CST, BST, AST) as exports of shops mean them."""
_NAMES: Final = "|".join(sorted(ABBREVIATIONS, key=len, reverse=True))
_SHIFT: Final = r"(?P<sign>[+\-\x{2212}])(?P<hours>\d{2})(?::?(?P<minutes>\d{2}))?"
WRITTEN_ZONE: Final = (
    rf"(?:(?i:{_NAMES})?\s?[+\-\x{{2212}}]\d{{2}}(?::?\d{{2}})?|(?i:{_NAMES}))?(?:\s?[(\[][^()\[\]]*[)\]])?"
)
"""A zone behind a time of day: Z, +02:00, PST, GMT+0100 (CET), [Europe/Berlin]. Never captures."""
_END: Final = r"(?:\s?[(\[][^()\[\]]*[)\]])?(?:\s+\d{4})?\s*$"
_CLOCK_SHIFT: Final = rf"(?:[:.]\d+|T\d{{6}})\s*(?:[AaPp]\.?\s?[Mm]\.?)?\s*(?:UTC|GMT)?\s?{_SHIFT}{_END}"
"""Behind a clock only: what stands behind a day is another day's number."""
_ZONE_NAME: Final = rf"\d(?:\s*[AaPp]\.?\s?[Mm]\.?)?\s*(?P<name>(?i:{_NAMES})){_END}"


def offsets(written: pl.Series, seconds: pl.Series) -> pl.Series:
    """Column OFFSET (Int32): seconds east of UTC that moments are `written` (String) with, 0 where they are not.

    Null where no time of day is written. `seconds` (Int32, of the day) is what was read of them.
    """
    timed = written.str.contains(_TIMED) | (seconds != 0)
    offset: pl.Expr = pl.lit(0, pl.Int32)
    if written.str.contains(_ZONE_NAME).any():
        east = {name.lower(): int(hours * 3600) for name, hours in ABBREVIATIONS.items()}
        abbreviation = pl.col("written").str.extract_groups(_ZONE_NAME).struct.field("name").str.to_lowercase()
        offset = abbreviation.replace_strict(list(east), list(east.values()), default=0, return_dtype=pl.Int32)
    if written.str.contains(_CLOCK_SHIFT).any():
        parts = pl.col("written").str.extract_groups(_CLOCK_SHIFT)
        hours, minutes = (
            parts.struct.field(name).cast(pl.Int32, strict=False).fill_null(0) for name in ("hours", "minutes")
        )
        sign = pl.when(parts.struct.field("sign") == "+").then(1).otherwise(-1)
        shift = (hours * 3600 + minutes * 60) * sign
        offset = pl.when(parts.struct.field("sign").is_not_null()).then(shift).otherwise(offset)
    frame = pl.DataFrame([written.alias("written"), timed.alias("timed")])
    return frame.select(pl.when("timed").then(offset).cast(pl.Int32).alias(OFFSET)).to_series()


def has_only_days(rows: pl.DataFrame) -> bool:
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
