"""Calendar periods at the ends of weeks and years."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.analytics.kernel.calendar import (
    BUCKETS,
    FIRST_DAY,
    LAST_DAY,
    WEEKDAYS,
    first_day,
    label,
    last_day,
    period,
    week_of,
)

SUNDAY = 6


def number(iso: str) -> int:
    return (date.fromisoformat(iso) - date(1970, 1, 1)).days


def written(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def days_of(*isos: str) -> pl.Series:
    return pl.Series("day", [number(iso) for iso in isos], pl.Int32)


def named(bucket: str, week_start: int, *isos: str) -> list[str | None]:
    return label(period(days_of(*isos), bucket, week_start), bucket, week_start).to_list()


# 2020 began on a Wednesday and was a leap year, 2009 began on a Thursday: both have 53 ISO weeks.
ISO_WEEKS = {
    "2020-12-27": "2020-W52",
    "2020-12-28": "2020-W53",
    "2020-12-31": "2020-W53",
    "2021-01-01": "2020-W53",
    "2021-01-03": "2020-W53",
    "2021-01-04": "2021-W01",
    "2010-01-03": "2009-W53",
    "2010-01-04": "2010-W01",
    "2018-12-31": "2019-W01",
    "2024-12-29": "2024-W52",
    "2024-12-30": "2025-W01",
    "1969-12-28": "1969-W52",
    "1969-12-29": "1970-W01",
    "1970-01-01": "1970-W01",
    "1900-01-01": "1900-W01",
}


def test_iso_weeks() -> None:
    assert dict(zip(ISO_WEEKS, named("week", 0, *ISO_WEEKS), strict=True)) == ISO_WEEKS


SUNDAY_WEEKS = {
    "2010-12-25": "2010-12-19",
    "2010-12-26": "2010-12-26",
    "2011-01-01": "2010-12-26",
    "2011-01-02": "2011-01-02",
    "1970-01-01": "1969-12-28",
    "1969-12-27": "1969-12-21",
}


def test_weeks_from_sunday_are_named_by_their_sunday() -> None:
    assert dict(zip(SUNDAY_WEEKS, named("week", SUNDAY, *SUNDAY_WEEKS), strict=True)) == SUNDAY_WEEKS


def test_weeks_from_every_day() -> None:
    """Of the week around Thursday 1970-01-01, each weekday begins one; those before Thursday are of 1969."""
    begins = [written(first_day(0, "week", start)) for start in range(len(WEEKDAYS))]
    assert begins == [
        "1969-12-29",
        "1969-12-30",
        "1969-12-31",
        "1970-01-01",
        "1969-12-26",
        "1969-12-27",
        "1969-12-28",
    ]


MONTHS = {
    "1997-03-31": ("1997-03", "1997 Q1", "1997"),
    "1997-04-01": ("1997-04", "1997 Q2", "1997"),
    "1969-12-31": ("1969-12", "1969 Q4", "1969"),
    "1970-01-01": ("1970-01", "1970 Q1", "1970"),
    "2000-02-29": ("2000-02", "2000 Q1", "2000"),
    "1900-02-28": ("1900-02", "1900 Q1", "1900"),
    "1900-03-01": ("1900-03", "1900 Q1", "1900"),
    "2200-12-31": ("2200-12", "2200 Q4", "2200"),
}


@pytest.mark.parametrize(("place", "bucket"), [(0, "month"), (1, "quarter"), (2, "year")])
def test_months_quarters_and_years(place: int, bucket: str) -> None:
    assert named(bucket, SUNDAY, *MONTHS) == [names[place] for names in MONTHS.values()]


BOUNDS = [
    ("month", 2024 * 12 + 1, "2024-02-01", "2024-02-29"),
    ("month", 2023 * 12 + 11, "2023-12-01", "2023-12-31"),
    ("quarter", 2024 * 4, "2024-01-01", "2024-03-31"),
    ("quarter", 1969 * 4 + 3, "1969-10-01", "1969-12-31"),
    ("year", 1900, "1900-01-01", "1900-12-31"),
]


@pytest.mark.parametrize(("bucket", "place", "since", "until"), BOUNDS)
def test_where_a_period_begins_and_ends(bucket: str, place: int, since: str, until: str) -> None:
    assert (written(first_day(place, bucket)), written(last_day(place, bucket))) == (since, until)
    assert period(days_of(since, until), bucket).to_list() == [place, place]


def test_a_week_is_found_by_its_name() -> None:
    def found(name: str) -> list[str] | None:
        week = week_of(name)
        return None if week is None else [written(day) for day in week]

    assert found("2020-W53") == ["2020-12-28", "2021-01-03"]
    assert found("2010-12-26") == ["2010-12-26", "2011-01-01"]
    assert [found(name) for name in ("2021-W53", "2021", "2021-01", "", "week")] == [None] * 5


@pytest.mark.parametrize("bucket", BUCKETS)
def test_unknown_days(bucket: str) -> None:
    days = pl.Series("first", [None, number("2024-05-05"), None], pl.Int32)
    found = period(days, bucket)
    assert (found.name, found.dtype) == ("first", pl.Int32)
    assert found.is_null().to_list() == [True, False, True]
    assert label(found, bucket).is_null().to_list() == [True, False, True]
    nobody = label(period(days.filter(days.is_null()), bucket), bucket)
    assert (nobody.to_list(), nobody.dtype) == ([None, None], pl.String)
    assert label(period(days.clear(), bucket), bucket).dtype == pl.String


def test_no_such_bucket() -> None:
    for ask in (lambda: period(days_of("2024-01-01"), "day"), lambda: first_day(0, "day")):
        with pytest.raises(ValueError, match="day"):
            ask()


@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.parametrize("week_start", [0, 6])
def test_an_expression_gives_what_a_series_gives(bucket: str, week_start: int) -> None:
    days = pl.Series("day", range(FIRST_DAY, LAST_DAY + 1, 97), pl.Int32)
    asked = days.to_frame().select(period(pl.col("day"), bucket, week_start)).to_series()
    assert asked.name == "day"
    assert asked.dtype == pl.Int32
    assert asked.equals(period(days, bucket, week_start))


@given(
    st.lists(st.integers(FIRST_DAY + 400, LAST_DAY - 400), min_size=1, max_size=30),
    st.sampled_from(BUCKETS),
    st.integers(0, 6),
)
def test_laws(days: list[int], bucket: str, week_start: int) -> None:
    ordered = pl.Series("day", sorted(days), pl.Int32)
    found = period(ordered, bucket, week_start)
    assert found.is_sorted()
    names = label(found, bucket, week_start)
    assert names.is_sorted()
    assert names.n_unique() == found.n_unique()
    for day, place in zip(ordered, found, strict=True):
        since, until = first_day(place, bucket, week_start), last_day(place, bucket, week_start)
        assert since <= day <= until
        around = period(pl.Series([since - 1, since, until, until + 1], dtype=pl.Int32), bucket, week_start)
        assert around.to_list() == [place - 1, place, place, place + 1]
        if bucket == "week":
            assert week_of(str(label(pl.Series([place]), bucket, week_start)[0])) == (since, until)
            assert (since + 3) % 7 == week_start
