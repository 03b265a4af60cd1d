"""What a row is worth and what it cost: prices, costs and discounts of one piece, totals that lines repeat, cents."""

from __future__ import annotations

import pytest
from structures import DAY, WHO, Figures, MakeShop, N, figures, margin, opened, told


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
    assert any(count.rule == "total_again" for count in shop.dataset.cleaned.counts)


def test_lines_that_cost_the_same_are_no_repeated_total(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE sales (order_id INT, customer_id INT, order_date TEXT, product TEXT, amount REAL);
        {N.format(120)} INSERT INTO sales
            SELECT i / 2, (i / 2) % 25, date('2023-01-01', (i / 2) || ' days'), 'p' || (i % 7), 10 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(61, 25, 1200.0)


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
