"""Shops whose orders only several tables tell of together, in small forms: opened without a flag they are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.errors import LtvError
from ltvtui.opening import Opened, open_shop
from ltvtui.request import Request
from ltvtui.sources.detect import propose
from ltvtui.sources.mapping_file import SavedMapping, save
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.sqlite import Database

MakeShop = Callable[..., Path]

N = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
"""So many rows, numbered from 1."""
WHO = "(i * 7 % 25 + 1)"
"""Of 25 customers."""
DAY = "date('2023-01-01', (i * 5) || ' days')"


@dataclass(frozen=True)
class Figures:
    orders: int
    customers: int
    revenue: float
    refunded: float = 0.0


def opened(path: Path, **said: str) -> Opened:
    return open_shop(Request(path=path, overrides=Overrides(**said), cache=False))


def figures(shop: Opened) -> Figures:
    orders = shop.book.cleaned.orders
    back = orders.filter(pl.col("kind") == "refund")["amount"].sum()
    return Figures(
        orders.filter(pl.col("kind") == "order").height,
        orders["customer"].n_unique(),
        orders["amount"].sum() / MONEY_SCALE,
        -back / MONEY_SCALE,
    )


def margin(shop: Opened) -> float:
    orders = shop.book.cleaned.orders
    return orders["margin"].sum() / MONEY_SCALE


def told(shop: Opened, *words: str) -> bool:
    return any(all(word in notice for word in words) for notice in shop.notices)


BIKES = f"""
    CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, city TEXT, state TEXT);
    {N.format(25)} INSERT INTO customers SELECT i, 'F' || i, 'L' || i, 'C' || (i % 4), 'S' || (i % 2) FROM n;
    CREATE TABLE stores (store_id INTEGER PRIMARY KEY, store_name TEXT, city TEXT);
    INSERT INTO stores VALUES (1, 'Santa Cruz', 'SC'), (2, 'Baldwin', 'BA'), (3, 'Rowlett', 'RO');
    CREATE TABLE staffs (staff_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, store_id INT, active INT);
    INSERT INTO staffs VALUES (1, 'A', 'B', 1, 1), (2, 'C', 'D', 2, 1);
    CREATE TABLE products (product_id INTEGER PRIMARY KEY, product_name TEXT, brand_id INT, list_price REAL);
    INSERT INTO products VALUES (1, 'p', 1, 100), (2, 'q', 1, 250), (3, 'r', 2, 40),
        (4, 's', 2, 600), (5, 't', 1, 75);
    CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INT, order_status INT, order_date TEXT,
        required_date TEXT, shipped_date TEXT, store_id INT, staff_id INT);
    {N.format(120)} INSERT INTO orders SELECT i, {WHO}, i % 4 + 1, {DAY}, {DAY}, {DAY}, i % 3 + 1, i % 2 + 1 FROM n;
    CREATE TABLE order_items (order_id INT, item_id INT, product_id INT, quantity INT, list_price REAL, discount REAL,
        PRIMARY KEY (order_id, item_id));
    {N.format(240)} INSERT INTO order_items SELECT (i + 1) / 2, i % 2 + 1, p.product_id, i % 3 + 1, p.list_price, 0.2
        FROM n JOIN products p ON p.product_id = i % 5 + 1;
