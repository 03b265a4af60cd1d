"""Write an invented shop into an SQLite file.

The same arguments always give the same data; nothing depends on today's date. Orders are written in
the order of time, as a shop writes them. To do so in little memory, the orders of each block of
customers are first sorted by date into temporary files, then read back one by one.
"""

from __future__ import annotations

import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from ltvtui.errors import LtvError
from ltvtui.importing.demo_shop import draws, facts
from ltvtui.importing.demo_shop.dirt import write_dirt
from ltvtui.importing.demo_shop.plan import DAY, Ints, ShopPlan, plan_shop

APPLICATION_ID: Final = 0x4C545653
"""Written into the file's header ("LTVS"), so that only such files are ever overwritten."""

BUCKET_DAYS: Final = 5
"""Days in a file. Fewer than the days until a refund, so that the order's id is known by then."""

_STREAM_BUCKET, _STREAM_SPEND, _STREAM_NAMES = 11, 12, 14

SCHEMA: Final = f"""
CREATE TABLE customers (
    customer_id INTEGER PRIMARY KEY,
    name TEXT,
    email TEXT,
    gender TEXT,
    birth_year INTEGER,
    country TEXT,
    city TEXT,
    signup_channel TEXT NOT NULL,
    signup_date TEXT NOT NULL
);
CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES customers (customer_id),
    ordered_at TEXT,
    status TEXT NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    device TEXT NOT NULL,
    amount REAL,
    cost REAL,
    currency TEXT NOT NULL DEFAULT '{facts.CURRENCY}',
    refund_of INTEGER REFERENCES orders (order_id)
);
CREATE TABLE marketing_spend (
    month TEXT NOT NULL,
    channel TEXT NOT NULL,
    amount REAL NOT NULL,
    PRIMARY KEY (month, channel)
);
"""

INDEXES: Final = """
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_time ON orders (ordered_at);
CREATE INDEX orders_refund ON orders (refund_of) WHERE refund_of IS NOT NULL;
"""

INSERT_ORDER: Final = """
INSERT INTO orders (order_id, customer_id, ordered_at, status, channel, category, device, amount, cost,
                    currency, refund_of)
VALUES (?, ?, datetime(?, 'unixepoch'), ?, ?, ?, ?, ? / 100.0, ? / 100.0, ?, nullif(?, 0))
"""

_WHOLE_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "ü": "ue", "ö": "oe", "ä": "ae", "ß": "ss"})
"""Letters that do not come apart into a plain one and an accent, or that Germans write as two."""


def check_may_write(out: Path) -> None:
    """LtvError (exit code 2) unless `out` is free, or a shop that was generated before."""
    if not out.parent.is_dir():
        raise LtvError(f"{out.parent} is not a directory.", "Create it first.", 2)
    for journal in (out.with_name(out.name + "-wal"), out.with_name(out.name + "-journal")):
        if journal.exists():
            raise LtvError(f"{out} is being written to ({journal.name} exists).", "Close what uses it.", 2)
    if out.exists() and not is_generated(out):
        raise LtvError(f"{out} is not a generated shop.", "Move it away, or give another file name.", 2)


