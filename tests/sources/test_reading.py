"""Reading: exact figures of the real shops, wild types, joins, views, copies, people and spend."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from ltvtui.analytics import schema
from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.detection.detect import propose
from ltvtui.sources.mapping import Attribute, CustomerTable, Mapping, SpendTable
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.preview import preview
from ltvtui.sources.read import read
from ltvtui.sources.shop import Shop
from ltvtui.sources.sqlite.database import SqliteDatabase

MakeShop = Callable[..., Path]
RealShop = Callable[[str], Path]
Ask = Callable[..., list[tuple[object, ...]]]
SIMPLE = Mapping("orders", "customer_id", "day", "amount", date_formats=("iso",))


def written(shop: Shop) -> Shop:
    """With ids and categories as text, whichever of their types they were read as."""
    kinds = {"customer_id", "order_id", "refund_of"} & set(shop.rows.columns)
    kinds |= {name for name, dtype in shop.rows.schema.items() if dtype == pl.Categorical}
    return replace(shop, rows=shop.rows.with_columns(pl.col(sorted(kinds)).cast(pl.String)))


def shop(path: Path, mapping: Mapping) -> Shop:
    with SqliteDatabase.open(path) as database:
        return written(read(database, mapping))


def real(path: Path, **said: str) -> Shop:
    with SqliteDatabase.open(path) as database:
        return written(read(database, propose(database, Overrides(**said)).demand()))


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def money(rows: pl.DataFrame, column: str = "amount") -> float:
    return float(rows[column].sum()) / schema.MONEY_SCALE


@pytest.mark.parametrize(
    ("name", "said", "rows", "customers", "first", "last", "total"),
    [
        ("cdnow", {"orders": "CDNOW_sample"}, 6919, 2357, "1997-01-01", "1998-06-30", 244_091.94),
        ("cdnow", {"orders": "CDNOW_master"}, 69_659, 23_570, "1997-01-01", "1998-06-30", 2_500_315.63),
        ("rfm_orders", {}, 4906, 995, "2001-10-29", "2006-12-30", 464_158.0),
        ("yandex_afisha", {}, 50_415, 36_523, "2017-06-01", "2018-06-01", 252_057.20),
        ("chinook", {}, 412, 59, "2021-01-01", "2025-12-22", 2_328.60),
        ("northwind", {}, 2155, 89, "1996-07-04", "1998-05-06", 1_265_793.0395),
    ],
)
def test_real_shops(
    real_shop: RealShop,
    name: str,
    said: dict[str, str],
    rows: int,
    customers: int,
    first: str,
    last: str,
    total: float,
) -> None:
    found = real(real_shop(name), **said).rows
    assert found.height == rows
    assert found["customer_id"].n_unique() == customers
    assert (found["day"].min(), found["day"].max()) == (day(first), day(last))
    assert money(found) == total
    assert found["day"].null_count() == found["amount"].null_count() == 0


def test_uci_line_by_line(real_shop: RealShop, ask: Ask) -> None:
    path = real_shop("uci_online_retail")
    found = real(path).rows
    assert found.height == 541_909
    assert found["customer_id"].null_count() == 135_080
    assert found["customer_id"].n_unique() - 1 == 4372
    assert found["order_id"].n_unique() == 25_900
    assert money(found) == 9_747_747.934
    assert money(found.filter(pl.col("customer_id").is_not_null())) == 8_300_065.814
    # rows stand in the table's own order, and every cell is the one of its row
    asked = ask(
        path,
        """SELECT InvoiceNo, CAST(CustomerID AS INTEGER), Country, Quantity * UnitPrice FROM online_retail
        WHERE rowid % 997 = 0 ORDER BY rowid""",
    )
    picked = found.gather(range(996, found.height, 997)).select("order_id", "customer_id", "country", "amount")
    expected = [(o, None if c is None else str(c), s, round(a * 10_000)) for o, c, s, a in asked]  # type: ignore[operator, call-overload]
    assert picked.rows() == expected
    # 5 268 rows repeat an earlier one in every column: asked of SQLite itself
    distinct = ask(path, "SELECT count(*) FROM (SELECT DISTINCT * FROM online_retail)")[0][0]
    assert found["copy"].n_unique() == distinct == 541_909 - 5268


def test_rows_have_the_types_of_the_schema(real_shop: RealShop) -> None:
    with SqliteDatabase.open(real_shop("northwind")) as database:
        found = read(database, propose(database, Overrides()).demand())
    assert list(found.rows.columns)[:4] == list(schema.ROW_REQUIRED)
    # Northwind's customers are called ALFKI, its orders are numbered
    known = {**schema.ROW_REQUIRED, **schema.ROW_OPTIONAL, "order_id": pl.Int32()}
    for name, dtype in found.rows.schema.items():
        assert dtype == known.get(name, pl.Categorical()), name
    assert found.people is not None
    for name, dtype in found.people.schema.items():
        assert dtype == {**schema.PEOPLE_REQUIRED, **schema.PEOPLE_OPTIONAL}.get(name, pl.String()), name


def test_wild_types_are_understood_value_by_value(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id, day, amount);
        INSERT INTO orders VALUES
            (1, '2024-01-01', 5), (2.0, '2024-01-01', 5.25), (' 3 ', '2024-01-01', '5.50'),
            ('10329302124590727494', '2024-01-01', '1,234.56'), ('007', '2024-01-01', '$12'),
            (NULL, NULL, NULL), ('', '', ''), ('  ', 'soon', 'gratis'), (x'41', '2024-01-01', x'35'),
            (1e15, '2024-01-01', 9e999), (9007199254740993, '2024-01-01', -9e999),
            ('a', '2024-01-01', 900000000000001), ('a', '2024-01-01', -9223372036854775808),
            ('a', '2024-01-01', 1e300), ('a', '2024-01-01', '(7.00)'), ('a', '2024-01-01', '-8,00 EUR'),
            ('a', '2024-01-01', 0.00005), ('a', '2024-01-01', -19.99), ('a', '2024-01-01', '1.2.3'),
            ('a', '2024-01-01', 'NaN'), ('a', '2024-01-01', 'inf'), ('a', '2024-01-01', 123456789012.3456);"""
    )
    found = shop(path, SIMPLE).rows
    assert found["customer_id"].to_list()[:12] == [
        *("1", "2", "3", "10329302124590727494", "007", None, None, None, "A"),
        *("1000000000000000", "9007199254740993", "a"),
    ]
    assert found["amount"].to_list() == [
        *(50_000, 52_500, 55_000, 12_345_600, 120_000, None, None, None, None, None, None, None, None, None),
        *(-70_000, -80_000, 1, -199_900, None, None, None, 1_234_567_890_123_456),
    ]
    assert found["day"].null_count() == 3


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (["12,50", "1.234,56", "7", "-3,00 €"], [125_000, 12_345_600, 70_000, -30_000]),
        (["12.50", "1,234.56", "7", "-3.00 €"], [125_000, 12_345_600, 70_000, -30_000]),
        (["1,234", "12,345,678"], [12_340_000, 123_456_780_000]),
        (
            ["USD 5", "€ 5", "5 kr", "5-", "+5", "1 000.5", "1e2"],
            [50_000, 50_000, 50_000, -50_000, 50_000, 10_005_000, 1_000_000],
        ),
        (["12.50", "12,5"], [125_000, 125_000]),  # each can be read in one way only
    ],
)
def test_amounts_written_as_text(make_shop: MakeShop, written: list[str], read_as: list[int | None]) -> None:
    values = ", ".join(f"('a', '2024-01-01', '{text}')" for text in written)
    path = make_shop("CREATE TABLE orders (customer_id, day, amount TEXT); INSERT INTO orders VALUES " + values)
    assert shop(path, SIMPLE).rows["amount"].to_list() == read_as


