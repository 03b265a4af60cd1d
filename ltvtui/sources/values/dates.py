"""Dates as shops write them: recognised by content, decoded in bulk.

A format is a name. `decode` turns text into a day and a second of that day, on the shop's own clock: an
offset such as `Z` or `+02:00` is read over; zones.offsets tells it. What fits none of the formats becomes null.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.sources.values.date_patterns import LATER_HALF, NO_DAY, TEXT
from ltvtui.sources.values.money import with_usual_digits
from ltvtui.sources.values.months import MONTHS
from ltvtui.sources.values.nothing import is_nothing

FORMATS: Final[dict[str, str]] = {
    "iso": "2014-01-15, 2014-01-15 09:30:00, 2014-01-15T09:30:00.123Z, 2014年1月15日",
    "yyyymmdd": "20140115, 20140115093000, 20140115T093000Z",
    "ym": "2014-01, the first day of the month",
    "mdy": "1/15/2014, 01-15-14, 1/15/2014 9:30 PM",
    "dmy": "15/1/2014, 15.01.14, 15/1/2014 21:30",
    "ymd": "14/01/15, the year first in two digits",
    "d_mon_y": "15-Jan-14, Tue, 15 Jan 2014 09:30:00 +0000, Jan 15, 2014, 15. Januar 2014, 15 de enero de 2014",
    "unix_s": "1389778200, seconds since 1970",
    "unix_ms": "1389778200000, milliseconds since 1970",
    "unix_us": "1389778200000000, microseconds since 1970",
    "unix_ns": "1389778200000000000, nanoseconds since 1970",
    "julian": "2456672.896, Julian days",
    "excel": "41654.396, days since 1899-12-30",
}
"""Every format with an example, in the order in which a guess prefers them."""

FIRST_DAY: Final = -25567
"""1900-01-01; nothing earlier is believed."""
LAST_DAY: Final = 84370
"""2200-12-31; nothing later is believed."""
READABLE_ENOUGH: Final = 0.9
"""Share of values that has to be readable before a column is taken for dates."""

_BUDDHIST: Final = (2540, 2640)
"""Years as Thailand counts them, 543 ahead."""
_STRICT_ISO = r"^\d{4}-\d\d-\d\d(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$"
_UNIFORM_ISO: Final = ((19, " ", "%Y-%m-%d %H:%M:%S"), (19, "T", "%Y-%m-%dT%H:%M:%S"), (10, "", "%Y-%m-%d"))
"""Bytes of a value, what stands between day and time, and how polars calls it."""
NUMBER_FORMATS: Final[dict[str, tuple[float, float, float, float]]] = {
    "unix_s": (1 / 86_400, 0.0, 1e8, 7.29e9),
    "unix_ms": (1 / 86_400_000, 0.0, 1e11, 7.29e12),
    "unix_us": (1 / 86_400_000_000, 0.0, 1e14, 7.29e15),
    "unix_ns": (1 / 86_400_000_000_000, 0.0, 1e17, 7.29e18),
    "julian": (1.0, 2_440_587.5, 2_415_020.5, 2_524_958.5),
    "excel": (1.0, 25_569.0, 10_000.0, 109_940.0),
}
"""Unit in days, value at 1970-01-01, smallest and largest value that is believed."""


_NUMBER: Final = pl.col("text").str.extract(r"^(\d+(?:\.\d*)?(?:[eE]\+?\d+)?)$", 1)
_UNREAD: Final = pl.DataFrame(schema={"day": pl.Int32, "second": pl.Int32})
"""Of no value; cleared to a height, of values that no format reads."""


def decode(values: pl.Series, formats: Sequence[str]) -> pl.DataFrame:
    """Columns `day` (Int32, since 1970-01-01) and `second` (Int32, of the day), both null where unreadable.

    `values` is text; each value is read by the first of `formats` that can. Never raises on a value.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ValueError(f"unknown date format {unknown[0]!r}")
    text = values.cast(pl.String).alias("text")
    if formats and formats[0] == "iso":
        if (uniform := _uniform_iso(text)) is not None:
            return uniform
        quick = _quick_iso(text)
        left = text.is_not_null() & quick["day"].is_null()
        if not left.any():
            return quick
        slow = _by_distinct(text.filter(left), formats)
        places = left.arg_true()
        return pl.DataFrame(
            [quick[name].scatter(places, slow[name]) for name in ("day", "second")],
        )
    return _by_distinct(text, formats)


