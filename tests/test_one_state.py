"""Whatever is read is of one committed state, beside processes that write to the file all the while."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from writers import MOVES, OVERWRITES, STATES, writing

from ltvtui.session.live import Live
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.base import Torn
from ltvtui.sources.sqlite.database import SqliteDatabase

ORDERS = 24_000
"""More than are read in one piece, so that they are read over several connections."""
TODAY = 20_000
JOURNALS = pytest.mark.parametrize("journal", ["wal", "delete"])


def shop(folder: Path, journal: str, amount: int = 1000, name: str = "shop.sqlite") -> Path:
    """Orders of the same amount each, customers with a country, and spend."""
    path = folder / name
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"PRAGMA journal_mode = {journal}")
        made.executescript(f"""
            CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount INTEGER);
            CREATE TABLE customers (customer_id TEXT PRIMARY KEY, country TEXT);
            CREATE TABLE spend (day TEXT, channel TEXT, amount INTEGER);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ORDERS})
            INSERT INTO orders SELECT i, 'C' || (i % 900), date(1.68e9 + i * 1000, 'unixepoch'), {amount} FROM n;
            INSERT INTO customers SELECT DISTINCT customer_id, 'c0' FROM orders;
            INSERT INTO spend VALUES ('2023-01-01', 'ads', 0), ('2023-02-01', 'ads', 0);
        """)
    return path


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Somebody has the database open: a WAL one is not read as it stands."""
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT count(*) FROM orders").fetchall()
        yield


def opened(path: Path) -> OpenedDataset:
    return open_shop(OpenRequest(path, cache=False), today=TODAY)


def total(found: OpenedDataset) -> int:
    return int(found.dataset.cleaned.orders["amount"].sum()) // 10_000


@JOURNALS
def test_a_sum_that_stays_while_amounts_move(tmp_path: Path, journal: str) -> None:
    path = shop(tmp_path, journal)
    with kept_open(path), writing(MOVES, path):
        assert [total(opened(path)) for _ in range(8)] == [1000 * ORDERS] * 8


@settings(deadline=None, max_examples=examples(12), suppress_health_check=list(HealthCheck))
@given(
    journal=st.sampled_from(["wal", "delete"]),
    states=st.lists(st.integers(1, 96), min_size=2, max_size=5, unique=True),
    pause=st.sampled_from([0, 0.002, 0.02]),
)
def test_what_comes_out_is_one_of_the_committed_states(journal: str, states: list[int], pause: float) -> None:
    """Orders, customers and spend are of the same commit."""
    with tempfile.TemporaryDirectory() as folder:
        path = shop(Path(folder), journal)
        with kept_open(path), writing(STATES, path, pause, *states):
            for _ in range(3):
                dataset = opened(path).dataset
                (country,) = dataset.people.frame["country"].cast(pl.String).unique().to_list()
                state = int(country[1:])
                if state:  # else nothing has been committed yet
                    expected = sum(order * state % 97 for order in range(1, ORDERS + 1))
                    assert dataset.cleaned.orders["amount"].sum() == expected * 10_000
                    assert dataset.spend is not None
                    assert dataset.spend["amount"].to_list() == [state * 10_000] * 2


@JOURNALS
@pytest.mark.parametrize("pause", [0.4, 0.03])
def test_a_file_that_is_written_over(tmp_path: Path, journal: str, pause: float) -> None:
    """Locks say nothing of it: what is read is of one of the two files, or refused."""
    versions = [shop(tmp_path, journal, amount, f"{amount}.sqlite") for amount in (1000, 2000)]
    path = tmp_path / "shop.sqlite"
    path.write_bytes(versions[0].read_bytes())
    good = 0
    with writing(OVERWRITES, path, pause, *versions):
        for _ in range(8 if pause > 0.1 else 2):
            with suppress(Torn):
                assert total(opened(path)) in (1000 * ORDERS, 2000 * ORDERS)
                good += 1
    assert good or pause < 0.1


@JOURNALS
def test_what_is_watched_is_of_one_state_too(tmp_path: Path, journal: str) -> None:
    path = shop(tmp_path, journal)
    with kept_open(path), closing(Live(OpenRequest(path, cache=False), opened(path), TODAY)) as live:
        with writing(MOVES, path, "and orders"):
            seen = 0
            while seen < 6:
                found = live.poll(lambda: False)
                if found is not None:
                    seen += 1
                    assert total(found) == 1000 * ORDERS
                    assert live.to_prove == 0
        assert live.shop.cleaned.orders.height > ORDERS


def test_one_state_is_begun_on_every_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held against reading that forgets to: the very same writer is then seen in several states."""
    path = shop(tmp_path, "wal")
    begun = SqliteDatabase.transaction

    @contextmanager
    def none(self: SqliteDatabase) -> Iterator[None]:
        with begun(self):
            self._end()
            yield

    with kept_open(path), writing(STATES, path, 0, 1, 96):
        monkeypatch.setattr(SqliteDatabase, "transaction", none)
        states = {sum(order * state % 97 for order in range(1, ORDERS + 1)) for state in (1, 96)}
        assert any(total(opened(path)) not in {*states, 1000 * ORDERS} for _ in range(60))
