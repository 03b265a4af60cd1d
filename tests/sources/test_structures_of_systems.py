"""Shapes that shop systems and warehouses keep sales in, in small: read right, or told of where nothing decides."""

from __future__ import annotations

from datetime import date

import pytest
from structures import DAY, WHO, Figures, MakeShop, N, figures, margin, opened, told

from ltvtui.errors import LtvError

CUSTOMERS = f"""
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
    {N.format(25)} INSERT INTO customers SELECT i, 'c' || i FROM n;
"""
ORDERS = f"""
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers(id), order_date TEXT{{more}});
    {N.format(100)} INSERT INTO orders SELECT i, {WHO}, {DAY}{{values}} FROM n;
"""


def orders_with(more: str = "", values: str = "") -> str:
    """Customers, and a hundred orders with these columns beside."""
    return CUSTOMERS + ORDERS.format(more=more and f", {more}", values=values and f", {values}")


def lines_with(more: str, values: str) -> str:
    """Two lines an order, 200 in all."""
    return f"""
        CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INT REFERENCES orders(id), {more});
        {N.format(200)} INSERT INTO order_items SELECT i, (i + 1) / 2, {values} FROM n;
    """


@pytest.mark.parametrize(
    ("more", "values"),
    [
        ("grand_total REAL, base_grand_total REAL", "i % 7 + 10.5, i % 7 + 10.5"),
        ("sales_amount REAL, extended_amount REAL", "i % 7 + 10.5, i % 7 + 10.5"),
        ("customer_number TEXT, total REAL", f"'N' || (1000 + {WHO}), i % 7 + 10.5"),
    ],
)
def test_columns_that_say_the_same_are_not_asked_about(make_shop: MakeShop, more: str, values: str) -> None:
    shop = opened(make_shop(orders_with(more, values)))
    assert figures(shop) == Figures(100, 25, 10.5 * 100 + sum(i % 7 for i in range(1, 101)))


def test_columns_that_differ_in_one_row_are_asked_about(make_shop: MakeShop) -> None:
    path = make_shop(orders_with("net_amount REAL, gross_amount REAL", "i + 10.5, i + 10.5 + (i = 50)"))
    with pytest.raises(LtvError, match=r"net_amount \(such as .*gross_amount"):
        opened(path)


def test_a_copy_of_the_orders_for_lists_is_not_asked_about(make_shop: MakeShop) -> None:
    grid = """
        CREATE TABLE sales_order_grid (entity_id INTEGER PRIMARY KEY, status TEXT, customer_id INT, grand_total REAL,
            created_at TEXT);
        INSERT INTO sales_order_grid SELECT entity_id, status, customer_id, grand_total, created_at FROM sales_order;
    """
    orders = f"""
        CREATE TABLE sales_order (entity_id INTEGER PRIMARY KEY, status TEXT, customer_id INT, grand_total REAL,
            total_refunded REAL, created_at TEXT);
        {N.format(100)} INSERT INTO sales_order
            SELECT i, 'complete', {WHO}, 20.5, CASE WHEN i <= 10 THEN 5.0 END, {DAY} FROM n;
    """
    shop = opened(make_shop(orders + grid))
    assert shop.mapping.orders == "sales_order"  # it alone tells what was refunded
    assert figures(shop).revenue == 2050.0 - 50.0


def test_the_number_of_the_order_goes_before_that_of_its_lines(make_shop: MakeShop) -> None:
    path = make_shop(
        CUSTOMERS
        + f"""
        CREATE TABLE fact_sales (sales_key INTEGER PRIMARY KEY, customer_id INT, order_number INT, sale_date TEXT,
            quantity INT, unit_price REAL);
        WITH RECURSIVE n(k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM n WHERE k < 201)
        INSERT INTO fact_sales SELECT k, (i * 7 % 25 + 1), 1000 + i, {DAY}, k % 3 + 1, 10.5 + k % 5
            FROM (SELECT k, k / 2 AS i FROM n);
        """
    )
    assert figures(opened(path)).orders == 100


