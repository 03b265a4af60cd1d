"""Detection: every real shop opens without a word, and what is not certain is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ltvtui.analytics.schema import RESERVED
from ltvtui.errors import LtvError
from ltvtui.sources.detection.detect import propose
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.detection.scoring import words
from ltvtui.sources.mapping import Attribute, Mapping, SpendTable
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import read
from ltvtui.sources.sqlite.database import SqliteDatabase

MakeShop = Callable[..., Path]
RealShop = Callable[[str], Path]


def proposal(path: Path, **said: str) -> Proposal:
    with SqliteDatabase.open(path) as database:
        return propose(database, Overrides(**said))


def mapping(path: Path, **said: str) -> Mapping:
    found = proposal(path, **said)
    assert found.certain, found.questions
    return found.demand()


def refused(path: Path, **said: str) -> LtvError:
    with pytest.raises(LtvError) as caught:
        proposal(path, **said).demand()
    assert caught.value.exit_code == 2
    return caught.value


def names(attributes: tuple[Attribute, ...]) -> set[str]:
    return {attribute.name for attribute in attributes}


def test_names_fall_into_words() -> None:
    assert words("InvoiceNo") == ("invoice", "no")
    assert words("customer_id") == ("customer", "id")
    assert words("Buy Ts") == ("buy", "ts")
    assert words("CDNOW_sample") == ("cdnow", "sample")
    assert words("HTMLPage2") == ("html", "page", "2")


def test_rfm_orders(real_shop: RealShop) -> None:
    found = mapping(real_shop("rfm_orders"))
    assert found == Mapping("rfm_data_orders", "customer_id", "order_date", "revenue", date_formats=("iso",))


def test_northwind_joins_orders_with_their_lines(real_shop: RealShop) -> None:
    found = mapping(real_shop("northwind"))
    assert (found.orders, found.customer, found.date) == ("Orders", "CustomerID", "OrderDate")
    assert (found.order_id, found.lines, found.lines_order_id) == ("OrderID", "Order Details", "OrderID")
    table = '"Order Details".'
    assert found.amount == f'{table}"Quantity" * {table}"UnitPrice" * (1 - {table}"Discount")'
    assert found.customers is not None
    assert (found.customers.table, found.customers.key) == ("Customers", "CustomerID")
    assert found.customers.name == "CompanyName"
    assert names(found.customers.attributes) == {"country", "region", "city", "contact title"}
    assert found.attributes == ()  # ShipCountry and the like are the customer's own
    assert found.cost is found.margin is found.status is found.spend is None


def test_chinook_prefers_the_total_of_the_invoice(real_shop: RealShop) -> None:
    found = mapping(real_shop("chinook"))
    assert (found.orders, found.customer, found.date) == ("Invoice", "CustomerId", "InvoiceDate")
    assert (found.order_id, found.amount, found.lines) == ("InvoiceId", "Total", None)
    assert found.customers is not None
    assert found.customers.name == "FirstName || ' ' || LastName"
    assert found.customers.email == "Email"
    assert names(found.customers.attributes) == {"country", "state", "city"}


def test_uci_reckons_the_amount_of_a_line(real_shop: RealShop) -> None:
    found = mapping(real_shop("uci_online_retail"))
    assert (found.orders, found.customer, found.date) == ("online_retail", "CustomerID", "InvoiceDate")
    assert (found.order_id, found.amount) == ("InvoiceNo", "Quantity * UnitPrice")
    assert found.attributes == (Attribute("country", "Country"),)


def test_yandex_afisha_has_spend_by_source(real_shop: RealShop) -> None:
    found = mapping(real_shop("yandex_afisha"))
    assert (found.orders, found.customer, found.date, found.amount) == (
        "orders_log",
        "Uid",
        "Buy Ts",
        "Revenue",
    )
    assert found.order_id is None
    assert found.spend == SpendTable("costs", "dt", "source_id", "costs")


def test_cdnow_asks_which_of_two_tables(real_shop: RealShop) -> None:
    found = proposal(real_shop("cdnow"))
    assert not found.certain
    assert [(q.role, q.flag, q.choices) for q in found.questions] == [
        ("orders", "--orders", ("CDNOW_master", "CDNOW_sample"))
    ]
    error = refused(real_shop("cdnow"))
    assert "--orders CDNOW_master (or CDNOW_sample)" in error.mend


def test_cdnow_sample_takes_its_own_customers(real_shop: RealShop) -> None:
    found = mapping(real_shop("cdnow"), orders="CDNOW_sample")
    assert (found.customer, found.date, found.amount) == ("customer_id", "date", "dollar_value")
    assert found.date_formats == ("yyyymmdd",)
    assert found.order_id is found.customers is None
    assert found.attributes == ()


DEMO = """
CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT, email TEXT, gender TEXT,
    birth_year INT, country TEXT, city TEXT, phone TEXT, signup_channel TEXT, signup_date TEXT, segment TEXT);
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers, ordered_at TEXT,
    shipped_at TEXT, status TEXT, channel TEXT, amount REAL, shipping REAL, currency TEXT,
    refund_of INT REFERENCES orders, category TEXT, country TEXT, cost REAL, note TEXT);