"""


def test_bike_stores(make_shop: MakeShop, ask: Callable[..., list[tuple[object, ...]]]) -> None:
    path = make_shop(BIKES)
    shop = opened(path)
    # 240 lines, of each price and quantity alike many: 16 × (100 + 250 + 40 + 600 + 75) × (1 + 2 + 3) × 0.8
    assert figures(shop) == Figures(120, 25, 81792.0)
    assert told(shop, "order_status", "1, 2, 3, 4")
    assert {"store name"} <= {a.name for a in shop.mapping.attributes}


def test_classic_models(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE customers (customerNumber INTEGER PRIMARY KEY, customerName TEXT, country TEXT);
        {N.format(25)} INSERT INTO customers SELECT i, 'c' || i, 'L' || (i % 3) FROM n;
        CREATE TABLE orders (orderNumber INTEGER PRIMARY KEY, orderDate TEXT, requiredDate TEXT, status TEXT,
            customerNumber INT REFERENCES customers);
        {N.format(120)} INSERT INTO orders
            SELECT i, {DAY}, {DAY}, CASE WHEN i <= 20 THEN 'Cancelled' ELSE 'Shipped' END, {WHO} FROM n;
        CREATE TABLE orderdetails (orderNumber INT, productCode TEXT, quantityOrdered INT, priceEach REAL,
            orderLineNumber INT, PRIMARY KEY (orderNumber, productCode));
        {N.format(240)} INSERT INTO orderdetails
            SELECT (i + 1) / 2, 'S' || (i % 2), 10 + i % 3, 10.0 + i % 2 * 5, i % 2 FROM n;
        CREATE TABLE products (productCode TEXT PRIMARY KEY, productName TEXT, buyPrice REAL, MSRP REAL);
        INSERT INTO products VALUES ('S0', 'zero', 5, 20), ('S1', 'one', 9, 30);
        CREATE TABLE payments (customerNumber INT, checkNumber TEXT, paymentDate TEXT, amount REAL);
        {N.format(60)} INSERT INTO payments SELECT {WHO}, 'K' || i, {DAY}, 500.5 FROM n;
        """
    )
    # lines 41 to 240: 100 at 15 and 100 at 10, of quantities 10, 11, 12 in turn
    odd = sum((10 + i % 3) * 15 for i in range(41, 241) if i % 2)
    even = sum((10 + i % 3) * 10 for i in range(41, 241) if not i % 2)
    assert figures(opened(path)) == Figures(100, 25, float(odd + even))


def test_the_customer_of_a_payment_is_one_join_away(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, country TEXT);
        {N.format(25)} INSERT INTO users SELECT i, 'u' || i || '@x.org', 'L' || (i % 3) FROM n;
        CREATE TABLE plans (id INTEGER PRIMARY KEY, name TEXT, price REAL);
        INSERT INTO plans VALUES (1, 'basic', 10), (2, 'pro', 30);
        CREATE TABLE subscriptions (id INTEGER PRIMARY KEY, user_id INT, plan_id INT, started_at TEXT, status TEXT);
        {N.format(30)} INSERT INTO subscriptions SELECT i, (i - 1) % 25 + 1, i % 2 + 1, '2022-12-01', 'active' FROM n;
        CREATE TABLE payments (id INTEGER PRIMARY KEY, subscription_id INT, amount REAL, paid_at TEXT);
        {N.format(300)} INSERT INTO payments SELECT i, i % 30 + 1, 10, {DAY} FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(300, 25, 3000.0)
    assert told(shop, "user_id", "subscriptions")
    assert shop.mapping.customers is not None
    assert shop.mapping.customers.table == "users"


def test_who_paid_and_when_stand_at_different_ends(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);
        {N.format(25)} INSERT INTO people SELECT i, 'e' || i || '@x.org' FROM n;
        CREATE TABLE memberships (id INTEGER PRIMARY KEY, person_id INT);
        {N.format(25)} INSERT INTO memberships SELECT i, 26 - i FROM n;
        CREATE TABLE bookings (id INTEGER PRIMARY KEY, membership_id INT, booked_on TEXT);
        {N.format(100)} INSERT INTO bookings SELECT i, {WHO}, {DAY} FROM n;
        CREATE TABLE booking_payments (id INTEGER PRIMARY KEY, booking_id INT, amount REAL);
        {N.format(200)} INSERT INTO booking_payments SELECT i, (i + 1) / 2, 7 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(100, 25, 1400.0)