@pytest.mark.parametrize(
    ("column", "value", "off"),
    [
        ("discount_amount REAL", "i % 4 * 2.25", sum(i % 4 * 2.25 for i in range(1, 201))),
        ("discount REAL", "CASE i % 2 WHEN 1 THEN 150.5 ELSE 0 END", 100 * 150.5),
    ],
)
def test_a_discount_in_money_is_taken_off_its_line(make_shop: MakeShop, column: str, value: str, off: float) -> None:
    lines = lines_with(f"quantity INT, unit_price REAL, {column}", f"i % 3 + 1, 200.5, {value}")
    whole = sum((i % 3 + 1) * 200.5 for i in range(1, 201))
    assert figures(opened(make_shop(orders_with() + lines))) == Figures(100, 25, whole - off)


@pytest.mark.parametrize(
    ("column", "value", "mend"),
    [
        ("discount REAL", "i % 3 * 0.1", '(1 - "orders"."discount")'),
        ("discount_amount REAL", "i % 3 * 2.5", "--amount paid"),
    ],
)
def test_a_discount_of_the_order_beside_lines_is_told(
    make_shop: MakeShop, column: str, value: str, mend: str
) -> None:
    lines = lines_with("quantity INT, unit_price REAL", "i % 3 + 1, 200.5")
    path = make_shop(orders_with(column, value) + lines)
    shop = opened(path)
    assert told(shop, "is not subtracted from", mend)
    if "(1 -" in mend:
        (notice,) = (notice for notice in shop.notices if "is not subtracted from" in notice)
        less = opened(path, amount=notice.split("--amount '")[1].removesuffix("'."))
        of_orders = [(2 * i - 1) % 3 + 1 + 2 * i % 3 + 1 for i in range(1, 101)]
        wanted = sum(pieces * 200.5 * (1 - i % 3 * 0.1) for i, pieces in enumerate(of_orders, 1))
        assert abs(figures(less).revenue - wanted) < 0.01


def test_no_discount_is_told_where_the_order_has_its_own_total(make_shop: MakeShop) -> None:
    lines = lines_with("quantity INT, unit_price REAL", "i % 3 + 1, 200.5")
    shop = opened(make_shop(orders_with("discount REAL, total REAL", "i % 3 * 0.1, 33.25") + lines))
    assert figures(shop).revenue == 3325.0
    assert not told(shop, "is not subtracted from")


def test_a_count_called_amount_is_multiplied_by_the_price_of_the_product(make_shop: MakeShop) -> None:
    goods = """
        CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT, price REAL, purchase_price REAL);
        INSERT INTO items VALUES (1, 'a', 10.5, 5), (2, 'b', 20.25, 9);
        CREATE TABLE order_content (order_id INT REFERENCES orders(id), item_id INT REFERENCES items(id), amount INT);
    """
    lines = f"{N.format(200)} INSERT INTO order_content SELECT (i + 1) / 2, i % 2 + 1, i % 3 + 1 FROM n;"
    shop = opened(make_shop(orders_with() + goods + lines))
    pieces = [sum(i % 3 + 1 for i in range(1, 201) if i % 2 == k) for k in (0, 1)]
    assert figures(shop) == Figures(100, 25, pieces[0] * 10.5 + pieces[1] * 20.25)
    assert margin(shop) == pieces[0] * 5.5 + pieces[1] * 11.25