def test_text_that_is_not_utf8_is_read_and_joins(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id TEXT, day TEXT, amount REAL, place TEXT);
        INSERT INTO orders VALUES (CAST(x'ff41' AS TEXT), '2024-01-01', 1, CAST(x'4dfc' AS TEXT)),
            ('n' || char(0) || 'l', '2024-01-01', 1, 'ü');"""
    )
    mapping = Mapping("orders", "customer_id", "day", "amount", attributes=(Attribute("place", "place"),))
    found = shop(path, mapping).rows
    assert found["customer_id"].to_list() == ["\ufffdA", "n\0l"]
    assert found["place"].to_list() == ["M\ufffd", "ü"]


def test_nulls_first_and_numbers_much_later(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id, day, amount);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
        INSERT INTO orders SELECT CASE WHEN i > 25000 THEN i END, '2024-01-01',
            CASE WHEN i > 29000 THEN 'x' WHEN i > 25000 THEN i / 2.0 END FROM n;"""
    )
    found = shop(path, SIMPLE).rows
    assert (found.height, found["customer_id"].null_count(), found["amount"].null_count()) == (30_000, 25_000, 26_000)
    assert money(found) == sum(i / 2 for i in range(25_001, 29_001))
    assert found["customer_id"].drop_nulls().to_list() == [str(i) for i in range(25_001, 30_001)]


