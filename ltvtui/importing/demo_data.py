"""What a demo shop sold last: what its next orders are drawn from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError

DRAWN: Final = 20_000
"""Orders, of the last ones, that new orders are drawn from."""
PACE_DAYS: Final = 28
"""Days, of the last ones, that tell how many orders the shop has a day."""
MOMENT: Final = "%Y-%m-%d %H:%M:%S"
"""How the demo shop dates its orders."""


@dataclass(frozen=True)
class Order:
    """An order that others are drawn from."""

    id: int
    customer: int
    status: str
    channel: str
    category: str
    device: str
    amount: float
    cost: float | None
    currency: str


@dataclass(eq=False)
class Stock:
    """What the shop sold last, and in which proportions."""

    orders: list[Order]
    refunded: set[int]
    """Ids of orders that were refunded, each once."""
    new: float
    """Share of orders that were the customer's first."""
    refunds: float
    """Refunds to an order."""
    a_day: float
    """Orders."""
    clock: datetime
    people: list[tuple[str, str, str, int | None, str, str, str]] = field(default_factory=list)
    """Name, email, gender, year of birth, country, city and channel of those who came last."""


def stock_of(connection: sqlite3.Connection, path: Path) -> Stock:
    """What the shop sold last. LtvError (exit code 1) where it sold nothing up to now."""
    now = datetime.now().strftime(MOMENT)
    bought = connection.execute(
        "SELECT order_id, customer_id, status, channel, category, device, amount, cost, currency, ordered_at"
        " FROM orders WHERE ordered_at <= ? AND datetime(ordered_at) IS NOT NULL AND customer_id IS NOT NULL"
        " AND amount >= 0 ORDER BY ordered_at DESC LIMIT ?",
        (now, DRAWN),
    ).fetchall()
    people = connection.execute(
        "SELECT name, email, gender, birth_year, country, city, signup_channel FROM customers"
        " WHERE name IS NOT NULL AND email IS NOT NULL ORDER BY customer_id DESC LIMIT ?",
        (DRAWN,),
    ).fetchall()
    if not bought or not people:
        raise LtvError(f"{path.name} has no orders to model new ones on.", "Generate a larger demo shop.")
    last, since = bought[0][-1], bought[-1][-1]
    (firsts,) = connection.execute(
        "SELECT count(*) FROM (SELECT min(ordered_at) AS first FROM orders WHERE ordered_at <= ? AND amount >= 0"
        " AND datetime(ordered_at) IS NOT NULL AND customer_id IS NOT NULL GROUP BY customer_id) WHERE first >= ?",
        (now, since),
    ).fetchone()
    refunds = connection.execute("SELECT refund_of, ordered_at FROM orders WHERE refund_of IS NOT NULL").fetchall()
    clock = datetime.fromisoformat(last)
    of_late = (clock - timedelta(days=PACE_DAYS)).strftime(MOMENT)
    lately = sum(moment > of_late for *_, moment in bought)
    span = min(PACE_DAYS, max((clock - datetime.fromisoformat(since)).days, 1))
    return Stock(
        [Order(*row[:-1]) for row in bought],
        {id for id, _ in refunds},
        firsts / len(bought),
        sum(since <= str(moment) <= now for _, moment in refunds) / len(bought),
        lately / span,
        clock,
        people,
    )