def test_a_row_without_a_quantity_is_one_piece_at_the_price_of_the_product(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE players (player_id TEXT PRIMARY KEY, platform TEXT);
        {N.format(25)} INSERT INTO players SELECT 'p' || i, 'ios' FROM n;
        CREATE TABLE packs (sku TEXT PRIMARY KEY, title TEXT, price_usd REAL);
        INSERT INTO packs VALUES ('a', 'A', 0.99), ('b', 'B', 4.99);
        CREATE TABLE transactions (transaction_id TEXT PRIMARY KEY, player_id TEXT REFERENCES players,
            sku TEXT REFERENCES packs, purchased_at TEXT, is_refunded INT);
        {N.format(100)} INSERT INTO transactions
            SELECT 't' || i, 'p' || {WHO}, substr('ab', i % 2 + 1, 1), {DAY}, i <= 10 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(90, 25, 45 * 0.99 + 45 * 4.99)


def test_currencies_that_a_code_leads_to_are_not_summed_up(make_shop: MakeShop) -> None:
    currencies = """
        CREATE TABLE currencies (id INTEGER PRIMARY KEY, name TEXT, code TEXT);
        INSERT INTO currencies VALUES (1, 'Euro', 'EUR'), (2, 'Dollar', 'USD');
    """
    path = make_shop(currencies + orders_with("currency_id INT, total REAL", "i % 2 + 1, 10.5"))
    with pytest.raises(LtvError, match="2 currencies: EUR, USD"):
        opened(path)


def test_words_of_a_status_in_a_table_of_several_languages(make_shop: MakeShop) -> None:
    states = """
        CREATE TABLE order_state_lang (id_order_state INT, id_lang INT, name TEXT,
            PRIMARY KEY (id_order_state, id_lang));
        INSERT INTO order_state_lang VALUES (2, 1, 'Payment accepted'), (6, 1, 'Canceled'), (8, 1, 'Payment error'),
            (2, 2, 'Zahlung eingegangen'), (6, 2, 'Storniert'), (8, 2, 'Zahlungsfehler');
    """
    state = "CASE WHEN i <= 10 THEN 6 WHEN i <= 15 THEN 8 WHEN i <= 18 THEN 0 ELSE 2 END"
    shop = opened(make_shop(states + orders_with("current_state INT, total REAL", f"{state}, 10.5")))
    assert figures(shop) == Figures(85, 25, 892.5)
    assert told(shop, "current_state", "order_state_lang", "no entry for 0")


def test_the_customer_stands_in_a_table_of_one_row_an_order(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE state_machine_state (id TEXT PRIMARY KEY, technical_name TEXT);
        INSERT INTO state_machine_state VALUES ('af01', 'open'), ('b0c7', 'completed'), ('c99d', 'cancelled');
        CREATE TABLE "order" (id TEXT PRIMARY KEY, state_id TEXT REFERENCES state_machine_state(id),
            order_number TEXT, order_date TEXT, amount_total REAL);
        {N.format(100)} INSERT INTO "order" SELECT 'o' || i,
            CASE WHEN i <= 20 THEN 'c99d' WHEN i % 2 THEN 'af01' ELSE 'b0c7' END, 1000 + i, {DAY}, 10.5 FROM n;
        CREATE TABLE order_customer (id TEXT PRIMARY KEY, order_id TEXT REFERENCES "order"(id), customer_id TEXT,
            email TEXT);
        {N.format(100)} INSERT INTO order_customer
            SELECT 'x' || i, 'o' || i, 'c' || {WHO}, 'm' || {WHO} || '@x.y' FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(80, 25, 840.0)
    assert told(shop, "no customer column", "order_customer")


def test_the_status_of_an_order_is_the_last_of_its_history(make_shop: MakeShop) -> None:
    history = f"""
        CREATE TABLE order_status_history (id INTEGER PRIMARY KEY, order_id INT REFERENCES orders(id), status TEXT,
            changed_at TEXT);
        {N.format(100)} INSERT INTO order_status_history (order_id, status, changed_at)
            SELECT i, CASE WHEN i <= 40 THEN 'cancelled' ELSE 'created' END, {DAY} || ' 10:00:00' FROM n
            UNION ALL SELECT i, CASE WHEN i <= 30 THEN 'reopened' WHEN i > 95 THEN 'cancelled' ELSE 'paid' END,
            {DAY} || ' 12:00:00' FROM n WHERE i <= 30 OR i > 40;
    """
    shop = opened(make_shop(orders_with("total REAL", "10.5") + history))
    assert figures(shop) == Figures(85, 25, 892.5)
    assert told(shop, "order_status_history", "last one")


def test_lines_that_were_undone_leave_the_others_of_their_order(make_shop: MakeShop) -> None:
    lines = lines_with(
        "quantity INT, unit_price REAL, item_status TEXT",
        "1, 10.5 + i % 2, CASE WHEN i <= 4 OR i % 10 = 0 THEN 'cancelled' ELSE 'shipped' END",
    )
    # lines 1 to 4 are the whole of orders 1 and 2; of the 98 even and 98 odd ones beside, twenty even ones are undone
    shop = opened(make_shop(orders_with() + lines))
    assert figures(shop) == Figures(98, 25, 78 * 10.5 + 98 * 11.5)
    assert told(shop, "item_status", "cancelled", "left out")


def test_payments_that_failed_are_no_money(make_shop: MakeShop) -> None:
    payments = f"""
        CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INT REFERENCES orders(id), amount REAL, paid_at TEXT,
            status TEXT);
        {N.format(100)} INSERT INTO payments (order_id, amount, paid_at, status)
            SELECT i, 20.5, {DAY}, 'success' FROM n UNION ALL SELECT i, 20.5, {DAY}, 'failed' FROM n WHERE i % 5 = 0;
    """
    assert figures(opened(make_shop(orders_with() + payments))) == Figures(100, 25, 2050.0)


@pytest.mark.parametrize(
    ("column", "back"),
    [("Belegart", "Gutschrift"), ("doc_type", "Credit Note"), ("tipo", "Nota di credito"), ("rodzaj", "Korekta")],
)
def test_credit_notes_among_the_invoices_are_taken_off(make_shop: MakeShop, column: str, back: str) -> None:
    path = make_shop(
        f"""
        CREATE TABLE documents (number INTEGER PRIMARY KEY, {column} TEXT, customer_id INT, doc_date TEXT,
            total REAL);
        {N.format(100)} INSERT INTO documents
            SELECT i, CASE WHEN i % 10 THEN 'invoice' ELSE '{back}' END, {WHO}, {DAY}, 10.5 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(90, 25, 840.0, 105.0)


@pytest.mark.parametrize("quote", ["quote", "Angebot", "devis", "presupuesto"])
def test_quotations_are_no_sales(make_shop: MakeShop, quote: str) -> None:
    path = make_shop(
        CUSTOMERS
        + f"""
        CREATE TABLE documents (id INTEGER PRIMARY KEY, doc_type TEXT, customer_id INT, doc_date TEXT, total REAL);
        {N.format(100)} INSERT INTO documents
            SELECT i, CASE WHEN i % 10 THEN 'order' ELSE '{quote}' END, {WHO}, {DAY}, 10.5 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(90, 25, 945.0)


def test_what_orders_say_stands_an_attribute_a_row(make_shop: MakeShop) -> None:
    path = make_shop(
        f"""
        CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_date TEXT, post_date_gmt TEXT, post_status TEXT,
            post_type TEXT, post_parent INT);
        {N.format(40)} INSERT INTO wp_posts SELECT i, {DAY}, {DAY}, 'publish', 'product', 0 FROM n;
        {N.format(100)} INSERT INTO wp_posts
            SELECT 100 + i, {DAY} || ' 23:30:00', date({DAY}, '1 day') || ' 00:30:00',
            CASE WHEN i <= 10 THEN 'wc-cancelled' ELSE 'wc-completed' END, 'shop_order', 0 FROM n;
        {N.format(5)} INSERT INTO wp_posts
            SELECT 300 + i, {DAY}, {DAY}, 'wc-completed', 'shop_order_refund', 150 + i FROM n;
        CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY, post_id INT, meta_key TEXT, meta_value TEXT);
        INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
            SELECT ID, '_price', '9.50' FROM wp_posts WHERE ID <= 40
            UNION ALL SELECT ID, '_customer_user', CAST((ID - 100) * 7 % 25 + 1 AS TEXT) FROM wp_posts
            WHERE post_type = 'shop_order'
            UNION ALL SELECT ID, '_order_total', '20.50' FROM wp_posts WHERE post_type = 'shop_order'
            UNION ALL SELECT ID, '_order_tax', '3.10' FROM wp_posts WHERE post_type = 'shop_order'
            UNION ALL SELECT ID, '_order_total', '-4.50' FROM wp_posts WHERE post_type = 'shop_order_refund';
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(90, 25, 90 * 20.5 - 5 * 4.5, 22.5)
    assert told(shop, "wp_postmeta", "_order_total")


def test_days_that_a_number_leads_to_are_no_dates_themselves(make_shop: MakeShop) -> None:
    path = make_shop(
        CUSTOMERS
        + f"""
        CREATE TABLE date_dim (d_date_sk INTEGER PRIMARY KEY, d_date TEXT);
        {N.format(600)} INSERT INTO date_dim SELECT 2450000 + i, date('2023-01-01', i || ' days') FROM n;
        CREATE TABLE store_sales (ss_sold_date_sk INT, ss_sold_time_sk INT, ss_customer_sk INT,
            ss_ticket_number INT, ss_ext_sales_price REAL);
        {N.format(100)} INSERT INTO store_sales SELECT 2450000 + i * 5, 30000 + i, {WHO}, i, 10.5 FROM n;
        """
    )
    shop = opened(path)
    assert figures(shop) == Figures(100, 25, 1050.0)
    assert shop.dataset.cleaned.orders["day"].min() == (date(2023, 1, 6) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("column", "undone", "sold"),
    [
        ("etat", "annulée", "livrée"),
        ("durum", "İptal Edildi", "Teslim Edildi"),
        ("durum", "iade", "tamamlandı"),
        ("stav", "stornováno", "vyřízeno"),
        ("status", "skasovano", "vykonano"),
        ("state", "cancel", "sale"),
    ],
)
def test_a_state_that_says_cancelled_is_a_status(make_shop: MakeShop, column: str, undone: str, sold: str) -> None:
    value = f"CASE WHEN i <= 10 THEN '{undone}' ELSE '{sold}' END, 10.5"
    shop = opened(make_shop(orders_with(f"{column} TEXT, total REAL", value)))
    assert figures(shop) == Figures(90, 25, 945.0)


@pytest.mark.parametrize("lines", [True, False])
def test_receipts_are_told_apart_by_store_and_number(make_shop: MakeShop, lines: bool) -> None:
    total = "" if lines else ", total REAL"
    script = f"""
        CREATE TABLE sales (store_id INT, receipt_no INT, customer_id INT, sold_at TEXT{total},
            PRIMARY KEY (store_id, receipt_no));
        {N.format(100)} INSERT INTO sales
            SELECT i % 2 + 1, (i + 1) / 2, i % 25, {DAY}{"" if lines else ", 21"} FROM n;
    """
    if lines:
        script += f"""
        CREATE TABLE sale_lines (store_id INT, receipt_no INT, line_no INT, qty INT, price REAL,
            PRIMARY KEY (store_id, receipt_no, line_no));
        {N.format(200)} INSERT INTO sale_lines
            SELECT i % 2 + 1, (i + 3) / 4, (i + 1) / 2 % 2, 1, 10.25 + (i + 1) / 2 % 2 * 0.5 FROM n;
        """
    shop = opened(make_shop(script))
    assert figures(shop) == Figures(100, 25, 2100.0)
    assert told(shop, "store_id", "receipt_no", "together")


def test_pieces_that_came_back_are_told(make_shop: MakeShop) -> None:
    lines = lines_with(
        "quantity INT, quantity_returned INT, unit_price REAL",
        "i % 3 + 1, CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END, 10.5 + i % 7",
    )
    path = make_shop(orders_with() + lines)
    shop = opened(path)
    (notice,) = (notice for notice in shop.notices if "quantity_returned" in notice)
    less = opened(path, amount=notice.split("--amount '")[1].removesuffix("'."))
    assert figures(shop).revenue - figures(less).revenue == sum(10.5 + i % 7 for i in range(10, 201, 10))


@pytest.mark.parametrize("other", ["seller_id", "salesperson_id", "created_by_user_id"])
def test_who_sold_is_no_customer(make_shop: MakeShop, other: str) -> None:
    path = make_shop(
        f"""
        CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
        {N.format(25)} INSERT INTO users SELECT i, 'c' || i FROM n;
        CREATE TABLE orders (id INTEGER PRIMARY KEY, {other} INT REFERENCES users(id),
            buyer_id INT REFERENCES users(id), order_date TEXT, total REAL);
        {N.format(100)} INSERT INTO orders SELECT i, i % 3 + 1, {WHO}, {DAY}, 10.5 FROM n;
        """
    )
    assert figures(opened(path)) == Figures(100, 25, 1050.0)
