"""Shops that tests open: built from SQL in a temporary folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORNER_SHOP = ROOT / "fixtures" / "corner_shop.sql"

LARGE_SHOP = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id, day TEXT, amount REAL, status, channel, category);
CREATE TABLE customers (customer_id PRIMARY KEY, country);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
INSERT INTO orders SELECT i, 'C' || (i * 7919 % 977), date(1.5e9 + i * 3000, 'unixepoch'),
    CASE i % 50 WHEN 0 THEN -5.5 ELSE i % 90 + 0.25 END, {status}, 'c' || (i * 31 % 9), 'g' || (i * 17 % 5) FROM n;
INSERT INTO customers SELECT DISTINCT customer_id, substr(customer_id, 2, 1) FROM orders;
"""
"""Thirty thousand orders with attributes and customers with a country; {status} is SQL."""


def build(folder: Path, sql: str, name: str = "shop.sqlite") -> Path:
    """A database in `folder` made by `sql`."""
    path = folder / name
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
        connection.commit()
    return path


def corner_shop(folder: Path) -> Path:
    """The shop that is checked by hand."""
    return build(folder, CORNER_SHOP.read_text("utf-8"), "corner.sqlite")