def test_an_account_leads_on_to_the_person(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE contacts (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, country TEXT);
        {N.format(10)} INSERT INTO contacts SELECT i, 'N' || i, 'n' || i || '@x.org', 'L' || (i % 3) FROM n;
        CREATE TABLE accounts (id INTEGER PRIMARY KEY, contact_id INT REFERENCES contacts(id), name TEXT);
        {N.format(25)} INSERT INTO accounts SELECT i, i % 10 + 1, 'A' || i FROM n;
        CREATE TABLE invoices (id INTEGER PRIMARY KEY, account_id INT REFERENCES accounts(id), issued_on TEXT,
            total REAL);
        {N.format(150)} INSERT INTO invoices SELECT i, i % 25 + 1, {DAY}, 12.5 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(150, 10, 1875.0)
    assert told(shop, "contact_id", "accounts")


def test_sakila_pays_by_rental(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, store_id INT, first_name TEXT, last_name TEXT,
            email TEXT, address_id INT, active INT);
        {N.format(25)} INSERT INTO customer SELECT i, i % 2 + 1, 'F' || i, 'L' || i, 'e', i % 8 + 1, 1 FROM n;
        CREATE TABLE address (address_id INTEGER PRIMARY KEY, address TEXT, district TEXT, city_id INT);
        {N.format(8)} INSERT INTO address SELECT i, 'street ' || i, 'D' || (i % 3), i % 4 + 1 FROM n;
        CREATE TABLE city (city_id INTEGER PRIMARY KEY, city TEXT, country_id INT);
        INSERT INTO city VALUES (1, 'Lviv', 1), (2, 'Kyiv', 1), (3, 'Lyon', 2), (4, 'Nice', 2);
        CREATE TABLE country (country_id INTEGER PRIMARY KEY, country TEXT);
        INSERT INTO country VALUES (1, 'Ukraine'), (2, 'France');
        CREATE TABLE rental (rental_id INTEGER PRIMARY KEY, rental_date TEXT, inventory_id INT, customer_id INT,
            return_date TEXT);
        {N.format(200)} INSERT INTO rental SELECT i, {DAY}, i, {WHO}, {DAY} FROM n;
        CREATE TABLE payment (payment_id INTEGER PRIMARY KEY, rental_id INT, staff_id INT, amount REAL,
            payment_date TEXT);
        {N.format(200)} INSERT INTO payment SELECT i, i, 1, 2.99, {DAY} FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(200, 25, 598.0)
    assert shop.mapping.customers is not None
    assert {"city", "country"} <= {a.name for a in shop.mapping.customers.attributes}
    countries = shop.book.people.frame["country"].drop_nulls().unique().sort().to_list()
    assert countries == ["France", "Ukraine"]


def test_olist(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE customers (customer_id TEXT, customer_unique_id TEXT, customer_city TEXT, customer_state TEXT);
        {N.format(120)} INSERT INTO customers SELECT 'c' || i, 'u' || (i % 90), 'x', 'S' || (i % 3) FROM n;
        CREATE TABLE orders (order_id TEXT, customer_id TEXT, order_status TEXT, order_purchase_timestamp TEXT,
            order_approved_at TEXT, order_delivered_customer_date TEXT);
        {N.format(120)} INSERT INTO orders SELECT 'o' || i, 'c' || i,
            CASE WHEN i <= 6 THEN 'canceled' ELSE 'delivered' END, {DAY} || ' 10:00:00', {DAY}, {DAY} FROM n;
        CREATE TABLE order_items (order_id TEXT, order_item_id INT, product_id TEXT, price REAL, freight_value REAL);
        {N.format(240)} INSERT INTO order_items SELECT 'o' || ((i + 1) / 2), i % 2 + 1, 'p', 10, 2 FROM n;
        CREATE TABLE order_payments (order_id TEXT, payment_sequential INT, payment_type TEXT,
            payment_installments INT, payment_value REAL);
        {N.format(240)} INSERT INTO order_payments SELECT 'o' || ((i + 1) / 2), i % 2 + 1, 'card', 1, 12 FROM n;
        """
    )
    # 114 orders of two payments of 12; persons 7 … 89 and 0 … 30
    assert figures(opened(path)) == Figures(114, 90, 2736.0)


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


REFUNDS = f"""
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, created_at TEXT, total REAL, status TEXT);
    {N.format(100)} INSERT INTO orders
        SELECT i, {WHO}, {DAY}, 20, CASE WHEN i <= 5 THEN 'cancelled' ELSE 'paid' END FROM n;
"""


def test_refunds_of_a_table_of_their_own_are_netted(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""{REFUNDS}
        CREATE TABLE refunds (id INTEGER PRIMARY KEY, order_id INT, amount TEXT, refunded_at TEXT, status TEXT);
        INSERT INTO refunds VALUES (1, 50, '$5.00', '2024-01-01', 'succeeded'), (2, 60, '$20.00', '2024-05-01',
            'succeeded'), (3, 1, '$20.00', '2024-05-01', 'succeeded'), (4, 70, '$20.00', '2024-05-01', 'failed');
        """
    )
    shop = opened(path)
    # 95 orders of 20; order 1 was cancelled and its refund goes with it, and one refund failed
    assert figures(shop) == Figures(95, 25, 1875.0, 25.0)
    assert told(shop, "refunds", "amount", "order_id")


