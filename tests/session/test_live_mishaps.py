"""A shop that is watched, whatever other processes do to its file: figures are right, or said to be of before."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from shops import build
from writers import HALF, run, writing

from ltvtui.errors import LtvError
from ltvtui.session.live import Live
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest

TODAY = 20_000
ORDERS = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount INTEGER, filler TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
INSERT INTO orders SELECT i, 'C' || (i % 90), date(1.68e9 + i * 9000, 'unixepoch'), 10, printf('%300d', i) FROM n;
"""
SELL = """
with sqlite3.connect(path) as shop:
    shop.execute("INSERT INTO orders (customer_id, ordered_at, amount) VALUES ('new', '2024-01-01', 7)")
"""
JOURNALS = pytest.mark.parametrize("journal", ["wal", "delete"])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(tmp_path, ORDERS)


@contextmanager
def watched(path: Path) -> Iterator[Live]:
    request = OpenRequest(path, cache=False)
    with closing(Live(request, open_shop(request, today=TODAY), TODAY)) as live:
        live.poll(lambda: False)
        yield live


def sum_seen(live: Live) -> int:
    """The sum that is shown once a commit is seen; it is, at once or after what is in the way is over."""
    end = time.monotonic() + 60
    while live.poll(lambda: False) is None:
        assert time.monotonic() < end
    return sum_shown(live)


def sum_shown(live: Live) -> int:
    return int(live.shop.cleaned.orders["amount"].sum()) // 10_000


def fresh_sum(path: Path) -> int:
    return (
        int(open_shop(OpenRequest(path, cache=False), today=TODAY).dataset.cleaned.orders["amount"].sum()) // 10_000
    )


def in_journal(path: Path, journal: str) -> None:
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"PRAGMA journal_mode = {journal}")


@JOURNALS
def test_a_writer_is_killed_in_a_transaction_and_another_goes_on(shop: Path, journal: str) -> None:
    """What the killed one had not committed is never seen. In rollback mode it has left a hot journal."""
    in_journal(shop, journal)
    with watched(shop) as live:
        with writing(HALF, shop):
            pass
        live.poll(lambda: False)
        assert sum_shown(live) == 30_000
        run(SELL, shop)  # rolls back first
        assert sum_seen(live) == 30_007
        assert live.trouble is None


def test_a_shop_that_was_left_half_written_is_stale_until_it_is_mended(shop: Path) -> None:
    with writing(HALF, shop):
        pass
    with watched(shop) as live:
        assert sum_shown(live) == 30_000
        assert live.trouble is not None
        assert "not closed cleanly" in live.trouble.what
        assert live.poll(lambda: False) is None
        run("sqlite3.connect(path).execute('SELECT * FROM orders').fetchall()", shop)  # reading rolls back, no more
        live.poll(lambda: False)
        assert live.trouble is None
        run(SELL, shop)
        assert sum_seen(live) == 30_007


def test_no_room_for_a_private_copy_is_said_and_over_when_there_is(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched(shop) as live:
        with writing(HALF, shop):
            pass
        full = shutil.disk_usage("/")._replace(free=100)
        with monkeypatch.context() as disk:
            disk.setattr(shutil, "disk_usage", lambda folder: full)
            for _ in range(2):
                with pytest.raises(LtvError, match="no space for a copy"):
                    live.poll(lambda: False)
        live.poll(lambda: False)
        assert sum_shown(live) == 30_000
        assert live.trouble is not None


@JOURNALS
def test_rows_are_written_anew_by_vacuum(tmp_path: Path, journal: str) -> None:
    """Where no column is the row id, rows get other ones."""
    path = build(tmp_path, ORDERS.replace("order_id INTEGER PRIMARY KEY", "order_id INTEGER"))
    in_journal(path, journal)
    with watched(path) as live:
        run("sqlite3.connect(path).executescript('DELETE FROM orders WHERE order_id % 3 = 0; VACUUM')", path)
        assert sum_seen(live) == 20_000
        run(SELL, path)
        assert sum_seen(live) == 20_007


@JOURNALS
def test_columns_come_and_go(shop: Path, journal: str) -> None:
    in_journal(shop, journal)
    with watched(shop) as live:
        run("sqlite3.connect(path).execute('ALTER TABLE orders ADD COLUMN channel TEXT')", shop)
        run(SELL, shop)
        assert sum_seen(live) == 30_007
        run("sqlite3.connect(path).execute('ALTER TABLE orders DROP COLUMN filler')", shop)
        run(SELL, shop)
        assert sum_seen(live) == 30_014
        run("sqlite3.connect(path).execute('ALTER TABLE orders RENAME COLUMN amount TO paid')", shop)
        with pytest.raises(LtvError, match="amount"):
            live.poll(lambda: False)
        assert sum_shown(live) == 30_014
        run("sqlite3.connect(path).execute('ALTER TABLE orders RENAME COLUMN paid TO amount')", shop)
        run(SELL, shop)
        assert sum_seen(live) == 30_021


def test_the_journal_mode_is_switched(shop: Path) -> None:
    with watched(shop) as live:
        for times, journal in enumerate(("truncate", "persist", "wal"), 1):
            in_journal(shop, journal)
            live.poll(lambda: False)
            run(SELL, shop)
            assert sum_seen(live) == 30_000 + 7 * times


def test_nobody_has_it_open_and_it_leaves_wal(shop: Path) -> None:
    in_journal(shop, "wal")
    with watched(shop) as live:
        in_journal(shop, "delete")
        run(SELL, shop)
        assert sum_seen(live) == 30_007


@JOURNALS
def test_another_file_is_written_over_it(shop: Path, tmp_path: Path, journal: str) -> None:
    """In place, so that it is the same file to SQLite, with as many commits as it had."""
    other = tmp_path / "other.sqlite"
    shutil.copy(shop, other)
    in_journal(shop, journal)
    in_journal(other, journal)
    run("with sqlite3.connect(path) as shop: shop.execute('UPDATE orders SET amount = amount + order_id % 2')", other)
    run("with sqlite3.connect(path) as shop: shop.execute('UPDATE orders SET amount = amount')", shop)
    with watched(shop) as live:
        shop.write_bytes(other.read_bytes())
        assert sum_seen(live) == 31_500


def test_it_is_cut_short_and_comes_back(shop: Path) -> None:
    whole = shop.read_bytes()
    with watched(shop) as live:
        os.truncate(shop, 5000)
        with pytest.raises(LtvError):
            live.poll(lambda: False)
        assert sum_shown(live) == 30_000
        shop.write_bytes(whole)
        run(SELL, shop)
        assert sum_seen(live) == 30_007


@JOURNALS
@pytest.mark.parametrize("shift", [-10 * 365 * 86_400, 10 * 365 * 86_400])
def test_the_clock_of_the_file_is_set_back_or_ahead(shop: Path, journal: str, shift: int) -> None:
    in_journal(shop, journal)
    with watched(shop) as live:
        os.utime(shop, (time.time() + shift,) * 2)
        run(SELL, shop)
        assert sum_seen(live) == 30_007
        os.utime(shop, (time.time() + shift,) * 2)
        assert fresh_sum(shop) == 30_007
        run(SELL, shop)
        assert sum_seen(live) == 30_014
