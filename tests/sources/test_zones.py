"""Days in a time zone, at the nights when clocks change and at the ends of years. Expected values by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read import read
from ltvtui.sources.shop import Shop
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.values.zones import DAYS_ONLY, OFFSET

EPOCH = datetime(1970, 1, 1)
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"

# Berlin is one hour before UTC, two from 2024-03-31 01:00 to 2024-10-27 01:00 UTC. New York is five behind, four
# from 2024-03-10 07:00 on.
MOVED = [
    (BERLIN, "2024-03-30 22:59:59", "2024-03-30 23:59:59"),
    (BERLIN, "2024-03-30 23:30:00", "2024-03-31 00:30:00"),
    (BERLIN, "2024-03-31 00:59:59", "2024-03-31 01:59:59"),
    (BERLIN, "2024-03-31 01:00:00", "2024-03-31 03:00:00"),
    (BERLIN, "2024-03-31 21:59:59", "2024-03-31 23:59:59"),
    (BERLIN, "2024-03-31 22:00:00", "2024-04-01 00:00:00"),
    (BERLIN, "2024-10-26 21:59:59", "2024-10-26 23:59:59"),
    (BERLIN, "2024-10-26 22:30:00", "2024-10-27 00:30:00"),
    (BERLIN, "2024-10-27 00:59:59", "2024-10-27 02:59:59"),
    (BERLIN, "2024-10-27 01:00:00", "2024-10-27 02:00:00"),
    (BERLIN, "2024-10-27 22:59:59", "2024-10-27 23:59:59"),
    (BERLIN, "2024-10-27 23:00:00", "2024-10-28 00:00:00"),
    (BERLIN, "2023-12-31 23:30:00", "2024-01-01 00:30:00"),
    (BERLIN, "1969-12-31 23:30:00", "1970-01-01 00:30:00"),
    (BERLIN, "1969-12-31 22:30:00", "1969-12-31 23:30:00"),
    (NEW_YORK, "2024-01-01 04:30:00", "2023-12-31 23:30:00"),
    (NEW_YORK, "2024-01-01 05:00:00", "2024-01-01 00:00:00"),
    (NEW_YORK, "2024-03-10 06:59:59", "2024-03-10 01:59:59"),
    (NEW_YORK, "2024-03-10 07:00:00", "2024-03-10 03:00:00"),
    ("Asia/Kathmandu", "2023-12-31 18:15:00", "2024-01-01 00:00:00"),
    ("UTC", "2023-12-31 23:59:59", "2023-12-31 23:59:59"),
]


def shop(path: Path, *days: object) -> Path:
    """A database with one order for each of `days`."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (customer_id, day, amount)")
        connection.executemany("INSERT INTO orders VALUES ('a', ?, 1)", [(day,) for day in days])
        connection.commit()
    return path


def read_in(path: Path, zone: str | None, *formats: str, typed: bool = True) -> Shop:
    mapping = Mapping("orders", "customer_id", "day", "amount", date_formats=formats)
    with SqliteDatabase.open(path) as database:
        return read(database, mapping, typed=typed, zone=zone)


def clocks(found: Shop) -> list[str | None]:
    return [
        None if day is None else str(EPOCH + timedelta(days=day, seconds=second))
        for day, second in found.rows.select("day", "second").iter_rows()
    ]


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("zone", sorted({zone for zone, _, _ in MOVED}))
def test_moments_are_moved_to_the_zone(tmp_path: Path, zone: str, typed: bool) -> None:
    known = {utc: there for place, utc, there in MOVED if place == zone}
    spellings: dict[str, Callable[[datetime], object]] = {
        "iso": str,
        "iso with Z": lambda utc: f"{utc:%Y-%m-%dT%H:%M:%S}Z",
        "iso with an offset": lambda utc: f"{utc - timedelta(hours=8):%Y-%m-%d %H:%M:%S}-08:00",
        "mdy": lambda utc: f"{utc:%m/%d/%Y %I:%M:%S %p}",
        "dmy": lambda utc: f"{utc:%d.%m.%Y %H:%M:%S}",
        "d_mon_y": lambda utc: f"{utc:%d-%b-%Y %H:%M:%S}",
    }
    for name, spell in spellings.items():
        days = [spell(datetime.fromisoformat(utc)) for utc in known]
        found = read_in(shop(tmp_path / "shop.sqlite", *days), zone, name.split()[0], typed=typed)
        assert clocks(found) == list(known.values()), name
        assert found.notices == ()
        assert OFFSET not in found.rows.columns