def test_refunds_are_no_lines_of_their_orders(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE Orders (OrderID INTEGER PRIMARY KEY, CustomerID TEXT, OrderDate TEXT);
        {N.format(90)} INSERT INTO Orders SELECT i, 'C' || {WHO}, {DAY} FROM n;
        CREATE TABLE "Order Details" (OrderID INT, ProductID INT, UnitPrice REAL, Quantity INT, Discount REAL);
        {N.format(180)} INSERT INTO "Order Details" SELECT (i + 1) / 2, i % 5, 10, 2, 0.25 FROM n;
        CREATE TABLE Refunds (RefundID INTEGER PRIMARY KEY, OrderID INT REFERENCES Orders, Amount REAL);
        INSERT INTO Refunds VALUES (1, 5, 15), (2, 6, 30);
        """
    )
    # 180 lines of 2 × 10 × 0.75
    assert figures(opened(path)) == Figures(90, 25, 2655.0, 45.0)


def test_returns_of_products_without_an_amount_are_told(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""{REFUNDS}
        CREATE TABLE returns (return_id INTEGER PRIMARY KEY, order_id INT, product_id INT, quantity INT);
        INSERT INTO returns VALUES (1, 50, 1, 1);
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(95, 25, 1900.0)
    assert told(shop, "returns", "no amount")


def test_returned_orders_without_an_amount_are_left_out(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""{REFUNDS}
        CREATE TABLE returns (order_id INT, returned TEXT);
        INSERT INTO returns VALUES (50, 'Yes'), (60, 'Yes'), (70, 'No');
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(93, 25, 1860.0)
    assert told(shop, "returns")


def test_orders_that_tell_what_came_back_are_not_netted_twice(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""{REFUNDS} ALTER TABLE orders ADD refund_amount REAL DEFAULT 0;
        UPDATE orders SET refund_amount = 5 WHERE id = 50;
        CREATE TABLE refunds (id INTEGER PRIMARY KEY, order_id INT, amount REAL);
        INSERT INTO refunds VALUES (1, 50, 5);
        """
    )
    assert figures(opened(path)).revenue in (1900.0, 1895.0)


def test_totals_repeated_on_lines_count_once(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, product TEXT, order_total REAL);
        {N.format(120)} INSERT INTO sales
            SELECT i / 2, (i / 2) % 25, date('2023-01-01', (i / 2) || ' days'), 'p' || (i % 7), 10 + (i / 2) % 17
            FROM n;
        """
    )
    shop = opened(path)
    # orders 0 … 60 of two lines but for the first and the last
    assert figures(shop) == Figures(61, 25, float(sum(10 + order % 17 for order in range(61))))
    assert told(shop, "order_total", "once")


def test_lines_that_cost_the_same_are_no_repeated_total(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, product TEXT, amount REAL);
        {N.format(120)} INSERT INTO sales
            SELECT i / 2, (i / 2) % 25, date('2023-01-01', (i / 2) || ' days'), 'p' || (i % 7), 10 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(61, 25, 1200.0)


@pytest.mark.parametrize("name", ["amount", "price", "sales", "list_price", "unit_price", "value"])
@pytest.mark.parametrize("whole", [False, True])
def test_content_tells_the_price_of_a_piece_from_the_total_of_a_line(
    make_shop: MakeShop, name: str, whole: bool
) -> None:
    path = make_shop(
        f"""
        CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, product_id INT, quantity INT,
            {name} REAL);
        {N.format(200)} INSERT INTO sales SELECT i, {WHO}, {DAY}, i % 5, i % 4 + 1,
            (3 + i % 5 * 11) {"* (i % 4 + 1)" if whole else ""} FROM n;
        """
    )
    # of every price and quantity alike many: 200 × 25 × 2.5
    assert figures(opened(path)) == Figures(200, 25, 12500.0)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("discount REAL", "0.1"), ("discount INT", "10"), ("discount_pct REAL", "10"), ("discount TEXT", "'10%'")],
)
def test_a_discount_is_a_share_or_a_percentage(make_shop: MakeShop, kind: str, value: str) -> None:
    path = make_shop(
        f"""
        CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, sku TEXT, qty INT, unit_price REAL,
            {kind});
        {N.format(200)} INSERT INTO sales
            SELECT i, {WHO}, {DAY}, 's' || (i % 5), i % 4 + 1, 3 + i % 5 * 11, {value} FROM n;
        """
    )
    assert figures(opened(path)) == Figures(200, 25, 11250.0)


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
    ("column", "value"),
    [("status INT", "i % 3"), ("order_status TEXT", "substr('CSP', i % 3 + 1, 1)"), ("is_returned INT", "i % 2"),
     ("returned TEXT", "substr('YN', i % 2 + 1, 1)")],
)  # fmt: skip
def test_codes_that_nothing_explains_are_named(make_shop: MakeShop, column: str, value: str) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT, total REAL, {column});
        {N.format(90)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 10, {value} FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(90, 25, 900.0)
    assert told(shop, column.split()[0], "--status")


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
    assert set(shop.book.cleaned.orders["country name"].cast(pl.String)) == {"Ukraine", "France"}


def test_cents_are_told_by_other_money_of_the_same_orders(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT);
        {N.format(90)} INSERT INTO orders SELECT i, {WHO}, {DAY} FROM n;
        CREATE TABLE order_items (order_id INT, product_id INT, quantity INT, unit_price REAL);
        {N.format(180)} INSERT INTO order_items SELECT (i + 1) / 2, i % 5, i % 3 + 1, 12.5 FROM n;
        CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INT, amount INT);
        INSERT INTO payments SELECT NULL, order_id, CAST(100 * sum(quantity * unit_price) AS INT)
            FROM order_items GROUP BY order_id;
        """
    )
    shop = opened(path)
    # 60 lines each of 1, 2 and 3 pieces at 12.50
    assert figures(shop) == Figures(90, 25, 4500.0)
    assert told(shop, "cents", "order_items")