def test_an_empty_table_gives_an_empty_typed_frame(make_shop: MakeShop) -> None:
    found = shop(make_shop("CREATE TABLE orders (customer_id, day, amount);"), SIMPLE).rows
    assert found.is_empty()
    assert dict(found.schema) == schema.ROW_REQUIRED


SPARSE = """CREATE TABLE orders (customer_id INT, day TEXT, amount REAL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
    INSERT INTO orders (rowid, customer_id, day, amount) SELECT i * i, i, '2024-01-01', 0.1 FROM n;"""


def test_gaps_between_row_ids_lose_nothing(make_shop: MakeShop) -> None:
    found = shop(make_shop(SPARSE), SIMPLE).rows
    assert found["customer_id"].to_list() == [str(i) for i in range(1, 50_001)]
    assert found["amount"].sum() == 50_000 * 1000


@pytest.mark.parametrize(
    "orders",
    [
        "plain",
        "keyed",
        "seen",
        "SELECT * FROM plain",
        "/* all */ WITH w AS (SELECT * FROM plain) SELECT * FROM w -- end",
    ],
)
def test_every_kind_of_source_gives_the_same_rows(make_shop: MakeShop, orders: str) -> None:
    path = make_shop(
        """CREATE TABLE plain (id INT, customer_id INT, day TEXT, amount REAL, rowid TEXT);
        CREATE TABLE keyed (id INT PRIMARY KEY, customer_id INT, day TEXT, amount REAL) WITHOUT ROWID;
        CREATE VIEW seen AS SELECT * FROM plain;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
        INSERT INTO plain SELECT i, i % 7, date('2024-01-01', '+' || (i % 99) || ' day'), i / 4.0, 'x' FROM n;
        INSERT INTO keyed SELECT id, customer_id, day, amount FROM plain;"""
    )
    found = shop(path, Mapping(orders, "customer_id", "day", "amount", order_id="id")).rows
    assert found["order_id"].to_list() == [str(i) for i in range(1, 60_001)]
    assert found["customer_id"].to_list() == [str(i % 7) for i in range(1, 60_001)]
    assert found["day"].to_list() == [day("2024-01-01") + i % 99 for i in range(1, 60_001)]
    assert found["amount"].to_list() == [i * 2500 for i in range(1, 60_001)]
    assert "copy" not in found.columns


@pytest.mark.parametrize("key", ["INTEGER PRIMARY KEY", "TEXT"])
def test_lines_are_joined_in_their_own_order(make_shop: MakeShop, key: str) -> None:
    path = make_shop(
        """CREATE TABLE heads (nr KEY, customer_id INT, day TEXT, place TEXT);
        CREATE TABLE lines (head INT, qty INT, price REAL, place TEXT);
        INSERT INTO heads VALUES (2, 20, '2024-02-02', 'B'), (1, 10, '2024-01-01', 'A'), (3, 30, '2024-03-03', 'C');
        INSERT INTO lines VALUES (1, 2, 1.5, 'x'), (2, 1, 9, 'x'), (1, 1, 4, 'x'), (9, 1, 1, 'lost');""".replace(
            "KEY", key
        )
    )
    mapping = Mapping(
        *("heads", "customer_id", "day", "qty * lines.price"),
        order_id="nr",
        lines="lines",
        lines_order_id="head",
        attributes=(Attribute("place", "place"),),
    )
    found = shop(path, mapping).rows
    assert found.drop("copy", "second", "day").rows() == [
        ("10", 30_000, "1", "A"),
        ("20", 90_000, "2", "B"),
        ("10", 40_000, "1", "A"),
    ]


def copies(make_shop: MakeShop, script: str, order_id: str = "nr") -> pl.DataFrame:
    path = make_shop("CREATE TABLE orders (nr, customer_id, day, amount, note);" + script)
    return shop(path, Mapping("orders", "customer_id", "day", "amount", order_id=order_id)).rows


def test_exact_copies_have_equal_fingerprints(make_shop: MakeShop) -> None:
    found = copies(
        make_shop,
        """INSERT INTO orders VALUES (1, 'a', '2024-01-01', 5, 'x'), (1, 'a', '2024-01-01', 5, 'x'),
            (1, 'a', '2024-01-01', 5, 'y'), (2, 'b', 1, 1, 1);""",
    )
    marks = found["copy"].to_list()
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3


