"""Text within an SQL expression is reckoned with as the amount it is. Expected amounts by hand."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ltvtui.analytics.cleaning.clean import clean
from ltvtui.errors import LtvError
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read import read
from ltvtui.sources.sqlite.database import SqliteDatabase


def shop(path: Path, *rows: tuple[object, ...], types: str = "qty INTEGER, price TEXT, fee TEXT") -> Path:
    """Lines of one customer, with these values in further columns."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE sales (customer_id, day, {types}, note TEXT)")
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(
            f"INSERT INTO sales VALUES (1, '2024-01-15', {marks}, 'x')",
            rows,
        )
        connection.commit()
    return path


def amounts(path: Path, expression: str, decimal: str | None = None, cost: str | None = None) -> list[float | None]:
    mapping = Mapping("sales", "customer_id", "day", expression, date_formats=("iso",), decimal=decimal, cost=cost)
    with SqliteDatabase.open(path) as database:
        rows = read(database, mapping).rows
    return [None if value is None else value / 10_000 for value in rows["margin" if cost else "amount"]]


POINT = [
    (2, "1,648.00", "$1.50"),
    (3, "12.25", "(2.00)"),
    (1, "N/A", "1.00"),
    (1, "", "1.00"),
    (None, "5.00", "0.00"),
]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("qty * price", [3296.0, 36.75, None, None, None]),
        ('"qty" * "sales"."price"', [3296.0, 36.75, None, None, None]),
        ("[qty]*`price`", [3296.0, 36.75, None, None, None]),
        ("price + fee", [1649.5, 10.25, None, None, 5.0]),
        ("price /* the list price * 1 */ * 2 -- and 'no' more", [3296.0, 24.5, None, None, 10.0]),
        ("round(price * 1.1, 1)", [1812.8, 13.5, None, None, 5.5]),
        ("CAST(price AS REAL) * qty", [3296.0, 36.75, None, None, None]),
        ("COALESCE(price, 7) * ifnull(qty, 1)", [3296.0, 36.75, 7.0, 7.0, 5.0]),
        ("CASE WHEN price > 100 THEN price * 2 ELSE 0 END", [3296.0, 0.0, 0.0, 0.0, 0.0]),
        ("CASE WHEN note = 'x' THEN price ELSE 0 END + 1", [1649.0, 13.25, None, None, 6.0]),
        ("CASE WHEN price = 'N/A' THEN 0.5 ELSE 1 END", [1.0, 1.0, 0.5, 1.0, 1.0]),
        ("CAST(replace(price, ',', '') AS REAL) * qty", [3296.0, 36.75, 0.0, 0.0, None]),
        ("CAST(substr(fee, 2) AS REAL)", [1.5, 2.0, 0.0, 0.0, 0.0]),
        ("(price)", [1648.0, 12.25, None, None, 5.0]),
        ("-price", [-1648.0, -12.25, None, None, -5.0]),
    ],
)
def test_text_is_parsed_before_sqlite_reckons_with_it(
    tmp_path: Path, expression: str, expected: list[float | None]
) -> None:
    assert amounts(shop(tmp_path / "s.sqlite", *POINT), expression) == expected


def test_a_comma_before_the_cents_is_known_from_the_whole_column(tmp_path: Path) -> None:
    path = shop(tmp_path / "s.sqlite", (2, "1.648", "0,5"), (1, "1648,50", "1"))
    assert amounts(path, "qty * price") == [3296.0, 1648.5]


def test_a_column_that_says_nothing_goes_with_the_others(tmp_path: Path) -> None:
    path = shop(tmp_path / "s.sqlite", (2, "1.648", "0,5"))
    assert amounts(path, "qty * price - fee") == [3295.5]


def test_what_nothing_decides_is_asked(tmp_path: Path) -> None:
    path = shop(tmp_path / "s.sqlite", (2, "1,648", "5"))
    with pytest.raises(LtvError, match=r"price, such as 1,648, .* no value decides") as caught:
        amounts(path, "qty * price")
    assert caught.value.exit_code == 2
    assert "--decimal" in caught.value.mend
    assert amounts(path, "qty * price", "point") == [3296.0]
    assert amounts(path, "qty * price", "comma") == [3.296]