@pytest.mark.parametrize("typed", [True, False])
def test_unix_seconds_and_milliseconds_are_moments(tmp_path: Path, typed: bool) -> None:
    """At midnight UTC too: no digit of them says that there is no time of day."""
    moments = {"2024-03-30 23:30:00": "2024-03-31 00:30:00", "2024-01-01 00:00:00": "2024-01-01 01:00:00"}
    seconds = [int(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp()) for utc in moments]
    for name, scale in (("unix_s", 1), ("unix_ms", 1000)):
        for kind in (int, str, float):
            path = shop(tmp_path / "shop.sqlite", *(kind(second * scale) for second in seconds))
            assert clocks(read_in(path, BERLIN, name, typed=typed)) == list(moments.values())


OFFSETS = {
    "2024-01-01T00:30:00+02:00": "2023-12-31 23:30:00",  # 22:30 UTC
    "2023-12-31 22:00:00-0500": "2024-01-01 04:00:00",  # 03:00 UTC
    "2023-12-31 22:00-05": "2024-01-01 04:00:00",
    "2023-12-31T23:30:00.250+00:00": "2024-01-01 00:30:00",
    "2023-12-31T23:30:00Z": "2024-01-01 00:30:00",
    "2023-12-31 23:30:00 UTC": "2024-01-01 00:30:00",
    " 2023-12-31 23:30:00 GMT ": "2024-01-01 00:30:00",
    "2023-12-31 23:30:00 +05:30": "2023-12-31 19:00:00",  # 18:00 UTC
    "2023-12-31 23:30:00": "2024-01-01 00:30:00",
    "2023-12-31": "2023-12-31 00:00:00",  # a day is a day
    "soon": None,
    None: None,
}


@pytest.mark.parametrize("typed", [True, False])
def test_offsets_are_applied(tmp_path: Path, typed: bool) -> None:
    path = shop(tmp_path / "shop.sqlite", *OFFSETS)
    assert clocks(read_in(path, BERLIN, "iso", typed=typed)) == list(OFFSETS.values())
    for written, there in OFFSETS.items():
        if written not in ("2023-12-31", "soon", None):
            alone = shop(tmp_path / "shop.sqlite", written)
            assert clocks(read_in(alone, BERLIN, "iso", typed=typed)) == [there], written


def test_without_a_zone_offsets_are_read_over(tmp_path: Path) -> None:
    path = shop(tmp_path / "shop.sqlite", "2024-01-01T00:30:00+02:00", "2023-12-31T23:30:00Z")
    assert clocks(read_in(path, None, "iso")) == ["2024-01-01 00:30:00", "2023-12-31 23:30:00"]


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize(
    ("format", "days"),
    [
        ("iso", ["2024-01-01", "2023-12-31"]),
        ("iso", ["2024-01-01 00:00:00", "2023-12-31 00:00:00"]),
        ("iso", ["2024-01-01T00:00:00+02:00", "2023-12-31T00:00:00+02:00"]),
        ("yyyymmdd", [20240101, 20231231]),
        ("excel", [45292, 45291]),
        ("unix_s", [1704067200, 1703980800]),
    ],
)
def test_days_alone_stay_and_are_told_of(tmp_path: Path, format: str, days: list[object], typed: bool) -> None:
    found = read_in(shop(tmp_path / "shop.sqlite", *days), NEW_YORK, format, typed=typed)
    assert clocks(found) == ["2024-01-01 00:00:00", "2023-12-31 00:00:00"]
    assert found.notices == (DAYS_ONLY,)
    assert OFFSET not in found.rows.columns


moments = st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 30)).map(lambda at: at.replace(microsecond=0))


@given(st.lists(moments, min_size=1, max_size=20), st.sampled_from([BERLIN, NEW_YORK, "Asia/Kolkata", "UTC"]))
def test_as_the_standard_library_has_it(
    tmp_path_factory: pytest.TempPathFactory, found: list[datetime], zone: str
) -> None:
    timed = [at.replace(second=1) for at in found]
    path = shop(tmp_path_factory.getbasetemp() / "law.sqlite", *(str(at) for at in timed))
    there = [at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in timed]
    assert clocks(read_in(path, zone, "iso")) == [str(at) for at in there]
