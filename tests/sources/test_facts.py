"""What is found around the mapped columns, in small databases: the facts from which doubts are told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from json import dumps, loads
from pathlib import Path
from typing import Any

import pytest

from ltvtui.analytics.facts import Facts, Unread
from ltvtui.sources.charges import is_charge
from ltvtui.sources.facts import facts_of
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read_plan import order_relation
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.storage.cache.values import decode, encode

FactsOf = Callable[..., Facts]
MAPPING = Mapping("orders", "customer_id", "ordered_at", "amount", "order_id")


@pytest.fixture
def around(tmp_path: Path) -> FactsOf:
    """The facts of forty orders by ten customers: columns by SQL of `i`, scripts run then, what else is mapped."""

    def found(more: dict[str, str] | None = None, *scripts: str, **mapped: Any) -> Facts:
        path = tmp_path / "shop.sqlite"
        path.unlink(missing_ok=True)
        columns = {
            "order_id": "i",
            "customer_id": "'C' || (i % 10)",
            "ordered_at": "date('2024-01-01', '+' || i || ' days')",
            "amount": "i + 0.5",
            **(more or {}),
        }
        listed = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                "CREATE TABLE orders AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
                f" SELECT {listed} FROM n;"
            )
            for script in scripts:
                connection.executescript(script)
        mapping = replace(MAPPING, **mapped)
        with SqliteDatabase.open(path) as database:
            return facts_of(order_relation(database, mapping), mapping)

    return found


def test_of_a_usual_shop_only_names_are_known(around: FactsOf) -> None:
    facts = around()
    assert len(facts.amounts) == 40
    names = {"customer": "customer_id", "date": "ordered_at", "amount": "amount", "order_id": "order_id"}
    assert facts == Facts(amounts=facts.amounts, **names)


def test_facts_are_the_same_after_they_were_kept(around: FactsOf) -> None:
    facts = around({"is_test": "i = 3", "email": "'m' || (i % 7)"})
    assert facts.unread
    assert decode(loads(dumps(encode(facts, Facts, {}))), Facts, {}) == facts


@pytest.mark.parametrize(
    ("column", "sql", "rows"),
    [
        ("refunded_at", "CASE WHEN i > 37 THEN '2024-05-01' END", 3),
        ("cancelled_at", "CASE WHEN i > 37 THEN '2024-05-01' ELSE '' END", 3),
        ("isTest", "CASE WHEN i = 1 THEN 'TRUE' ELSE 'False' END", 1),
        ("Voided", "i = 2", 1),
        ("refund_total", "CASE WHEN i = 2 THEN '3.50' ELSE '0.00' END", 1),
        ("test", "0", None),
        ("cancelled_at", "NULL", None),
        ("refundable", "i = 2", None),
        ("tested", "i = 2", None),
        ("refund_policy", "CASE WHEN i < 3 THEN '30 days' END", None),
        ("cancelled_at", "'2024-05-01'", None),
    ],
)
def test_columns_that_say_that_a_sale_was_undone(around: FactsOf, column: str, sql: str, rows: int | None) -> None:
    facts = around({column: sql})
    assert [(told.column, told.rows) for told in facts.unread] == ([(column, rows)] if rows else [])
    if rows:
        assert facts.unread[0].money == (column == "refund_total")


def test_the_statuses_of_such_rows(around: FactsOf) -> None:
    facts = around(
        {"status": "iif(i > 37, 'cancelled', 'paid')", "cancelled_at": "iif(i > 37, '2024-05-01', '')"},
        status="status",
    )
    (told,) = facts.unread
    assert told.statuses == ("cancelled",)


def test_a_table_called_as_its_column(around: FactsOf) -> None:
    facts = around({"test": "i = 1"}, "ALTER TABLE orders RENAME TO test;", orders="test")
    short = "lower(coalesce(test, '')) IN ('', '0', 'false', 'no')"
    assert facts.unread == (Unread("test", 1, select=f"SELECT * FROM test WHERE {short}"),)


@pytest.mark.parametrize(
    ("column", "sql", "found"),
    [
        ("SalesPrice", "i * 10.5", True),
        ("total", "i * 10.5 || ''", True),
        ("list_price", "i * 10.5", False),
        ("price_level", "i % 3", False),
        ("pieces", "i * 10", False),
    ],
)
def test_prices_beside_the_amount(around: FactsOf, column: str, sql: str, found: bool) -> None:
    assert around({column: sql}).prices == ((column,) if found else ())
    assert around({column: sql}, amount=f"amount * {column}").prices == ()  # it is read


def test_customers_anew_for_each_order_beside_one_that_repeats(around: FactsOf) -> None:
    facts = around({"guest_id": "'G' || i", "email": "'m' || (i % 9) || '@x.org'"}, customer="guest_id")
    assert facts.repeating == ("customer_id", "email")
    assert facts.people_select == ""
    assert around({"email": "'m' || (i % 9)"}).repeating == ()  # its own customers repeat


def test_a_person_who_stands_in_another_table(around: FactsOf) -> None:
    people = (
        "CREATE TABLE people AS SELECT order_id AS key, 'u' || (order_id % 9) AS customer_unique_id FROM orders;"
        "ALTER TABLE orders RENAME COLUMN customer_id TO key; UPDATE orders SET key = order_id;"
    )
    facts = around({}, people, customer="key")
    assert facts.repeating == ("customer_unique_id",)
    assert facts.people_select == "SELECT o.*, c.customer_unique_id FROM orders o JOIN people c ON c.key = o.key"


def test_amounts_of_which_a_mark_can_be_both(around: FactsOf) -> None:
    assert around({"amount": "i || '.500'"}).unclear_mark == "1.500"
    assert around({"amount": "'€ ' || i || ',500'"}).unclear_mark == "€ 1,500"
    assert around({"amount": "i || '.50'"}).unclear_mark == ""
    assert around({"amount": "i + 0.125"}).unclear_mark == ""  # a number already


def test_what_says_that_amounts_are_in_cents(around: FactsOf) -> None:
    assert around({"total_cents": "i * 100"}, amount="total_cents").minor_unit == "its name says so"
    assert around({"total_cents": "i * 100"}, amount="total_cents / 100.0").minor_unit == ""
    assert around({"livemode": "'true'"}).minor_unit == "livemode is beside it, as in API data"


@pytest.mark.parametrize(
    ("cost", "amount", "quantity"),
    [
        ("(i + 10.0) / 2", "qty * price", "qty"),
        ("(i + 10.0) / 2 * (i % 4 + 1)", "qty * price", ""),
        ("(i + 10.0) / 2", "amount", ""),
    ],
)
def test_a_cost_that_does_not_grow_with_the_quantity(around: FactsOf, cost: str, amount: str, quantity: str) -> None:
    facts = around({"qty": "i % 4 + 1", "price": "i + 10.0", "cost": cost}, amount=amount, cost="cost")
    assert facts.quantity == quantity


@pytest.mark.parametrize(
    ("table", "columns", "found"),
    [
        ("order_refunds", "order_id, refund_amount_usd", True),
        ("Returns", "order_id, amount", True),
        ("returns", "order_id, note", False),
        ("refunds", "ticket, amount", False),
        ("payments", "order_id, amount", False),
    ],
)
def test_tables_of_refunds(around: FactsOf, table: str, columns: str, found: bool) -> None:
    names = [name.strip() for name in columns.split(",")]
    values = ", ".join("'text'" if name == "note" else "5" for name in names)
    facts = around({}, f"CREATE TABLE {table} ({columns}); INSERT INTO {table} VALUES ({values});")
    assert facts.refund_tables == ((table,) if found else ())


def test_currencies_and_statuses_that_nothing_reads(around: FactsOf) -> None:
    facts = around(
        {"currency": "iif(i > 30, 'usd', 'EUR')", "state": "iif(i > 37, 'Refunded', 'shop ' || i)"},
    )
    assert (facts.unread_currency, facts.unread_status) == ("currency", "state")
    same = around({"currency": "iif(i > 30, 'eur', 'EUR')"})
    assert same.unread_currency == ""


def test_a_select_is_not_asked_row_by_row(around: FactsOf) -> None:
    """Of a SELECT the sample alone is looked at: each of its rows may take long."""
    facts = around({"is_test": "i % 2"}, orders="SELECT * FROM orders")
    (told,) = facts.unread
    assert (told.column, told.select) == ("is_test", "")
    assert around({"is_test": "i % 2"}, orders="SELECT * FROM orders WHERE is_test = 0").unread == ()


GOODS = {"description": "CASE WHEN i % 10 = 0 THEN 'POSTAGE' WHEN i = 7 THEN 'Bank Charges' ELSE 'LAMP ' || i END"}


def test_postage_and_fees_are_told_by_the_column_that_names_them(around: FactsOf) -> None:
    """Of 1 to 40 those of 10, 20, 30 and 40, each and a half, and 7.5: 109.5."""
    found = around(GOODS).charges
    assert (found.column, found.values, found.rows) == ("description", ("POSTAGE", "Bank Charges"), 5)
    assert found.amount == pytest.approx(109.5)
    where = "coalesce(description, '') NOT IN ('POSTAGE', 'Bank Charges')"
    assert found.select == f"SELECT * FROM orders WHERE {where}"


@pytest.mark.parametrize(
    ("text", "charge"),
    [
        ("DOTCOM POSTAGE", True), ("Shipping & Handling", True), ("Versandkosten", True), ("frais de port", True),
        ("Manual", True), ("CRUK Commission", True), ("Adjust bad debt", True), ("доставка", True),
        ("LAMP", False), ("Coffee", False), ("User manual for lamps", False), ("POSTCARD SET", False),
        ("Not received in 10/11 delivery", False), ("12", False), ("", False),
        ("gift box with delivery of a letter", False),
    ],
)  # fmt: skip
def test_the_name_of_a_charge_ends_with_what_it_is(text: str, charge: bool) -> None:
    assert is_charge(text) == charge


def test_copies_are_left_out_by_what_does_not_number_the_rows(around: FactsOf) -> None:
    assert around(order_id=None).distinct_select == "SELECT DISTINCT * FROM orders"
    numbered = "CREATE TABLE n (id INTEGER PRIMARY KEY, customer_id, ordered_at, amount);"
    copied = "INSERT INTO n SELECT NULL, customer_id, ordered_at, amount FROM orders; DROP TABLE orders;"
    found = around(None, numbered, copied, "ALTER TABLE n RENAME TO orders;", order_id=None)
    assert found.distinct_select == "SELECT DISTINCT customer_id, ordered_at, amount FROM orders"