def test_text_where_only_numbers_were_seen_is_no_amount(tmp_path: Path) -> None:
    """It stands beyond the rows that are looked at, so that nobody knows how to read it: left out, and counted."""
    many = [(1, 10.0, 0)] * 2000
    path = shop(tmp_path / "s.sqlite", *many, (2, "1,648.00", 0), *many, types="qty, price, fee")
    found = amounts(path, "qty * price")
    assert found.count(10.0) == 4000
    assert found[2000] is None


def test_numbers_kept_as_plain_text_are_reckoned_with_as_ever(tmp_path: Path) -> None:
    many = [(1, 10.0, 0)] * 2000
    path = shop(tmp_path / "s.sqlite", *many, (2, " 12.5", 0), *many, types="qty, price, fee")
    assert amounts(path, "qty * price")[2000] == 25.0


def test_cost_and_margin_are_parsed_too(tmp_path: Path) -> None:
    path = shop(tmp_path / "s.sqlite", (2, "1,648.00", "1,000.00"))
    assert amounts(path, "qty * price", cost="qty * fee") == [1296.0]


def test_text_beside_a_select_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = shop(tmp_path / "s.sqlite", (2, "1,648.00", "5"))
    with pytest.raises(LtvError, match=r"price, which has text such as '1,648.00'"):
        amounts(path, "price * (SELECT max(qty) FROM sales)")


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    path = shop(tmp_path / "s.sqlite", (2, "1,648.00", "5"), (3, "2.00", "1"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE sales SET price = CAST(x'ff32' AS TEXT) WHERE qty = 3")
        connection.commit()
    assert amounts(path, "qty * price") == [3296.0, None]


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_text_of_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "s.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")
        connection.execute("CREATE TABLE sales (customer_id, day, qty, price TEXT)")
        connection.execute("INSERT INTO sales VALUES (1, '2024-01-15', 2, '1 648,50 €')")
        connection.commit()
    assert amounts(path, "qty * price") == [3297.0]


def through(path: Path, orders: str, amount: str) -> list[float | None]:
    with SqliteDatabase.open(path) as database:
        rows = read(database, Mapping(orders, "customer_id", "day", amount, date_formats=("iso",))).rows
    return [None if value is None else value / 10_000 for value in rows["amount"]]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT customer_id, day, qty * price AS total FROM sales",
        'SELECT customer_id, day, sum("price") AS total FROM sales GROUP BY 1, 2',
        "SELECT s.customer_id, s.day, s.price * s.qty AS total FROM sales AS s",
    ],
)
def test_what_a_view_or_a_select_has_cut_is_refused(tmp_path: Path, sql: str) -> None:
    path = shop(tmp_path / "s.sqlite", (2, "1,648.00", "5"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE VIEW v AS {sql}")
        connection.execute("CREATE VIEW w AS SELECT * FROM v")
        connection.commit()
    for orders in (sql, "v", "w"):
        with pytest.raises(LtvError, match=r"calculates with price, which has text such as '1,648.00'"):
            through(path, orders, "total")


@pytest.mark.parametrize(
    ("sql", "amount", "expected"),
    [
        ("SELECT customer_id, day, price, qty FROM sales", "price", 1648.0),
        ("SELECT customer_id, day, price, qty FROM sales", "price * qty", 3296.0),
        ("SELECT customer_id, day, qty * price AS total, price FROM sales", "price", 1648.0),
        ("SELECT customer_id, day, CAST(replace(price, ',', '') AS REAL) * qty AS total FROM sales", "total", 3296.0),
    ],
)
def test_what_a_select_leaves_whole_is_read(tmp_path: Path, sql: str, amount: str, expected: float) -> None:
    assert through(shop(tmp_path / "s.sqlite", (2, "1,648.00", "5")), sql, amount) == [expected]


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([1.082, 2], [10.82, 20.0]),
        (["1.082", "2"], [10.82, 20.0]),
        (["1,082", "2"], [10.82, 20.0]),
        (["1,08234", 1.082], [10.8234, 10.82]),
        ([1e-3, 1e16], [0.01, None]),
    ],
)
def test_rates_are_numbers_of_any_fineness(tmp_path: Path, rates: list[object], expected: list[float | None]) -> None:
    path = shop(tmp_path / "s.sqlite", *((1, 10, rate) for rate in rates), types="qty, price, fee")
    mapping = Mapping("sales", "customer_id", "day", "price", date_formats=("iso",), rate="fee")
    with SqliteDatabase.open(path) as database:
        found = clean(read(database, mapping).rows)
    assert found.orders["amount"].to_list() == [round(10_000 * amount) for amount in expected if amount is not None]
