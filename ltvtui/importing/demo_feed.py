"""Orders for the demo shop, one after the other, so that a shop can be watched while it is at work.

Only a database that carries the generator's mark is ever written to: the application id in its header, which no
other program gives, and its three tables as the generator makes them.

What comes is drawn from what the shop sold last: a customer who orders again does so as before, about as much; new
ones join, and orders are refunded, in the proportions of the shop. The shop's clock goes on from its last order at
the shop's own pace, a day for as many orders as it has had a day of late, so that cohorts fill, silent customers
lapse and the as-of day moves on as they would, only faster; it never goes past today, which is as far as an as-of
day goes. Were the clock set to today at once, months without a single order would lie behind everyone.
"""

from __future__ import annotations

import random
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.importing.demo_data import MOMENT, Order, Stock, stock_of
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.sqlite.explain import explain
from ltvtui.storage.sqlite_errors import error_name

APPLICATION_ID: Final = 0x4C545653
"""What importing.demo_shop writes into the header of its shops."""
TABLES: Final = {
    "customers": "customer_id name email gender birth_year country city signup_channel signup_date",
    "orders": "order_id customer_id ordered_at status channel category device amount cost currency refund_of",
    "marketing_spend": "month channel amount",
}
MOST_COMMITS: Final = 20
"""Transactions a second; of a faster feed each holds several orders."""
PATIENCE: Final = 0.5
"""Seconds to wait for a reader or writer before it is asked again whether to stop."""

_ORDER: Final = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CUSTOMER: Final = "INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Fed:
    """What was fed so far."""

    orders: int = 0
    """Refunds among them."""
    customers: int = 0
    """Customers who are new."""
    refunds: int = 0
    commits: int = 0
    clock: str = ""
    """Where the shop's clock stands, as its orders are dated."""


def feed(
    path: Path,
    rate: float,
    *,
    seconds: float | None = None,
    count: int | None = None,
    wal: bool = False,
    seed: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
    wait: Callable[[float], object] = time.sleep,
    report: Callable[[Fed], None] = lambda fed: None,
) -> Fed:
    """Add about `rate` orders a second to the demo shop at `path`, until `stopped`, for `seconds`, or up to
    `count` orders.

    `wait` sleeps, and may end early when something stops the feed; `wal` has the database use a write-ahead log from
    now on; the same `seed` draws the same from the same shop. LtvError: exit code 2 where it is no demo shop, 1 where
    it has nothing to draw from or cannot be written. Every transaction is whole, however the feed ends.
    """
    check_is_demo(path)
    draw = random.Random(seed)
    try:
        uri = path.resolve().as_uri() + "?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            if wal:
                connection.execute("PRAGMA journal_mode = WAL")
            feeder = _Feeder(connection, stock_of(connection, path), draw, stopped)
            return _fed(feeder, rate, seconds, count, stopped, wait, report)
    except sqlite3.Error as error:
        raise explain(error, path, PATIENCE) from error


def check_is_demo(path: Path) -> None:
    """LtvError (exit code 2) unless the database at `path` is one that the generator made."""
    with SqliteDatabase.open(path) as database:
        marked = database.query("PRAGMA application_id") == [(APPLICATION_ID,)]
        tables = {name: database.query("SELECT name FROM pragma_table_info(?)", (name,)) for name in TABLES}
    if not marked or any([n for (n,) in tables[name]] != columns.split() for name, columns in TABLES.items()):
        raise LtvError(
            f"{path.name} is not a demo shop. Invented orders are written to demo shops only.",
            "`ltvtui demo` creates one and opens it; from a checkout `make live` does.",
            2,
        )


def _fed(
    feeder: _Feeder,
    rate: float,
    seconds: float | None,
    count: int | None,
    stopped: Callable[[], bool],
    wait: Callable[[float], object],
    report: Callable[[Fed], None],
) -> Fed:
    begin = time.monotonic()
    while not stopped():
        elapsed = time.monotonic() - begin
        if seconds is not None and elapsed >= seconds:
            break
        due = int(rate * elapsed) + 1
        due = due if count is None else min(due, count)
        if due > feeder.fed.orders:
            feeder.add(due - feeder.fed.orders)
            report(feeder.fed)
        if count is not None and feeder.fed.orders >= count:
            break
        pause = max(feeder.fed.orders / rate, elapsed + 1 / MOST_COMMITS) - (time.monotonic() - begin)
        left = pause if seconds is None else min(pause, begin + seconds - time.monotonic())
        wait(max(left, 0.0))
    return feeder.fed