def is_generated(path: Path) -> bool:
    """Whether the header says that this program wrote the file (https://sqlite.org/fileformat.html, 1.3)."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.read(100)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION_ID.to_bytes(4, "big")


def write_shop(out: Path, plan: ShopPlan) -> int:
    """Write the shop to `out` in one step, and return the number of orders."""
    with tempfile.TemporaryDirectory(prefix=".shop-", dir=out.parent) as scratch:
        part = Path(scratch, "shop.sqlite")
        # A file that is thrown away on failure needs no journal.
        database = sqlite3.connect(part, isolation_level=None)
        try:
            database.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;")
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            database.executescript(SCHEMA)
            won = _write_customers(database, plan, Path(scratch))
            orders = _write_orders(database, plan, Path(scratch))
            _write_spend(database, plan, won)
            orders += write_dirt(database, plan, orders)
            database.executescript(INDEXES)
        finally:
            database.close()
        part.replace(out)
    return orders


def _write_customers(database: sqlite3.Connection, plan: ShopPlan, scratch: Path) -> Ints:
    """Write all customers, shelve their orders, and count those won: months × channels."""
    won = np.zeros((int(plan.months(np.array([plan.days - 1]))[0]) + 1, len(facts.CHANNELS)), np.int64)
    for start in range(0, plan.customers, draws.BLOCK):
        people = draws.draw_customers(plan, start)
        database.execute("BEGIN")
        database.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _customer_rows(plan, people))
        database.execute("COMMIT")
        orders = draws.draw_orders(plan, people)
        _shelve(scratch, orders, plan.first_day)
        _, firsts = np.unique(orders["customer"], return_index=True)
        months = plan.months(orders["at"][firsts] // DAY - plan.first_day)
        np.add.at(won, (months, orders["channel"][firsts]), 1)
    return won


def _customer_rows(plan: ShopPlan, people: draws.Customers) -> Iterator[tuple[object, ...]]:
    """Customers as the table wants them."""
    rng = plan.random(_STREAM_NAMES, int(people.customer[0]))
    count = len(people.customer)
    # A power above 1 leans towards the first: the most common family name, the largest city.
    lot = rng.random((3, count)) ** np.array([[1.0], [1.4], [2.0]])
    coins = (rng.random(count) < 0.5).tolist()
    signed = np.datetime_as_string(np.datetime64(plan.first) + people.signed).tolist()
    columns = (people.customer, people.gender, people.birth_year, people.country, people.channel)
    for (number, gender, born, country, channel), day, (given, family, city), coin in zip(
        zip(*(column.tolist() for column in columns), strict=True), signed, lot.T.tolist(), coins, strict=True
    ):
        home = facts.COUNTRIES[country]
        names = home.women if gender == 0 or (gender == 2 and coin) else home.men
        first = names[int(given * len(names))]
        last = home.families[int(family * len(home.families))]
        mail = f"{_plain(first)}.{_plain(last)}{number}@example.{'com' if coin else 'org'}"
        yield (
            *(number, f"{first} {last}", mail, facts.GENDERS[gender], born or None, home.code),
            *(home.cities[int(city * len(home.cities))], facts.CHANNELS[channel].name, day),
        )


@cache
def _plain(name: str) -> str:
    """A name in the letters of a mail address."""
    parted = unicodedata.normalize("NFKD", name.lower().translate(_WHOLE_LETTERS))
    return "".join(letter for letter in parted if letter.isascii() and letter.isalpha())


def _shelve(scratch: Path, orders: draws.Rows, first_day: int) -> None:
    """Append orders to the files of their dates."""
    bucket = (orders["at"] // DAY - first_day) // BUCKET_DAYS
    order = np.argsort(bucket, kind="stable")
    ends = np.cumsum(np.bincount(bucket))
    for number, rows in enumerate(np.split(orders[order], ends[:-1])):
        if len(rows):
            with Path(scratch, f"bucket-{number}").open("ab") as file:
                file.write(rows.tobytes())


def _write_orders(database: sqlite3.Connection, plan: ShopPlan, scratch: Path) -> int:
    """Write the shelves one after the other, with the refunds that fall due, and return their number."""
    written = 0
    due = np.zeros(0, draws.ORDER)
    for number, day in enumerate(range(0, plan.days, BUCKET_DAYS)):
        bucket = Path(scratch, f"bucket-{number}")
        sold = np.fromfile(bucket, draws.ORDER) if bucket.exists() else np.zeros(0, draws.ORDER)
        bucket.unlink(missing_ok=True)
        end = (plan.first_day + min(day + BUCKET_DAYS, plan.days)) * DAY
        orders = np.concatenate([sold, due[due["at"] < end]])
        orders = orders[np.lexsort((orders["customer"], orders["at"]))]
        refunds = draws.draw_refunds(plan.random(_STREAM_BUCKET, number), orders, written + 1)
        due = np.concatenate([due[due["at"] >= end], refunds])
        database.execute("BEGIN")
        database.executemany(INSERT_ORDER, _order_rows(orders, written + 1))
        database.execute("COMMIT")
        written += len(orders)
    return written


def _order_rows(orders: draws.Rows, first_id: int) -> Iterator[tuple[object, ...]]:
    """Orders as INSERT_ORDER wants them."""
    return zip(
        range(first_id, first_id + len(orders)),
        orders["customer"].tolist(),
        orders["at"].tolist(),
        *(
            np.array(names, dtype=object)[orders[column]].tolist()
            for column, names in (
                ("status", facts.STATUSES),
                ("channel", [channel.name for channel in facts.CHANNELS]),
                ("category", [category.name for category in facts.CATEGORIES]),
                ("device", facts.DEVICES),
            )
        ),
        orders["amount"].tolist(),
        orders["cost"].tolist(),
        [facts.CURRENCY] * len(orders),
        orders["refund_of"].tolist(),
        strict=True,
    )


def _write_spend(database: sqlite3.Connection, plan: ShopPlan, won: Ints) -> None:
    """Write what each channel cost each month."""
    rng = plan.random(_STREAM_SPEND)
    first = np.datetime64(plan.first, "M")
    rows = []
    for month, place in np.ndindex(*won.shape):
        channel = facts.CHANNELS[place]
        cost = channel.cost * channel.inflation ** (month / 12) * rng.lognormal(0.0, 0.08)
        if channel.cost:
            rows.append((f"{first + month}-01", channel.name, round(float(won[month, place] * cost), 2)))
    database.execute("BEGIN")
    database.executemany("INSERT INTO marketing_spend VALUES (?, ?, ?)", rows)
    database.execute("COMMIT")


def customers_for(orders: int, seed: int, until: date) -> int:
    """How many customers make about that many orders, judged by a first block."""
    trial = plan_shop(draws.BLOCK, seed, until)
    sold = draws.draw_orders(trial, draws.draw_customers(trial, 0))
    refunds = draws.draw_refunds(trial.random(_STREAM_BUCKET, 0), sold, 1)
    return max(1, round(orders * draws.BLOCK / (len(sold) + len(refunds))))