def test_goods_cost_what_the_table_of_products_says(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE products (productCode TEXT PRIMARY KEY, productName TEXT, buyPrice REAL);
        INSERT INTO products VALUES ('S0', 'zero', 4), ('S1', 'one', 6);
        CREATE TABLE orders (orderNumber INTEGER PRIMARY KEY, orderDate TEXT, customerNumber INT);
        {N.format(90)} INSERT INTO orders SELECT i, {DAY}, {WHO} FROM n;
        CREATE TABLE orderdetails (orderNumber INT, productCode TEXT, quantityOrdered INT, priceEach REAL);
        {N.format(180)} INSERT INTO orderdetails SELECT (i + 1) / 2, 'S' || (i % 2), 3, 10 FROM n;
        """
    )
    shop = opened(path)
    # 180 lines of 3 at 10; a piece costs 4 or 6
    assert figures(shop) == Figures(90, 25, 5400.0)
    assert margin(shop) == 2700.0
    assert told(shop, "buyPrice", "products")


def test_orders_without_a_payment_are_told(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT);
        {N.format(90)} INSERT INTO orders SELECT i, {WHO}, {DAY} FROM n;
        CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INT, amount REAL);
        {N.format(80)} INSERT INTO payments SELECT i, i, 10 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(80, 25, 800.0)
    assert told(shop, "orders", "payments", "left out: 10")


def test_money_of_payments_alone_is_summed_and_cents_are_told(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT, state TEXT);
        {N.format(90)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 'done' FROM n;
        CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INT, amount_cents INT, method TEXT);
        {N.format(180)} INSERT INTO payments SELECT i, (i + 1) / 2, 1250, 'card' FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(90, 25, 2250.0)
    assert told(shop, "amount_cents", "cents")


TEXT_MONEY = f"""
    CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, sku TEXT, qty INT, unit_price TEXT);
    {N.format(200)} INSERT INTO sales SELECT i, {WHO}, {DAY}, 's' || (i % 5), i % 4 + 1,
        '$1,' || (100 + i % 5 * 10) || '.50' FROM n;
    CREATE TABLE refunds (refund_id INTEGER PRIMARY KEY, order_id INT, amount TEXT, refunded_on TEXT);
    {N.format(20)} INSERT INTO refunds SELECT i, i * 7, '$1,000.25', '2026-01-01' FROM n;
"""


def test_text_is_reckoned_with_where_refunds_are_taken_off(make_shop: MakeShop) -> None:
    path = make_shop(TEXT_MONEY)
    # of every price and quantity alike many: 200 × 1 120.50 × 2.5, and 20 × 1 000.25 back
    assert figures(opened(path)) == Figures(200, 25, 560_250.0 - 20_005.0, 20_005.0)


def test_a_select_with_money_as_text_can_be_kept(make_shop: MakeShop, tmp_path: Path) -> None:
    path = make_shop(TEXT_MONEY)
    shop = opened(path)
    kept = tmp_path / "shop.toml"
    save(kept, SavedMapping(shop.mapping))
    again = open_shop(Request(path=path, config=kept, cache=False))
    assert again.proposal is None
    assert figures(again) == figures(shop)


def test_amounts_that_nothing_decides_are_asked_about_before_refunds_are_taken_off(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, sku TEXT, qty INT, unit_price TEXT);
        {N.format(200)} INSERT INTO sales
            SELECT i, {WHO}, {DAY}, 's' || (i % 5), i % 4 + 1, '1,' || (100 + i % 5 * 10) FROM n;
        CREATE TABLE refunds (refund_id INTEGER PRIMARY KEY, order_id INT, amount REAL);
        {N.format(20)} INSERT INTO refunds SELECT i, i * 7, 1 FROM n;
        """
    )
    with pytest.raises(LtvError, match="unit_price"):
        opened(path)
    # 200 × 1 120 × 2.5, or the thousandth of it
    assert figures(opened(path, decimal="point")) == Figures(200, 25, 559_980.0, 20.0)
    assert figures(opened(path, decimal="comma")) == Figures(200, 25, 540.0, 20.0)


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


