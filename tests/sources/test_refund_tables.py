"""Refunds in a table of their own, taken off the orders that they refer to."""

from __future__ import annotations

from pathlib import Path

import pytest
from structures import DAY, WHO, Figures, MakeShop, N, figures, opened, told

from ltvtui.errors import LtvError
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.mapping_file import SavedMapping, save

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
    again = open_shop(OpenRequest(uri=path, config=kept, cache=False))
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