def _uniform_iso(text: pl.Series) -> pl.DataFrame | None:
    """A column written in one of _UNIFORM_ISO throughout; None where a single value differs.

    Polars reads such a column three times faster than patterns do, but also where a blank or a sign stands
    for a digit, and a 60th second as the next minute: lengths, blanks and the range of days tell those apart.
    """
    lengths = text.str.len_bytes()
    low, high = lengths.min(), lengths.max()
    if low is None or low != high:
        return None
    head = text.drop_nulls().head(1)[0]
    for width, separator, pattern in _UNIFORM_ISO:
        if low != width or head[10:11] != separator:
            continue
        blanks = text.str.count_matches(" ", literal=True)
        if blanks.min() != blanks.max() or blanks.max() != (separator == " ") or text.str.ends_with(":60").any():
            return None
        moments = text.str.to_datetime(pattern, time_unit="ms", strict=False, cache=False)
        if moments.null_count() > text.null_count():
            return None
        stamp = moments.to_physical().alias("stamp").to_frame()
        found = stamp.select(
            (pl.col("stamp") // 86_400_000).cast(pl.Int32).alias("day"),
            (pl.col("stamp") % 86_400_000 // 1000).cast(pl.Int32).alias("second"),
        )
        earliest, latest = found["day"].min(), found["day"].max()
        believed = (
            isinstance(earliest, int) and isinstance(latest, int) and earliest >= FIRST_DAY and latest <= LAST_DAY
        )
        return found if believed else None
    return None


def _quick_iso(text: pl.Series) -> pl.DataFrame:
    strict = pl.col("text").str.contains(_STRICT_ISO)
    day = pl.col("text").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False, cache=False)

    def part(start: int) -> pl.Expr:
        return pl.col("text").str.slice(start, 2).cast(pl.Int32, strict=False).fill_null(0)

    second = (
        part(11) * 3600
        + part(14) * 60
        + pl.when(pl.col("text").str.len_bytes() > 16)
        .then(pl.when(pl.col("text").str.slice(16, 1) == ":").then(part(17)).otherwise(0))
        .otherwise(0)
    )
    frame = text.to_frame().select(
        pl.when(strict).then(day.cast(pl.Int32)).alias("day"), second.cast(pl.Int32).alias("second")
    )
    return _believed(frame)


def _by_distinct(text: pl.Series, formats: Sequence[str]) -> pl.DataFrame:
    """Decode each distinct text once; dates repeat far more often than orders do."""
    distinct = text.unique()
    if distinct.len() * 2 > text.len():
        return decode_each(text, formats)
    answers = pl.concat([distinct.to_frame(), decode_each(distinct, formats)], how="horizontal")
    return (
        text.to_frame()
        .join(answers, on="text", how="left", maintain_order="left", nulls_equal=True)
        .select("day", "second")
    )


def decode_each(text: pl.Series, formats: Sequence[str]) -> pl.DataFrame:
    """`decode` without its short ways: day and second of each value, by the first format that reads it."""
    answers = list(decode_by_each(text, formats).values())
    if not answers:
        return _UNREAD.clear(text.len())
    return _first_of(answers)


def decode_by_each(text: pl.Series, formats: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Day and second of each value, by each of the formats alone."""
    trimmed = with_usual_digits(text).to_frame().with_columns(pl.col("text").str.strip_chars(" \t\r\n\u00a0'"))
    unread = _UNREAD.clear(text.len())
    # What cannot fit is left out: months by name are the dearest patterns to make, and six formats are of numbers.
    patterns = {name: TEXT[name] for name in formats if name in TEXT}
    if "d_mon_y" in patterns and not trimmed["text"].str.contains(r"\p{L}").any():
        patterns["d_mon_y"] = ()
    found = {
        name: _first_of([_fields(trimmed, pattern) for pattern in patterns[name]] or [unread]) for name in patterns
    }
    if any(name in NUMBER_FORMATS for name in formats):
        numbers = trimmed.select(_NUMBER.cast(pl.Float64, strict=False).alias("number"))
        for name in NUMBER_FORMATS.keys() & set(formats):
            is_none = numbers["number"].null_count() == text.len()
            found[name] = unread if is_none else _believed(_days_of(numbers, *NUMBER_FORMATS[name]))
    return {name: found[name] for name in formats}


def _first_of(answers: list[pl.DataFrame]) -> pl.DataFrame:
    """Of each value the first answer that there is."""
    found = answers[0]
    for other in answers[1:]:
        answered = found["day"].is_not_null()
        found = pl.DataFrame([found[name].zip_with(answered, other[name]) for name in ("day", "second")])
    return found


def _days_of(numbers: pl.DataFrame, unit: float, origin: float, lowest: float, highest: float) -> pl.DataFrame:
    value = pl.col("number")
    per_day = 86_400 * unit
    seconds = ((value - origin) * per_day if unit == 1.0 else value * per_day).round(0 if unit == 1.0 else 6)
    whole = pl.when(value.is_between(lowest, highest)).then(seconds.floor().cast(pl.Int64, strict=False))
    return numbers.select(
        whole.floordiv(86_400).cast(pl.Int32, strict=False).alias("day"),
        whole.mod(86_400).cast(pl.Int32, strict=False).alias("second"),
    )


def _fields(texts: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Year, month, day and time of a text pattern, checked against the calendar."""
    parts = texts.select(pl.col("text").str.extract_groups(pattern).alias("p")).unnest("p")
    if parts["y"].null_count() == parts.height:  # as with most patterns that are tried on a column
        return _UNREAD.clear(parts.height)
    year = pl.col("y").cast(pl.Int32, strict=False)
    # two digits as POSIX reads them: 69-99 are of the last century
    full = (
        pl.when(pl.col("y").str.len_bytes() > 2).then(year).when(year < 69).then(year + 2000).otherwise(year + 1900)
    )
    full = pl.when(full.is_between(*_BUDDHIST)).then(full - 543).otherwise(full)
    month_by_name = (
        pl.col("m")
        .str.to_lowercase()
        .replace_strict(list(MONTHS), list(MONTHS.values()), default=None, return_dtype=pl.Int32)
    )
    month = pl.coalesce(pl.col("m").cast(pl.Int32, strict=False), month_by_name)
    day = pl.when(pl.col("d") == "").then(1).otherwise(pl.col("d").cast(pl.Int32, strict=False))
    digits = (full * 10_000 + month * 100 + day).cast(pl.String)
    clock = pl.col("hour").cast(pl.Int32, strict=False)
    half = pl.coalesce("half1", "half2").str.to_lowercase()
    later = half.str.contains(LATER_HALF)
    clock = (
        pl.when(half.is_null())
        .then(clock)
        .when(~clock.is_between(1, 12))
        .then(99)
        .otherwise(clock % 12 + pl.when(later).then(12).otherwise(0))
    )
    minutes = pl.col("minute").cast(pl.Int32, strict=False)
    # an hour alone is only told by its half of the day, or by what stands behind it
    minutes = pl.when(half.is_not_null() | pl.col("hour").is_null()).then(minutes.fill_null(0)).otherwise(minutes)
    seconds = pl.col("sec").cast(pl.Int32, strict=False).fill_null(0)
    good = pl.col("hour").is_null() | ((clock < 24) & (minutes < 60) & (seconds < 61))
    found = parts.select(
        pl.when(good & month.is_between(1, 12) & day.is_between(1, 31))
        .then(digits.str.to_date("%Y%m%d", strict=False, cache=False).cast(pl.Int32))
        .alias("day"),
        (clock * 3600 + minutes * 60 + seconds.clip(upper_bound=59)).fill_null(0).cast(pl.Int32).alias("second"),
    )
    return _believed(found)


def _believed(found: pl.DataFrame) -> pl.DataFrame:
    """Null, day and second alike, outside of 1900..2200."""
    sane = pl.col("day").is_between(FIRST_DAY, LAST_DAY)
    return found.select(
        pl.when(sane).then(pl.col("day")).cast(pl.Int32).alias("day"),
        pl.when(sane).then(pl.col("second")).cast(pl.Int32).alias("second"),
    )


def are_dates(texts: Sequence[str]) -> list[bool]:
    """Whether each text reads as a date in any format."""
    return decode(pl.Series("text", texts, pl.String), tuple(FORMATS))["day"].is_not_null().to_list()


def is_placeholder(text: str) -> bool:
    """Whether a text means that there is no date: blank, a word for nothing, 0, or a placeholder day."""
    return is_nothing(text) or re.match(NO_DAY, text.strip()) is not None
