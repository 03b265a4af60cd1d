"""Codes: read by the table that they lead to, or named as unread."""

from __future__ import annotations

import polars as pl
import pytest
from structures import DAY, WHO, Figures, MakeShop, N, figures, opened, told


def test_codes_of_a_status_are_read_where_a_table_has_their_words(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE order_statuses (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO order_statuses VALUES (1, 'paid'), (2, 'shipped'), (3, 'cancelled');
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT, total REAL, status_id INT);
        {N.format(90)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 10, i % 3 + 1 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(60, 25, 600.0)
    assert told(shop, "status_id", "order_statuses")


@pytest.mark.parametrize(
    ("column", "value", "mend"),
    [
        ("status INT", "i % 3", "--status"),
        ("order_status TEXT", "substr('CSP', i % 3 + 1, 1)", "--status"),
        ("is_returned INT", "i % 2", "--cancelled is_returned"),
        ("cancelled INT", "i % 9 > 0", "--cancelled cancelled"),
        ("returned TEXT", "substr('YN', i % 2 + 1, 1)", "--cancelled returned"),
    ],
)
def test_codes_that_nothing_explains_are_named(make_shop: MakeShop, column: str, value: str, mend: str) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT, total REAL, {column});
        {N.format(90)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 10, {value} FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(90, 25, 900.0)
    assert told(shop, column.split()[0], mend)


def test_several_customer_tables_and_codes_give_dimensions(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE stores (store_id INTEGER PRIMARY KEY, city_id INT);
        INSERT INTO stores VALUES (1, 1), (2, 2), (3, 3);
        CREATE TABLE cities (city_id INTEGER PRIMARY KEY, city_name TEXT, country_id INT);
        INSERT INTO cities VALUES (1, 'Lviv', 1), (2, 'Kyiv', 1), (3, 'Lyon', 2);
        CREATE TABLE countries (country_id INTEGER PRIMARY KEY, country_name TEXT);
        INSERT INTO countries VALUES (1, 'Ukraine'), (2, 'France');
        CREATE TABLE customer_profile (customer_id INT, gender TEXT);
        CREATE TABLE customer_address (customer_id INT, region TEXT);
        {N.format(25)} INSERT INTO customer_profile SELECT i, substr('FM', i % 2 + 1, 1) FROM n;
        {N.format(25)} INSERT INTO customer_address SELECT i, 'R' || (i % 3) FROM n;
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT, total REAL, store_id INT);
        {N.format(90)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 10, i % 3 + 1 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(90, 25, 900.0)
    assert shop.mapping.customers is not None
    assert {"gender", "region"} <= {a.name for a in shop.mapping.customers.attributes}
    assert {"city name", "country name"} <= {a.name for a in shop.mapping.attributes}
    assert set(shop.dataset.cleaned.orders["country name"].cast(pl.String)) == {"Ukraine", "France"}