def test_a_repeat_far_from_the_sample_is_found_afterwards(make_shop: MakeShop) -> None:
    found = copies(
        make_shop,
        """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
        INSERT INTO orders SELECT i, i % 9, '2024-01-01', 5, i FROM n;
        UPDATE orders SET nr = 777, customer_id = 3, note = '777' WHERE rowid IN (777, 5000);""",
    )
    assert found["copy"].n_unique() == 39_999
    assert found["copy"][776] == found["copy"][4999]


def test_no_fingerprint_where_the_order_id_is_a_key(real_shop: RealShop) -> None:
    assert "copy" not in real(real_shop("chinook")).rows.columns


def test_margin_is_mapped_or_amount_less_cost(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id, day, amount, cost, profit);
        INSERT INTO orders VALUES ('a', '2024-01-01', 10, 4.5, 3), ('a', '2024-01-01', 10, NULL, NULL);"""
    )
    by_cost = Mapping("orders", "customer_id", "day", "amount", cost="cost")
    assert shop(path, by_cost).rows["margin"].to_list() == [55_000, None]
    by_both = Mapping("orders", "customer_id", "day", "amount", cost="cost", margin="profit * 2")
    assert shop(path, by_both).rows["margin"].to_list() == [60_000, None]


def test_optional_columns(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (nr INTEGER PRIMARY KEY, customer_id, day, amount, st, cur, fx, of);
        INSERT INTO orders VALUES (1, 'a', '2024-01-01', 10, ' Paid ', 'EUR', 1, NULL),
            (2, 'a', '2024-01-01', -10, '', NULL, '0.5', 1.0);"""
    )
    mapping = Mapping(
        *("orders", "customer_id", "day", "amount"),
        order_id="nr",
        status="st",
        currency="cur",
        rate="fx",
        refund_of="of",
    )
    found = shop(path, mapping).rows
    assert found["status"].to_list() == ["Paid", None]
    assert found["currency"].to_list() == ["EUR", None]
    assert found["rate"].to_list() == [1.0, 0.5]
    assert found["refund_of"].to_list() == [None, "1"]


def test_people(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id REAL, day, amount);
        INSERT INTO orders VALUES (7, '2024-01-01', 1);
        CREATE TABLE people (id INT, first TEXT, last TEXT, mail TEXT, born, land TEXT);
        INSERT INTO people VALUES (7, 'A', 'B', 'a@b', 1980, 'DK'), (8, 'C', NULL, '', '1990-02-03', ''),
            (7, 'twin', 'B', NULL, NULL, 'SE'), (NULL, 'no', 'id', NULL, NULL, NULL),
            (9, 'D', 'E', 'x', 'old', 'DK');"""
    )
    people = CustomerTable("people", "id", "first || ' ' || last", "mail", "born", (Attribute("country", "land"),))
    found = shop(path, Mapping("orders", "customer_id", "day", "amount", customers=people))
    assert found.people is not None
    assert found.people.columns == ["customer_id", "name", "email", "birth_day", "country"]
    assert found.people.rows() == [
        ("7", "A B", "a@b", day("1980-07-01"), "DK"),
        ("8", None, None, day("1990-02-03"), None),
        ("9", "D E", "x", None, "DK"),
    ]
    assert found.rows["customer_id"].to_list() == ["7"]
    assert "Repeated customer ids in people: 1." in found.notices[0]


def test_spend(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id, day, amount);
        CREATE TABLE costs (month, channel, amount);
        INSERT INTO costs VALUES ('2024-02', 'ads', 5), ('2024-01', 'mail', 1.5), ('2024-01', 'ads', 2),
            ('2024-01', 'ads', '3'), ('soon', 'ads', 4), ('2024-01', NULL, 9);"""
    )
    found = shop(
        path,
        Mapping("orders", "customer_id", "day", "amount", spend=SpendTable("costs", "month", "channel", "amount")),
    )
    assert found.spend is not None
    assert dict(found.spend.schema) == schema.SPEND
    first = day("2024-01-01")
    assert found.spend.rows() == [
        (first, None, 90_000),
        (first, "ads", 50_000),
        (first, "mail", 15_000),
        (day("2024-02-01"), "ads", 50_000),
    ]
    assert "1 of 6 rows of costs" in found.notices[0]


