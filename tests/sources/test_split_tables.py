"""Tables of equal columns: read as one where their names tell periods, named where only the analyst knows."""

from __future__ import annotations

import pytest
from structures import DAY, WHO, Figures, MakeShop, N, figures, margin, opened, told

from ltvtui.sources.detection.detect import propose
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.sqlite.database import SqliteDatabase


def test_years_apart_with_lines_and_prices_of_products(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, price REAL, cost REAL);
        INSERT INTO products VALUES (1, 'a', 10, 4), (2, 'b', 20, 8);
        CREATE TABLE orders_2022 (id INT, customer_id INT, created_at TEXT);
        CREATE TABLE orders_2023 (id INT, customer_id INT, created_at TEXT);
        {N.format(60)} INSERT INTO orders_2022 SELECT i, {WHO}, date('2022-01-01', i || ' days') FROM n;
        {N.format(60)} INSERT INTO orders_2023 SELECT 60 + i, {WHO}, date('2023-01-01', i || ' days') FROM n;
        CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INT, product_id INT, quantity INT);
        {N.format(240)} INSERT INTO order_items SELECT i, (i + 1) / 2, i % 2 + 1, i % 4 + 1 FROM n;
        """
    )
    shop = opened(path)
    # 60 times: 2 × 20, 3 × 10, 4 × 20, 1 × 10; 40 % of it is cost
    assert figures(shop) == Figures(120, 25, 9600.0)
    assert margin(shop) == pytest.approx(9600 * 0.6)
    assert told(shop, "orders_2022, orders_2023")


@pytest.mark.parametrize("names", [("sales_jan", "sales_feb"), ("2022_sales", "2023_sales"), ("SalesQ1", "SalesQ2")])
def test_tables_of_one_shape_are_read_together(make_shop: MakeShop, names: tuple[str, str]) -> None:
    script = "".join(
        f"""CREATE TABLE "{name}" (sale_id INT, customer_id INT, sale_date TEXT, amount REAL);
        {N.format(60)} INSERT INTO "{name}" SELECT i + {place * 60}, {WHO}, {DAY}, 5 FROM n;"""
        for place, name in enumerate(names)
    )
    shop = opened(make_shop(script))
    assert figures(shop) == Figures(120, 25, 600.0)
    assert told(shop, *names)


def test_numbers_that_begin_anew_each_year_tell_other_orders(make_shop: MakeShop) -> None:
    script = "".join(
        f"""CREATE TABLE orders_{year} (order_id INT, customer_id INT, order_date TEXT);
        {N.format(60)} INSERT INTO orders_{year} SELECT i, {WHO}, date('{year}-01-01', i || ' days') FROM n;
        CREATE TABLE order_items_{year} (order_id INT, sku TEXT, quantity INT, unit_price REAL);
        {N.format(120)} INSERT INTO order_items_{year} SELECT (i + 1) / 2, 's' || (i % 5), 2, 5 FROM n;"""
        for year in (2022, 2023)
    )
    assert figures(opened(make_shop(script))) == Figures(120, 25, 2400.0)


def test_states_of_one_table_are_no_parts_of_it(make_shop: MakeShop) -> None:
    script = "".join(
        f"""CREATE TABLE orders_{year} (order_id INT, customer_id INT, order_date TEXT, amount REAL);
        {N.format(rows)} INSERT INTO orders_{year} SELECT i, {WHO}, {DAY}, 5 FROM n;"""
        for year, rows in ((2022, 60), (2023, 100))
    )
    with pytest.raises(Exception, match="could hold the orders"):
        opened(make_shop(script))


def test_persons_of_orders_split_by_year(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE customers (customer_id TEXT PRIMARY KEY, customer_unique_id TEXT, state TEXT);
        {N.format(120)} INSERT INTO customers SELECT 'c' || i, 'u' || (i % 90), 'S' || (i % 3) FROM n;
        CREATE TABLE orders_2023 (order_id TEXT, customer_id TEXT, order_date TEXT, total REAL);
        CREATE TABLE orders_2024 (order_id TEXT, customer_id TEXT, order_date TEXT, total REAL);
        {N.format(60)} INSERT INTO orders_2023 SELECT 'o' || i, 'c' || i, date('2023-01-01', i || ' days'), 10 FROM n;
        {N.format(60)} INSERT INTO orders_2024
            SELECT 'o' || (60 + i), 'c' || (60 + i), date('2024-01-01', i || ' days'), 10 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(120, 90, 1200.0)
    assert told(shop, "customer_unique_id", "customers")
    assert told(shop, "orders_2023, orders_2024")


@pytest.mark.parametrize(("other", "rows"), [("orders_archive", "100 rows"), ("orders_backup", "")])
def test_a_table_of_the_same_columns_is_told_of_where_it_has_rows_of_its_own(
    make_shop: MakeShop, other: str, rows: str
) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (order_id INT, customer_id INT, order_date TEXT, total REAL);
        CREATE TABLE {other} (order_id INT, customer_id INT, order_date TEXT, total REAL);
        {N.format(200)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 20 FROM n;
        {N.format(100)} INSERT INTO {other} SELECT i + {200 if rows else 0}, {WHO}, {DAY}, 20 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(200, 25, 4000.0)
    assert told(shop, other, "UNION ALL", rows) == bool(rows)


def test_one_select_over_equal_tables_is_among_the_answers(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders_us (order_id INT, customer_id INT, order_date TEXT, total REAL);
        CREATE TABLE orders_eu (order_id INT, customer_id INT, order_date TEXT, total REAL);
        {N.format(100)} INSERT INTO orders_us SELECT i, {WHO}, {DAY}, 20 FROM n;
        {N.format(100)} INSERT INTO orders_eu SELECT i + 100, {WHO}, {DAY}, 20 FROM n;
        """
    )
    with SqliteDatabase.open(path) as database:
        question = propose(database, Overrides()).questions[0]
    assert question.choices[:2] == ("orders_eu", "orders_us")
    assert figures(opened(path, orders=question.choices[2])) == Figures(200, 25, 4000.0)