@pytest.mark.parametrize(
    "cost", ["purchase_price", "buy_price", "unit_cogs", "einkaufspreis", "cost_price", "landed_cost"]
)
def test_what_the_shop_paid_for_a_piece_is_its_cost(make_shop: MakeShop, cost: str) -> None:
    path = make_shop(
        f"""
        CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, sku TEXT, quantity INT, {cost} REAL,
            price REAL);
        {N.format(200)} INSERT INTO sales SELECT i, {WHO}, {DAY}, 's' || (i % 5), i % 4 + 1,
            0.4 * (10 + i % 5 * 10), 10 + i % 5 * 10 FROM n;
        """
    )
    shop = opened(path)
    # of every price and quantity alike many: 200 × 30 × 2.5, of which 40 % is cost
    assert figures(shop) == Figures(200, 25, 15_000.0)
    assert margin(shop) == pytest.approx(9_000.0)


def test_the_price_of_a_purchase_is_what_was_paid_where_no_other_stands_there(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE purchases (purchase_id INT, customer_id INT, purchase_date TEXT, quantity INT,
            purchase_price REAL);
        {N.format(200)} INSERT INTO purchases SELECT i, {WHO}, {DAY}, i % 4 + 1, 10 + i % 5 * 10 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(200, 25, 15_000.0)
    assert shop.mapping.cost is None


@pytest.mark.parametrize(
    ("table", "key", "money"),
    [("chargebacks", "order_id", "amount"), ("credit_notes", "original_order_id", "credit_amount"),
     ("Refund", "OrderRef", "Amt"), ("retouren", "bestellnummer", "betrag"),
     ("remboursements", "commande_id", "montant")],
)  # fmt: skip
def test_refunds_refer_to_orders_by_many_names(make_shop: MakeShop, table: str, key: str, money: str) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT, total REAL);
        {N.format(200)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 20 FROM n;
        CREATE TABLE {table} (id INTEGER PRIMARY KEY, {key} INT, {money} REAL);
        {N.format(50)} INSERT INTO {table} SELECT i, i * 3, 20 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(200, 25, 3000.0, 1000.0)


def test_credits_given_to_customers_are_no_refunds(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INT, order_date TEXT, total REAL);
        {N.format(200)} INSERT INTO orders SELECT i, {WHO}, {DAY}, 20 FROM n;
        CREATE TABLE store_credits (id INTEGER PRIMARY KEY, order_id INT, amount REAL);
        {N.format(50)} INSERT INTO store_credits SELECT i, i * 3, 20 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(200, 25, 4000.0)


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
    with Database.open(path) as database:
        question = propose(database, Overrides()).questions[0]
    assert question.choices[:2] == ("orders_eu", "orders_us")
    assert figures(opened(path, orders=question.choices[2])) == Figures(200, 25, 4000.0)


def test_a_plural_may_change_its_vowels(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE kunden (id INTEGER PRIMARY KEY, email TEXT, land TEXT);
        {N.format(25)} INSERT INTO kunden SELECT i, 'u' || i || '@x.org', 'L' || (i % 3) FROM n;
        CREATE TABLE vertraege (id INTEGER PRIMARY KEY, kunden_id INT, beginn TEXT);
        {N.format(50)} INSERT INTO vertraege SELECT i, i % 25 + 1, '2022-01-01' FROM n;
        CREATE TABLE zahlungen (id INTEGER PRIMARY KEY, vertrag_id INT, betrag REAL, zahlungsdatum TEXT);
        {N.format(200)} INSERT INTO zahlungen SELECT i, i % 50 + 1, 20.5, {DAY} FROM n;
        """
    )
    assert figures(opened(path)) == Figures(200, 25, 4100.0)