def test_spend_of_a_real_shop(real_shop: RealShop) -> None:
    found = real(real_shop("yandex_afisha")).spend
    assert found is not None
    assert money(found) == 329_131.62
    assert found["channel"].n_unique() == 7


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        (Mapping("nothing", "a", "b", "c"), "nothing"),
        (Mapping("orders", "a", "day", "amount"), "'a'"),
        (Mapping("orders", "customer_id", '"dai"', "amount"), "dai"),
        (Mapping("orders", "customer_id", "day", "amount +"), "amount +"),
        (Mapping("orders", "customer_id", "day", "amount); SELECT (1"), "amount"),
        (Mapping("orders", "customer_id", "day", "amount * prize"), "prize"),
        (Mapping("orders", "customer_id", "day", "amount", date_formats=("stardate",)), "stardate"),
        (Mapping("orders", "customer_id", "day", "amount", lines="orders"), "order id"),
        (Mapping("orders", "customer_id", "day", "amount", attributes=(Attribute("amount", "day"),)), "amount"),
        (Mapping("orders", "customer_id", "day", "amount", attributes=(Attribute("x", "dy"),)), "dy"),
        (Mapping("orders", "customer_id", "day", "amount", customers=CustomerTable("orders", "id")), "'id'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_wrong_usage(make_shop: MakeShop, mapping: Mapping, word: str) -> None:
    path = make_shop(
        "CREATE TABLE orders (customer_id, day, amount); INSERT INTO orders VALUES (1, '2024-01-01', 2);"
    )
    with pytest.raises(LtvError) as caught:
        shop(path, mapping)
    assert caught.value.exit_code == 2
    assert word in caught.value.what
    assert "\n" not in caught.value.what + caught.value.mend


def test_undecided_dates_are_not_guessed(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id, day, amount);
        INSERT INTO orders VALUES (1, '1/2/2024', 1), (1, '3/4/2024', 1);"""
    )
    with pytest.raises(LtvError, match="month first or day first"):
        shop(path, Mapping("orders", "customer_id", "day", "amount"))
    found = shop(path, Mapping("orders", "customer_id", "day", "amount", date_formats=("dmy",)))
    assert found.rows["day"].to_list() == [day("2024-02-01"), day("2024-04-03")]


def test_progress_comes_from_the_callers_thread_and_ends_at_all(make_shop: MakeShop) -> None:
    seen: list[tuple[int, int, int]] = []
    with SqliteDatabase.open(make_shop(SPARSE)) as database:
        read(database, SIMPLE, progress=lambda done, total: seen.append((done, total, threading.get_ident())))
    done = [entry[0] for entry in seen]
    assert len(seen) >= 4
    assert done == sorted(done)
    assert seen[-1][:2] == (50_000, 50_000)
    assert {entry[2] for entry in seen} == {threading.get_ident()}


@pytest.mark.parametrize("orders", ["orders", "SELECT * FROM orders"])
def test_a_cancel_is_heard_between_chunks(make_shop: MakeShop, orders: str) -> None:
    with SqliteDatabase.open(make_shop(SPARSE)) as database:
        mapping = Mapping(orders, "customer_id", "day", "amount", date_formats=("iso",))
        with pytest.raises(Cancelled):
            read(database, mapping, cancelled=lambda: True)
        assert read(database, mapping).rows.height == 50_000


def test_without_the_arrow_driver_the_same_rows_come(make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_shop(SPARSE)
    expected = shop(path, SIMPLE).rows

    def fail(*_: object, **__: object) -> None:
        raise OSError("no driver")

    monkeypatch.setattr("adbc_driver_sqlite.dbapi.connect", fail)
    assert shop(path, SIMPLE).rows.equals(expected)


def test_preview_shows_raw_and_understood(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (nr, customer_id, day, amount);
        INSERT INTO orders VALUES (1, 17850.0, '1/31/2024 9:30', '$1,200.50'), (NULL, '', 'soon', NULL);"""
    )
    mapping = Mapping("orders", "customer_id", "day", "amount", order_id="nr", date_formats=("mdy",))
    with SqliteDatabase.open(path) as database:
        shown = preview(database, mapping, 5)
    assert set(shown.dtypes) == {pl.String()}
    assert shown.rows(named=True) == [
        {
            "order_id": "1",
            "order_id read": "1",
            "customer": "17850.0",
            "customer read": "17850",
            "date": "1/31/2024 9:30",
            "date read": "2024-01-31 09:30:00",
            "amount": "$1,200.50",
            "amount read": "1200.5",
        },
        {
            "order_id": None,
            "order_id read": None,
            "customer": None,
            "customer read": None,
            "date": "soon",
            "date read": None,
            "amount": None,
            "amount read": None,
        },
    ]
