"""Shops that tests open: built from SQL in a temporary folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

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


MOVING = (
    # VIP from 100, middle from 50, left after 40 silent days; looked at on day 50 and on day 100.
    *(("ann", 0, 60), ("ann", 30, 50), ("ann", 90, 5)),  # 110, active -> 115, active
    *(("bob", 20, 60), ("bob", 80, 60)),  # 60, active -> 120, active
    *(("cat", 15, 200),),  # active (silent 35) -> lapsed (silent 85)
    *(("dan", 5, 60), ("dan", 99, 1)),  # lapsed (silent 45) -> back
    *(("eve", 70, 10),),  # not there yet -> economy
    *(("fay", 55, 10),),  # not there yet -> lapsed (silent 45)
    *(("gus", 0, 70), ("gus", 10, -60), ("gus", 45, 1)),  # 11 -> lapsed; a refund is no sign of life
    *(("hal", 10, 70),),  # silent 40 on day 50: lapsed on every board
)
"""Customer, days after 2024-01-01, amount: who moves between tiers and stages from 2024-02-20 to 2024-04-10."""
MOVING_TERMS = {"as_of": "2024-04-10", "churn_gap": "40", "tier_rule": "threshold:100/50"}


def moving_shop(folder: Path) -> Path:
    """A shop of the sales of MOVING; its table of customers holds two more, who never order."""
    rows = ", ".join(f"('{who}', date('2024-01-01', '+{day} days'), {amount})" for who, day, amount in MOVING)
    return build(
        folder,
        f"""
        CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
        INSERT INTO orders (customer_id, ordered_at, amount) VALUES {rows};
        CREATE TABLE customers (customer_id TEXT PRIMARY KEY, country TEXT);
        INSERT INTO customers VALUES ('ida', 'DE'), ('jon', NULL);
        INSERT INTO customers SELECT DISTINCT customer_id, 'DK' FROM orders;
    """,
    )


# By each channel 15 pairs: both buy for 10 at once, one of them for 6 in month 1 and for 4 in month 2, and none
# ever again. M = 10, 13, 15 for each of 30 customers.
SALES = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, channel TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15),
    c(channel) AS (VALUES ('ads'), ('mail'), ('organic')),
    s(who, after, amount) AS (VALUES ('a', 0, 10), ('a', 31, 6), ('a', 62, 4), ('b', 0, 10))
INSERT INTO orders (customer_id, ordered_at, amount, channel)
    SELECT channel || i || who, date('2024-01-01', '+' || after || ' days'), amount, channel FROM n, c, s;
"""
COSTS = """
CREATE TABLE marketing_spend (month TEXT, channel TEXT, amount REAL);
INSERT INTO marketing_spend VALUES ('2024-01', 'Ads', 360), ('2024-01', 'mail', 30), ('2024-01', 'fb', 60);
"""
"""Sales by three channels, and what two of them cost; "fb" is nobody's channel."""


def build(folder: Path, sql: str, name: str = "shop.sqlite") -> Path:
    """A database in `folder` made by `sql`."""
    path = folder / name
    if "PRAGMA" not in sql.upper():  # these are of the file
        path.write_bytes(_made(sql))
        return path
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
        connection.commit()
    return path


@cache
def _made(sql: str) -> bytes:
    """The file of such a database. Made once, and in memory: a script syncs with the disk for every statement."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(sql)
        connection.commit()
        return connection.serialize()


def corner_shop(folder: Path) -> Path:
    """The shop that is checked by hand."""
    return build(folder, CORNER_SHOP.read_text("utf-8"), "corner.sqlite")


def returning_shop(folder: Path, days: int = 400) -> Path:
    """600 customers with an e-mail address, each at a pace of their own, some of whom leave: enough for a forecast
    from the 180th of the days on."""
    random = Random(11)
    rows = []
    for who in range(600):
        day, gap = random.randrange(100), random.uniform(8, 80)
        while day < days:
            on = date(2025, 1, 1) + timedelta(days=int(day))
            rows.append(f"({len(rows) + 1}, {who}, '{on}', {random.uniform(5, 90):.2f})")
            if random.random() < 0.2:
                break
            day += max(random.expovariate(1 / gap), 1)
    people = (f"({who}, 'Customer {who:03}', 'c{who:03}@example.com')" for who in range(600))
    return build(
        folder,
        "CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT, email TEXT);"
        f"INSERT INTO customers VALUES {','.join(people)};"
        "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER, ordered_at TEXT, amount REAL);"
        f"INSERT INTO orders VALUES {','.join(rows)};",
        "returning.sqlite",
    )