CREATE TABLE order_lines (line_id INTEGER PRIMARY KEY, order_id INT REFERENCES orders, quantity INT,
    unit_price REAL);
CREATE TABLE marketing_spend (month TEXT, channel TEXT, amount REAL);
CREATE VIEW all_orders AS SELECT * FROM orders;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
INSERT INTO customers SELECT i, 'Name ' || i, 'c' || i || '@shop.test', substr('fmx', i % 3 + 1, 1),
    1950 + i % 50, substr('DKDESE', i % 3 * 2 + 1, 2), 'City ' || (i % 40), '+45 ' || i, iif(i % 3, 'ads', 'word'),
    '2023-01-01',
    'b2' || (i % 2) FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
INSERT INTO orders SELECT i, i * 7 % 200 + 1, date('2024-01-01', '+' || (i % 300) || ' day') || ' 10:00:00',
    date('2024-01-03', '+' || (i % 300) || ' day'), substr('paid     cancelled', i % 2 * 9 + 1, 9),
    iif(i % 4, 'web', 'shop'), i % 90 + 0.5, 4.9, 'EUR', CASE WHEN i % 50 = 0 THEN i - 1 END, 'cat ' || (i % 5),
    substr('NOFIIS', i % 3 * 2 + 1, 2), 2.5, 'free text number ' || i FROM n;
INSERT INTO order_lines SELECT order_id, order_id, 2, 9.9 FROM orders;
INSERT INTO marketing_spend VALUES ('2024-01', 'ads', 100), ('2024-02', 'ads', 120);
"""


def test_a_shop_with_everything(make_shop: MakeShop) -> None:
    found = mapping(make_shop(DEMO))
    assert (found.orders, found.customer, found.order_id) == ("orders", "customer_id", "order_id")
    assert (found.date, found.date_formats) == ("ordered_at", ("iso",))
    assert (found.amount, found.lines) == ("amount", None)
    assert (found.status, found.currency, found.cost) == ("status", "currency", "cost")
    assert (found.refund_of, found.margin, found.rate) == ("refund_of", None, None)
    assert found.spend == SpendTable("marketing_spend", "month", "channel", "amount")
    assert found.customers is not None
    assert (found.customers.name, found.customers.email) == ("name", "email")
    assert found.customers.birth_date == "birth_year"
    assert names(found.customers.attributes) == {*("country", "city", "gender", "signup channel", "customer segment")}
    # the order's country is not the customer's: it stays, under a name of its own
    assert names(found.attributes) == {"channel", "category", "order country"}
    assert not (names(found.attributes) | names(found.customers.attributes)) & RESERVED


def test_a_column_of_one_value_is_no_dimension(make_shop: MakeShop) -> None:
    found = mapping(make_shop(DEMO + "ALTER TABLE orders ADD COLUMN device TEXT DEFAULT 'mobile';"))
    assert "device" not in names(found.attributes)


def test_guesses_say_why_and_how_sure(make_shop: MakeShop) -> None:
    found = proposal(make_shop(DEMO))
    by_role = {guess.role: guess for guess in found.guesses}
    assert by_role["amount"].column == "amount"
    assert all(0 < guess.score <= 1 and guess.why for guess in found.guesses)
    assert [c.orders for c in found.candidates][:2] == ["orders", "all_orders"]
    assert found.candidates[0].score > found.candidates[1].score


def test_two_amounts_are_a_question_and_an_override_answers_it(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (id INTEGER PRIMARY KEY, client_id INT, created_at TEXT, total REAL,
            revenue REAL);
        INSERT INTO orders VALUES (1, 7, '2024-01-01', 5, 6), (2, 7, '2024-02-01', 5, 6);"""
    )
    found = proposal(path)
    assert [(q.role, q.choices, q.flag) for q in found.questions] == [("amount", ("total", "revenue"), "--amount")]
    assert mapping(path, amount="revenue").amount == "revenue"
    assert mapping(path, amount="total - 1").amount == "total - 1"


def test_dates_that_read_both_ways_are_a_question(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id INT, order_date TEXT, amount REAL);
        INSERT INTO orders VALUES (1, '1/2/2024', 5), (1, '3/4/2024', 5);"""
    )
    error = refused(path)
    assert "month first or day first" in error.what
    assert "--date-format mdy (or dmy)" in error.mend
    assert mapping(path, date_format="dmy").date_formats == ("dmy",)
    assert "stardate" in refused(path, date_format="stardate").what


def test_the_one_value_that_decides_is_found_outside_the_sample(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id INT, order_date TEXT, amount REAL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO orders SELECT i % 50, (i % 12 + 1) || '/' || (i % 11 + 1) || '/2024', 5 FROM n;
        UPDATE orders SET order_date = '13/2/2024' WHERE rowid = 777;"""
    )
    assert mapping(path).date_formats == ("dmy",)


