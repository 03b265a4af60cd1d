"""What the whole of a shop decides: ids that lost digits, guests, words for nothing, days that stand for none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from ltvtui.errors import LtvError
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read import read
from ltvtui.sources.shop import Shop
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.values.placeholders import USUAL, IdRules, lost_digits


def shop(path: Path, *rows: tuple[object, object], rules: IdRules = USUAL, zone: str | None = None) -> Shop:
    """Orders of these customers on these days, each of 1."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (customer_id, day, amount)")
        connection.executemany("INSERT INTO orders VALUES (?, ?, 1)", rows)
        connection.commit()
    with SqliteDatabase.open(path) as database:
        mapping = Mapping("orders", "customer_id", "day", "amount", date_formats=("iso",))
        return read(database, mapping, ids=rules, zone=zone)


def customers(*ids: object, folder: Path, rules: IdRules = USUAL) -> list[object]:
    found = shop(folder / "s.sqlite", *((one, "2024-01-15") for one in ids), rules=rules)
    return found.rows["customer_id"].to_list()


WORDS = [
    "NULL",
    "null",
    "None",
    "nan",
    "NaN",
    "N/A",
    "n/a",
    "#N/A",
    "\\N",
    "-",
    "—",
    "",
    " ",
    "(null)",
    "<NA>",
    "#REF!",
]


@pytest.mark.parametrize("word", WORDS)
def test_words_for_nothing_are_nobody(tmp_path: Path, word: str) -> None:
    assert customers("a", word, "b", folder=tmp_path) == ["a", None, "b"]


@pytest.mark.parametrize("name", ["Nancy", "Noney", "N-1", "#1", "nullbock@x.de", "a-", "007"])
def test_what_only_begins_like_nothing_is_somebody(tmp_path: Path, name: str) -> None:
    assert customers("a", name, folder=tmp_path) == ["a", name]


def test_case_does_not_part_addresses_but_other_ids(tmp_path: Path) -> None:
    found = customers(" ANN@X.com", "ann@x.com", "AB", "ab", "Team@Home", folder=tmp_path)
    assert found == ["ann@x.com", "ann@x.com", "AB", "ab", "Team@Home"]


@pytest.mark.parametrize(
    "guest",
    [
        "guest",
        "Guest",
        "(not set)",
        "0",
        "-1",
        "000",
        "anonymous",
        "Gast",
        "Laufkundschaft",
        "Client comptoir",
        "Розничный покупатель",
    ],
)
def test_a_word_for_guests_among_texts_is_nobody(tmp_path: Path, guest: str) -> None:
    found = shop(tmp_path / "s.sqlite", *((one, "2024-01-15") for one in ("a", guest, "b")))
    assert found.rows["customer_id"].to_list() == ["a", None, "b"]
    assert any(f"the customer id {guest} is shared by guests: 1 of 3." in notice for notice in found.notices)
    assert found.extent is None


def test_zero_among_numbers_is_a_customer_unless_it_stands_for_all_guests(tmp_path: Path) -> None:
    assert customers(0, 1, 1, 2, folder=tmp_path) == [0, 1, 1, 2]
    many = [0] * 5 + [1, 2, 3]
    assert customers(*many, folder=tmp_path) == [None] * 5 + [1, 2, 3]
    assert customers(*many, folder=tmp_path, rules=IdRules(guests="keep")) == many
    assert customers(*[7] * 50, 1, 2, folder=tmp_path) == [7] * 50 + [1, 2]


@pytest.mark.parametrize("cut", ["7.00E+12", "1.23457E+15", "7E+12", "1,23457E+15"])
def test_ids_that_lost_digits_stop_the_reading(tmp_path: Path, cut: str) -> None:
    with pytest.raises(LtvError, match=r"rounded ids") as caught:
        customers("a", cut, folder=tmp_path)
    assert cut in caught.value.what
    assert "--force-ids" in caught.value.mend
    assert customers("a", cut, folder=tmp_path, rules=IdRules(force=True)) == ["a", cut]


def test_long_ids_that_all_end_in_zeros_have_lost_their_digits() -> None:
    cut = [f"{n}00" for n in range(123456789012345, 123456789012351)]
    assert lost_digits(pl.Series(cut)) == "12345678901234500"
    assert lost_digits(pl.Series([int(one) for one in cut])) == "12345678901234500"
    assert lost_digits(pl.Series([*cut, "12345678901234567"])) is None
    assert lost_digits(pl.Series(cut[:3])) is None


@pytest.mark.parametrize("sound", ["12E5", "AE+12", "1.5e+10", "E+12", "A-7.00E+12"])
def test_other_ids_with_an_e_are_sound(sound: str) -> None:
    assert lost_digits(pl.Series(["a", sound])) is None


def days(folder: Path, *days: str, zone: str | None = None) -> tuple[list[int | None], tuple[str, ...]]:
    found = shop(folder / "s.sqlite", *(("a", day) for day in days), zone=zone)
    return found.rows["day"].to_list(), found.notices


@pytest.mark.parametrize("stand_in", ["1970-01-01", "1970-01-01 00:00:00", "1969-12-31 19:00:00", "1900-01-01"])
def test_a_day_that_programs_fill_in_is_none(tmp_path: Path, stand_in: str) -> None:
    found, notices = days(tmp_path, "2024-01-15", stand_in, "2024-01-16", stand_in, "2024-01-17")
    assert found == [19737, None, 19738, None, 19739]
    assert any(f"the date {stand_in[:10]} is a placeholder: 2." in notice for notice in notices)


@pytest.mark.parametrize("end", ["0000-00-00", "0000-00-00 00:00:00", "9999-12-31", "1900-01-00"])
def test_the_ends_of_the_calendar_are_no_days(tmp_path: Path, end: str) -> None:
    assert days(tmp_path, "2024-01-15", end, "2024-01-16")[0] == [19737, None, 19738]


def test_a_shop_of_those_years_keeps_its_days(tmp_path: Path) -> None:
    assert days(tmp_path, "1970-01-01", "1970-03-01", "1971-01-01") == ([0, 59, 365], ())
    assert days(tmp_path, "1970-01-01", "1970-01-01", "2024-01-15") == ([0, 0, 19737], ())


def test_it_is_told_before_days_are_moved_to_a_zone(tmp_path: Path) -> None:
    moments = ("2024-01-15 12:00:00", "1970-01-01 00:00:00", "2024-01-16 12:00:00")
    assert days(tmp_path, *moments, zone="America/New_York")[0] == [19737, None, 19738]


def test_a_word_for_nothing_is_no_currency(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (customer_id, day, amount, currency)")
        rows = [("a", "2024-01-15", 1, "EUR"), ("a", "2024-01-16", 1, "NULL"), ("a", "2024-01-17", 1, None)]
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", rows)
        connection.commit()
    mapping = Mapping("orders", "customer_id", "day", "amount", date_formats=("iso",), currency="currency")
    with SqliteDatabase.open(path) as database:
        assert read(database, mapping).rows["currency"].cast(pl.String).to_list() == ["EUR", None, None]
