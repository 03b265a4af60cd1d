"""The shop that is measured: seeded, one table, written once for each size and kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

SEED: Final = 7
EDITION: Final = 1
"""Goes up when the same size would give other rows, so that no older file is taken for them."""
FIRST_SECOND: Final = 1_609_459_200
"""2021-01-01 00:00:00."""
DAYS: Final = 1_461
"""Four years, to the end of 2024."""
REFUNDED: Final = 0.01
CHANNELS: Final = ("direct", "email", "google", "meta", "affiliate", "organic", "tiktok", "referral")
CATEGORIES: Final = 24
SLICE: Final = 500_000

TABLE: Final = """
CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY,
    customer_id INTEGER,
    ordered_at TEXT,
    amount REAL,
    channel TEXT,
    category TEXT
)
"""


def shop(folder: Path, orders: int) -> Path:
    """The shop with this many orders, a tenth as many customers; written where it is not there yet."""
    path = folder / f"shop-{orders}-{EDITION}.sqlite"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _write(unfinished, orders, customers_of(orders))
        unfinished.replace(path)
    return path


def written(folder: str, orders: str) -> str:
    """`shop` from the command line, so that the memory it takes is no part of what is measured."""
    return str(shop(Path(folder), int(orders)))


def customers_of(orders: int) -> int:
    """How many customers there are among this many orders."""
    return max(orders // 10, 1)


def _write(path: Path, orders: int, customers: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(TABLE)
        for rows in _rows(orders, customers):
            connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.commit()


def _rows(orders: int, customers: int) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows in the order of time, a slice after the other."""
    import numpy as np
    import polars as pl

    random = np.random.default_rng(SEED)
    customer, second, cents = _sales(random, orders, customers)
    channels, categories = pl.Series(CHANNELS), pl.Series([f"category {c:02d}" for c in range(CATEGORIES)])
    for start in range(0, orders, SLICE):
        part = slice(start, start + SLICE)
        size = len(second[part])
        moments = pl.Series((second[part] + FIRST_SECOND) * 1_000).cast(pl.Datetime("ms"))
        yield zip(
            range(start + 1, start + size + 1),
            (customer[part] + 1).tolist(),
            moments.dt.strftime("%Y-%m-%d %H:%M:%S").to_list(),
            (cents[part] / 100).tolist(),
            channels.gather(random.integers(0, len(channels), size)).to_list(),
            categories.gather(random.integers(0, len(categories), size)).to_list(),
            strict=True,
        )


def _sales(random: Any, orders: int, customers: int) -> tuple[Any, Any, Any]:
    """Customer, second and cents of every row, by time: first orders, repeats, and refunds of some of them.

    Rates differ from customer to customer and lives end, so that retention has something to say.
    """
    import numpy as np

    refunds = int(orders * REFUNDED)
    bought = orders - refunds
    end = DAYS * 86_400
    first = random.integers(0, end, customers)
    life = np.minimum(random.exponential(400 * 86_400, customers), end - first)
    weight = random.gamma(0.8, 1.0, customers) * life
    repeats = random.choice(customers, bought - customers, p=weight / weight.sum())
    later = first[repeats] + (random.random(len(repeats)) * life[repeats]).astype(np.int64)
    customer = np.concatenate([np.arange(customers), repeats])
    second = np.concatenate([first, later])
    cents = np.maximum(np.rint(random.lognormal(3.3, 0.7, bought) * 100).astype(np.int64), 1)

    back = random.choice(bought, refunds, replace=False)
    returned = np.minimum(second[back] + random.integers(3 * 86_400, 30 * 86_400, refunds), end - 1)
    customer, second = np.concatenate([customer, customer[back]]), np.concatenate([second, returned])
    cents = np.concatenate([cents, -cents[back]])
    by_time = np.argsort(second, kind="stable")
    return customer[by_time], second[by_time], cents[by_time]
