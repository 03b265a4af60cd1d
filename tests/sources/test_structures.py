"""Shops whose orders several tables tell of together, in small forms: opened without a flag they are right."""

from __future__ import annotations

from collections.abc import Callable

from structures import DAY, WHO, Figures, MakeShop, N, figures, opened, told

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
    countries = shop.dataset.people.frame["country"].drop_nulls().unique().sort().to_list()
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
    assert told(shop, "orders", "payments", "left out", ": 10.")


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