class _Feeder:
    """Writes orders, some in each transaction."""

    def __init__(
        self, connection: sqlite3.Connection, stock: Stock, draw: random.Random, stopped: Callable[[], bool]
    ) -> None:
        self.fed = Fed(clock=stock.clock.strftime(MOMENT))
        self._connection = connection
        self._stock = stock
        self._draw = draw
        self._stopped = stopped

    def add(self, count: int) -> None:
        """Add that many orders in one transaction; none where somebody else holds the database until the stop."""
        if not self._insist("BEGIN IMMEDIATE"):
            return
        try:
            fed = self._write(count)
            if self._insist("COMMIT"):
                self.fed = fed
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _insist(self, sql: str) -> bool:
        """Run `sql` as soon as nobody stands in its way; False where the stop comes before."""
        while True:
            try:
                self._connection.execute(sql)
                return True
            except sqlite3.OperationalError as error:
                if not error_name(error).startswith("SQLITE_BUSY"):
                    raise
                if self._stopped():
                    return False

    def _write(self, count: int) -> Fed:
        (last,) = self._connection.execute("SELECT max(order_id) FROM orders").fetchone()
        (last_customer,) = self._connection.execute("SELECT max(customer_id) FROM customers").fetchone()
        people: list[tuple[object, ...]] = []
        rows: list[tuple[object, ...]] = []
        refunds = 0
        for id in range(last + 1, last + 1 + count):
            now = self._tick()
            refunded = self._to_refund() if self._draw.random() < self._stock.refunds else None
            if refunded is not None:
                refunds += 1
                amount, cost = -refunded.amount, None if refunded.cost is None else -refunded.cost
                order = replace(refunded, id=id, amount=amount, cost=cost)
            else:
                order = self._bought(id)
                if self._draw.random() < self._stock.new:
                    last_customer += 1
                    people.append(self._person(last_customer, now))
                    order = replace(order, customer=last_customer, channel=str(people[-1][-2]))
                self._stock.orders[self._draw.randrange(len(self._stock.orders))] = order
            of = None if refunded is None else refunded.id
            rows.append(
                (
                    *(id, order.customer, now.strftime(MOMENT), order.status, order.channel, order.category),
                    *(order.device, order.amount, order.cost, order.currency, of),
                )
            )
        self._connection.executemany(_CUSTOMER, people)
        self._connection.executemany(_ORDER, rows)
        fed = self.fed
        return Fed(
            fed.orders + count,
            fed.customers + len(people),
            fed.refunds + refunds,
            fed.commits + 1,
            self._stock.clock.strftime(MOMENT),
        )

    def _tick(self) -> datetime:
        """The shop's clock goes on to the next order, but not past today."""
        gap = timedelta(days=self._draw.expovariate(self._stock.a_day))
        self._stock.clock = max(self._stock.clock, min(self._stock.clock + gap, datetime.now()))
        return self._stock.clock

    def _to_refund(self) -> Order | None:
        """An order that was paid and not refunded yet; None where a few draws find none."""
        for _ in range(10):
            order = self._draw.choice(self._stock.orders)
            if order.status == "completed" and order.amount > 0 and order.id not in self._stock.refunded:
                self._stock.refunded.add(order.id)
                return order
        return None

    def _bought(self, id: int) -> Order:
        """An order much like one of the last, by the same customer."""
        order = self._draw.choice(self._stock.orders)
        much = self._draw.uniform(0.8, 1.25)
        cost = None if order.cost is None else round(order.cost * much, 2)
        return replace(order, id=id, amount=round(order.amount * much, 2), cost=cost)

    def _person(self, id: int, now: datetime) -> tuple[object, ...]:
        """A new customer: one of the last by name and home, another by age."""
        name, email, gender, _, country, city, channel = self._draw.choice(self._stock.people)
        born = self._draw.choice(self._stock.people)[3]
        written, _, host = email.partition("@")
        own = re.sub(r"[0-9]*$", str(id), written, count=1)
        return (id, name, f"{own}@{host}", gender, born, country, city, channel, now.strftime("%Y-%m-%d"))