def test_text_that_sql_cannot_multiply_is_multiplied_as_the_number_it_says(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE sales (customer_id INT, invoice_date TEXT, quantity INT, unit_price TEXT);
        INSERT INTO sales VALUES (1, '2024-01-01', 2, '1,234.56'), (1, '2024-01-02', 1, '7');"""
    )
    found = proposal(path)
    assert [q.role for q in found.questions] == []
    assert found.demand().amount == "quantity * unit_price"
    with SqliteDatabase.open(path) as database:
        # 2 × 1 234.56 and 1 × 7, in ten-thousandths
        assert read(database, found.demand()).rows["amount"].to_list() == [24_691_200, 70_000]


@pytest.mark.parametrize("column", ["required_date", "shipped_at", "birth_date", "updated_at"])
def test_other_dates_are_not_the_order_date(make_shop: MakeShop, column: str) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id INT, COLUMN TEXT, amount REAL);
        INSERT INTO orders VALUES (1, '2024-01-01', 5), (1, '2024-01-02', 6);""".replace("COLUMN", column)
    )
    assert not proposal(path).certain


@pytest.mark.parametrize("column", ["freight", "tax", "discount", "number_of_items", "order_weight"])
def test_other_numbers_are_not_the_amount(make_shop: MakeShop, column: str) -> None:
    path = make_shop(
        """CREATE TABLE orders (customer_id INT, order_date TEXT, COLUMN REAL);
        INSERT INTO orders VALUES (1, '2024-01-01', 5), (1, '2024-01-02', 6);""".replace("COLUMN", column)
    )
    assert not proposal(path).certain


def test_nothing_like_orders_is_a_question_with_the_tables(make_shop: MakeShop) -> None:
    error = refused(make_shop("CREATE TABLE notes (a TEXT); INSERT INTO notes VALUES ('x');"))
    assert "No table" in error.what
    assert "--orders notes" in error.mend


def test_a_select_can_be_the_orders_table(make_shop: MakeShop) -> None:
    sql = "WITH big AS (SELECT * FROM orders WHERE amount > 50) SELECT customer_id, ordered_at, amount FROM big;"
    found = mapping(make_shop(DEMO), orders=sql)
    assert (found.orders, found.customer, found.date, found.amount) == (
        sql,
        "customer_id",
        "ordered_at",
        "amount",
    )
    assert found.customers is not None


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ({"orders": "ordrs"}, "orders"),
        ({"customer": "custmer_id"}, "customer_id"),
        ({"orders": "orders", "amount": "amonut"}, "amount"),
        ({"orders": "orders", "date": '"orderd_at"'}, "ordered_at"),
        ({"customers": "custommers"}, "customers"),
        ({"lines": "order_line"}, "order_lines"),
        ({"spend": "marketing"}, "marketing_spend"),
    ],
)
def test_what_does_not_exist_is_named_with_what_comes_near(
    make_shop: MakeShop, said: dict[str, str], near: str
) -> None:
    error = refused(make_shop(DEMO), **said)
    assert list(said.values())[-1].strip('"') in error.what
    assert near in error.mend.partition("Choose from: ")[2].split(",")[0]


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM nowhere", "SELECT 1; DROP TABLE orders", "SELECT * FROM orders) --", "WITH x AS (SELECT"],
)
def test_a_wrong_select_is_wrong_usage(make_shop: MakeShop, sql: str) -> None:
    refused(make_shop(DEMO), orders=sql)


def test_blank_overrides_leave_a_role_empty(make_shop: MakeShop) -> None:
    found = mapping(make_shop(DEMO), status="", cost="", order_id="", customers="", spend="", refund_of="")
    assert found.status is found.cost is found.order_id is found.customers is found.spend is None


def test_lines_can_be_asked_for(make_shop: MakeShop) -> None:
    found = mapping(make_shop(DEMO), lines="order_lines")
    assert found.amount == '"order_lines"."quantity" * "order_lines"."unit_price"'
    assert (found.lines, found.lines_order_id) == ("order_lines", "order_id")


def test_names_from_the_data_are_never_sql(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE "orders""; DROP TABLE x; --" ("customer""id" INT, "order date"";" TEXT, "amount')--" REAL);
        CREATE TABLE x (a);
        INSERT INTO "orders""; DROP TABLE x; --" VALUES (1, '2024-01-01', 5), (1, '2024-02-01', 7);"""
    )
    found = mapping(path)
    assert (found.customer, found.date, found.amount) == ('customer"id', 'order date";', "amount')--")


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("updated_at", True),
        ("ModifiedDate", True),
        ("last_update", True),
        ("LastModified", True),
        ("update_time", True),
        ("updated_by", False),
        ("last_name", False),
        ("update_count", False),
        ("modified_amount", False),
    ],
)
def test_when_a_row_was_changed(make_shop: MakeShop, column: str, found: bool) -> None:
    sql = f"""
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id, ordered_at TEXT, amount REAL, {column});
        INSERT INTO orders VALUES (1, 'a', '2024-01-01', 5, '2024-01-02'), (2, 'b', '2024-01-02', 7, '2024-01-05');
    """
    assert (mapping(make_shop(sql)).updated_at == column) is found
