"""Dates as shops write them. Expected days are given as ISO dates by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import FORMATS, decode

EPOCH = dt.date(1970, 1, 1)


def read(text: str | None, *formats: str) -> tuple[str, int] | None:
    day, second = decode(pl.Series([text], dtype=pl.String), formats).row(0)
    return None if day is None else ((EPOCH + dt.timedelta(days=day)).isoformat(), second)


@pytest.mark.parametrize(
    ("name", "text", "day", "second"),
    [
        ("iso", "2014-01-15", "2014-01-15", 0),
        ("iso", "2014-01-15 09:30:01", "2014-01-15", 34201),
        ("iso", "2014-01-15 09:30:01.999", "2014-01-15", 34201),
        ("iso", "2014-01-15T09:30", "2014-01-15", 34200),
        ("iso", "2014-01-15T23:59:59Z", "2014-01-15", 86399),
        ("iso", "2014-01-15T23:59:59+02:00", "2014-01-15", 86399),
        ("iso", "2014-01-15T23:59:59.5-0800", "2014-01-15", 86399),
        ("iso", " 2014-1-5 7:03 ", "2014-01-05", 25380),
        ("iso", "2014/01/15", "2014-01-15", 0),
        ("yyyymmdd", "20140115", "2014-01-15", 0),
        ("yyyymmdd", "20140115.0", "2014-01-15", 0),
        ("ym", "2014-02", "2014-02-01", 0),
        ("mdy", "1/15/2014", "2014-01-15", 0),
        ("mdy", "01-15-14", "2014-01-15", 0),
        ("mdy", "1/15/69", "1969-01-15", 0),
        ("mdy", "1/15/68", "2068-01-15", 0),
        ("mdy", "1.15.2014 9:30", "2014-01-15", 34200),
        ("mdy", "1/15/2014 12:05 AM", "2014-01-15", 300),
        ("mdy", "1/15/2014 12:05:07 pm", "2014-01-15", 43507),
        ("dmy", "15/1/2014 21:30", "2014-01-15", 77400),
        ("dmy", "15.01.14", "2014-01-15", 0),
        ("d_mon_y", "14-Jan-15", "2015-01-14", 0),
        ("d_mon_y", "14 January 2015 08:00", "2015-01-14", 28800),
        ("d_mon_y", "Jan 14, 2015", "2015-01-14", 0),
        ("d_mon_y", "Sept 3rd, 2014", "2014-09-03", 0),
        ("unix_s", "1389778200", "2014-01-15", 34200),
        ("unix_s", "1389778200.0", "2014-01-15", 34200),
        ("unix_ms", "1389778200999", "2014-01-15", 34200),
        ("julian", "2456672.5", "2014-01-15", 0),
        ("julian", "2456673.25", "2014-01-15", 64800),
        ("excel", "41654", "2014-01-15", 0),
        ("excel", "41654.75", "2014-01-15", 64800),
    ],
)
def test_every_format_gives_day_and_second(name: str, text: str, day: str, second: int) -> None:
    assert read(text, name) == (day, second)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iso", "2014-02-30"),
        ("iso", "2014-13-01"),
        ("iso", "2014-01-15 25:00"),
        ("iso", "2014-01-15 10:61"),
        ("iso", "2014-01-15 and more"),
        ("iso", "1899-12-31"),
        ("iso", "2201-01-01"),
        ("iso", ""),
        ("iso", None),
        ("yyyymmdd", "20140231"),
        ("yyyymmdd", "2014011"),
        ("mdy", "13/1/2014"),
        ("mdy", "2/29/2013"),
        ("mdy", "1/15/2014 13:00 PM"),
        ("dmy", "1/13/2014"),
        ("d_mon_y", "14 Foo 2015"),
        ("unix_s", "5"),
        ("unix_s", "-1"),
        ("unix_s", "nan"),
        ("unix_ms", "99999999999999999999"),
        ("julian", "12"),
        ("excel", "1e309"),
        ("excel", "12"),
    ],
)
def test_what_is_no_date_is_null_and_never_raises(name: str, text: str | None) -> None:
    assert read(text, name) is None


def test_a_value_is_read_by_the_first_format_that_can() -> None:
    values = pl.Series(["2014-01-15", "1/15/2014", "15/1/2014", "1389778200", "junk", None])
    found = decode(values, ("iso", "mdy", "dmy", "unix_s"))
    assert found["day"].to_list() == [16085, 16085, 16085, 16085, None, None]
    assert found["second"].to_list() == [0, 0, 0, 34200, None, None]
    assert decode(pl.Series(["3/4/2014"]), ("dmy", "mdy"))["day"].to_list() == [16163]  # 3 April


def test_no_value_and_no_format_give_an_empty_answer_of_the_right_type() -> None:
    expected = {"day": pl.Int32(), "second": pl.Int32()}
    assert dict(decode(pl.Series([], dtype=pl.String), ("iso",)).schema) == expected
    assert decode(pl.Series(["2014-01-15"]), ()).rows() == [(None, None)]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="stardate"):
        decode(pl.Series(["1"]), ("stardate",))


@pytest.mark.parametrize(
    ("values", "formats", "ambiguous"),
    [
        (["2014-01-02", "2014-03-04 10:00"], ("iso",), False),
        (["19970101", "19980630"], ("yyyymmdd",), False),
        (["2014-01", "2014-02"], ("ym",), False),
        (["1/2/2014", "3/4/2014"], ("mdy",), True),
        (["1/2/2014", "3/14/2014"], ("mdy",), False),
        (["1/2/2014", "14/3/2014"], ("dmy",), False),
        (["1/1/2014", "2/2/2014"], ("mdy",), False),  # either way the same days
        (["14-Jan-15", "Jan 14, 2015"], ("d_mon_y",), False),
        (["1389778200", "1400000000"], ("unix_s",), False),
        (["1389778200000"], ("unix_ms",), False),
        (["2456672.5"], ("julian",), False),
        (["41654.5"], ("excel",), False),
        (["2014-01-02", "2014-01-03", "1/14/2015"], ("iso", "mdy"), False),
        (["12.50", "7"], (), False),
        ([None, " "], (), False),
    ],
)
def test_formats_are_guessed_from_content(
    values: list[str | None], formats: tuple[str, ...], ambiguous: bool
) -> None:
    guess = guess_formats(values)
    assert (guess.formats, guess.ambiguous) == (formats, ambiguous)
    assert guess.readable == (1.0 if formats else 0.0)
    assert guess.why


def test_the_readable_share_counts_only_values_that_are_there() -> None:
    assert guess_formats(["2014-01-02", "soon", None, ""]).readable == 0.5


def test_a_few_numbers_among_dates_do_not_make_a_numeric_format() -> None:
    assert guess_formats(["2014-01-02"] * 99 + ["41654"]).formats == ("iso",)


WRITERS = {
    "iso": "{:%Y-%m-%d %H:%M:%S}",
    "mdy": "{:%m/%d/%Y %H:%M:%S}",
    "dmy": "{:%d.%m.%Y %H:%M:%S}",
    "d_mon_y": "{:%d-%b-%Y %H:%M:%S}",
}


@given(st.sampled_from(sorted(WRITERS)), st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 12, 31)))
def test_what_is_written_is_read_back(name: str, when: dt.datetime) -> None:
    second = when.hour * 3600 + when.minute * 60 + when.second
    assert read(WRITERS[name].format(when), name) == (when.date().isoformat(), second)


@given(st.integers(100_000_000, 7_000_000_000))
def test_unix_time_is_read_back(seconds: int) -> None:
    when = dt.datetime.fromtimestamp(seconds, dt.UTC)
    expected = (when.date().isoformat(), when.hour * 3600 + when.minute * 60 + when.second)
    assert read(str(seconds), "unix_s") == read(f"{seconds}999", "unix_ms") == expected


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=8))
def test_no_text_breaks_decoding(values: list[str | None]) -> None:
    found = decode(pl.Series(values, dtype=pl.String), tuple(FORMATS))
    assert found.height == len(values)
    assert found["day"].is_null().to_list() == found["second"].is_null().to_list()
