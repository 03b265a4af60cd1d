"""A shop that others write to: read on it is the same shop as opened afresh."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from shops import LARGE_SHOP, build

from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.segments import profile
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.session import live as live_module
from ltvtui.session.dataset import Dataset
from ltvtui.session.live import Live
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources import read as reading
from ltvtui.sources.base import Locked
from ltvtui.sources.shop import Shop

TODAY = 20_000
PATIENCE = 60.0
"""Seconds until a writer who never lets go is an error."""
NEW = "INSERT INTO orders VALUES (?, ?, ?, ?, NULL, ?, 'g1')"
JOURNALS = pytest.mark.parametrize("journal", ["wal", "delete"])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(tmp_path, LARGE_SHOP.format(status="NULL"))


@pytest.fixture
def whole_reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One more for each time that everything is read."""
    reads: list[int] = []
    whole = reading.read

    def counted(*told: object, **more: object) -> Shop:
        reads.append(1)
        return whole(*told, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(live_module, "read", counted)
    return reads


def opened(path: Path) -> OpenedDataset:
    return open_shop(OpenRequest(path, cache=False), today=TODAY)


@contextmanager
def watched(path: Path) -> Iterator[Live]:
    live = Live(OpenRequest(path, cache=False), opened(path), TODAY)
    try:
        yield live
    finally:
        live.close()


@contextmanager
def writer(path: Path, journal: str = "wal") -> Iterator[sqlite3.Connection]:
    """Somebody else at work; what they do is committed statement by statement."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        yield connection


def looked(live: Live) -> Dataset | None:
    found = live.poll(lambda: False) or live.prove(lambda: False)
    return None if found is None else found.dataset


def looked_in_spite_of_writers(live: Live) -> Dataset | None:
    """As the app does: where a writer holds the lock for longer than a look waits, it looks again."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(Locked):
            return looked(live)
    raise AssertionError("the writer never let go")


def looked_round(live: Live) -> Dataset | None:
    """What is found until every row is proven."""
    last = None
    for _ in range(500):
        last = looked(live) or last
        if not live.to_prove:
            return last
    raise AssertionError("it goes round for ever")


def assert_as_fresh(dataset: Dataset | None, path: Path) -> None:
    assert dataset is not None
    fresh = opened(path).dataset
    assert dataset.cleaned.customer_ids.to_list() == fresh.cleaned.customer_ids.to_list()
    assert dataset.quality(Query()) == fresh.quality(Query())
    assert_frame_equal(
        dataset.cleaned.in_order(), fresh.cleaned.in_order(), categorical_as_str=True, check_dtypes=False
    )
    assert_frame_equal(dataset.people.frame, fresh.people.frame, categorical_as_str=True)
    for by in ((), ("tier",), ("channel",), ("country",)):
        one, other = (each.ask(profile, Query(), by) for each in (dataset, fresh))
        assert_frame_equal(one, other, categorical_as_str=True)
    assert_frame_equal(dataset.ask(cohorts, Query(), "month").cells, fresh.ask(cohorts, Query(), "month").cells)


@JOURNALS
def test_further_orders_are_read_and_nothing_else(shop: Path, journal: str, whole_reads: list[int]) -> None:
    with writer(shop, journal) as other, watched(shop) as live:
        looked(live)
        assert looked(live) is None
        other.execute(NEW, (30_001, "C5", "2020-08-01", 12.5, "c1"))
        other.execute(NEW, (30_002, "C5000", "2020-08-02", 7, "c2"))
        dataset = looked(live)
        assert_as_fresh(dataset, shop)
        assert dataset is not None
        assert dataset.cleaned.orders.height == 30_002
        other.execute(NEW, (30_003, "C6", "2020-08-03", -3, "a new channel"))
        assert_as_fresh(looked(live), shop)
        assert looked_round(live) is None
    assert whole_reads == []


@JOURNALS
def test_a_new_customer_with_their_card(shop: Path, journal: str, whole_reads: list[int]) -> None:
    with writer(shop, journal) as other, watched(shop) as live:
        looked(live)
        other.execute("INSERT INTO customers VALUES ('C9999', 'X')")
        assert_as_fresh(looked(live), shop)
        other.execute(NEW, (30_001, "C9999", "2020-08-01", 12.5, "c1"))
        assert_as_fresh(looked(live), shop)
        other.execute("UPDATE customers SET country = 'Y' WHERE customer_id = 'C5'")
        assert_as_fresh(looked(live), shop)
    assert whole_reads == []


@JOURNALS
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE orders SET amount = 1000 WHERE order_id = 17",
        "DELETE FROM orders WHERE order_id = 20000",
        "DELETE FROM orders WHERE order_id > 29990",
        "UPDATE orders SET customer_id = 'C1' WHERE order_id = 29999",
        "INSERT INTO orders VALUES (-5, 'C1', '2017-08-01', 5, NULL, 'c1', 'g1')",
    ],
)
def test_what_was_changed_is_found_without_being_told(shop: Path, journal: str, change: str) -> None:
    with writer(shop, journal) as other, watched(shop) as live:
        looked(live)
        other.execute(change)
        assert_as_fresh(looked_round(live), shop)
        other.execute(NEW, (30_500, "C5", "2020-08-01", 12.5, "c1"))
        assert_as_fresh(looked(live), shop)


def test_what_changed_among_rows_that_came_later_is_found(shop: Path) -> None:
    with writer(shop) as other, watched(shop) as live:
        looked(live)
        for number in range(5):
            other.execute(NEW, (30_001 + number, f"C{number}", "2020-08-01", 12.5, "c1"))
            looked(live)
        other.execute("UPDATE orders SET amount = 99 WHERE order_id = 30003")
        assert_as_fresh(looked_round(live), shop)


def test_a_repeated_order_id_and_a_text_among_numbers(tmp_path: Path) -> None:
    """Ids that the table does not keep apart: then rows are lines of an order, or copies of one."""
    path = build(
        tmp_path,
        """
        CREATE TABLE orders (order_id, customer_id, day TEXT, amount REAL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
        INSERT INTO orders SELECT i, i % 90, date(1.5e9 + i * 3e5, 'unixepoch'), i % 7 + 1 FROM n;
        """,
    )
    with writer(path) as other, watched(path) as live:
        looked(live)
        for row in ((601, 5, "2023-06-01", 4), (601, 5, "2023-06-01", 6), ("x1", "who", "2023-06-02", 6)):
            other.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", row)
            dataset = looked_round(live)
            assert dataset is not None
            fresh = opened(path).dataset
            assert_frame_equal(dataset.ask(profile, Query()), fresh.ask(profile, Query()))
            assert dataset.quality(Query()) == fresh.quality(Query())


def test_the_last_writer_leaves_and_another_comes(shop: Path) -> None:
    """With the last writer the `-wal` goes: to listen on to the old one would be to hear nothing any more."""
    with writer(shop) as other, watched(shop) as live:
        looked(live)
        other.execute(NEW, (30_001, "C5", "2020-08-01", 12.5, "c1"))
        assert looked(live) is not None
        other.close()
        with writer(shop) as another:
            another.execute(NEW, (30_002, "C6", "2020-08-01", 12.5, "c1"))
            assert_as_fresh(looked_round(live), shop)


def test_nobody_had_it_open_at_first(shop: Path) -> None:
    with writer(shop):
        pass  # in WAL mode from now on
    with watched(shop) as live:
        looked(live)
        assert looked(live) is None
        with writer(shop) as other:
            other.execute(NEW, (30_001, "C5", "2020-08-01", 12.5, "c1"))
            found = live.poll(lambda: False)
            assert found is not None
            assert found.notices == ()  # no more that it is read as it stands
            assert_as_fresh(found.dataset, shop)


def test_the_file_is_replaced(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = build(tmp_path / "other", LARGE_SHOP.format(status="NULL"))
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("DELETE FROM orders WHERE order_id % 3 = 0")
    with watched(shop) as live:
        looked(live)
        other.replace(shop)
        assert_as_fresh(looked_round(live), shop)


@JOURNALS
def test_while_it_is_locked_it_is_as_it_was(shop: Path, journal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ltvtui.sources.sqlite.watch.WAIT", 0.05)
    with writer(shop, journal) as other, watched(shop) as live:
        looked(live)
        other.execute("BEGIN EXCLUSIVE")
        other.execute(NEW, (30_001, "C5", "2020-08-01", 12.5, "c1"))
        if journal == "delete":
            with pytest.raises(LtvError, match="locked"):
                looked(live)
        else:
            assert looked(live) is None
        other.execute("COMMIT")
        assert_as_fresh(looked_round(live), shop)


def test_the_table_is_dropped_and_comes_back(shop: Path) -> None:
    with writer(shop) as other, watched(shop) as live:
        looked(live)
        other.execute("ALTER TABLE orders RENAME TO put_aside")
        with pytest.raises(LtvError, match="orders"):
            looked(live)
        other.execute("ALTER TABLE put_aside RENAME TO orders")
        other.execute(NEW, (30_001, "C5", "2020-08-01", 12.5, "c1"))
        assert_as_fresh(looked_round(live), shop)


def test_what_is_not_a_table_is_read_as_a_whole(tmp_path: Path, whole_reads: list[int]) -> None:
    path = build(tmp_path, LARGE_SHOP.format(status="NULL"))
    request = OpenRequest(path, cache=False)
    with writer(path) as other:
        other.execute("CREATE VIEW sold AS SELECT * FROM orders WHERE amount > 0")
        request = replace(request, overrides=replace(request.overrides, orders="sold"))
        first = open_shop(request, today=TODAY)
        live = Live(request, first, TODAY)
        looked(live)
        whole_reads.clear()
        other.execute(NEW, (30_001, "C5", "2020-08-01", 12.5, "c1"))
        dataset = looked(live)
        live.close()
    assert dataset is not None
    assert whole_reads == [1]
    assert_frame_equal(dataset.ask(profile, Query()), open_shop(request, today=TODAY).dataset.ask(profile, Query()))


REFUNDED = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id, day TEXT, amount REAL, status, channel, refund_of);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
INSERT INTO orders SELECT i, i % 90, date(1.5e9 + i * 3e5, 'unixepoch'),
    CASE i % 30 WHEN 0 THEN -1 ELSE i % 7 + 2 END, CASE i % 13 WHEN 0 THEN 'cancelled' ELSE 'paid' END, 'c' || i % 4,
    CASE WHEN i % 30 = 0 AND i > 95 THEN i - 90 END FROM n;
"""


def told_out(dataset: Dataset) -> int:
    """Refunds that were left out with their orders."""
    return sum(count.rows for count in dataset.cleaned.counts if count.rule == "refund_of_left_out")


def test_refunds_are_booked_on_their_orders(tmp_path: Path, whole_reads: list[int]) -> None:
    """Of an order that is known, that comes along, that is somebody else's, that comes later, that is left out."""
    path = build(tmp_path, REFUNDED)
    insert = "INSERT INTO orders VALUES (?, ?, '2027-01-' || ?, ?, 'paid', 'c1', ?)"
    parts = (
        [(2001, 16, "01", -3, 16)],
        [(2002, 17, "02", 9, None), (2003, 17, "03", -2, 2002)],
        [(2004, 16, "04", -1, 17)],  # somebody else's order
        [(2005, 18, "05", -4, 2006)],
        [(2006, 18, "06", 11, None)],
        [(2007, 13, "07", -5, 13)],  # of a cancelled order: left out with it
        [(2008, 14, "08", 5, None)],  # and what comes behind is added as ever
    )
    assert opened(path).mapping.refund_of == "refund_of"
    with writer(path) as other, watched(path) as live:
        looked(live)
        for rows in parts:
            other.execute("BEGIN")
            other.executemany(insert, rows)
            other.execute("COMMIT")
            dataset = looked(live)
            assert dataset is not None
            fresh = opened(path).dataset
            assert dataset.quality(Query()) == fresh.quality(Query())
            assert told_out(dataset) == (rows[-1][0] >= 2007)
            assert_frame_equal(dataset.activity_index.activity, fresh.activity_index.activity)
            for by in ((), ("tier",)):
                one, two = (each.ask(profile, Query(), by) for each in (dataset, fresh))
                assert_frame_equal(one, two, categorical_as_str=True)
        assert looked_round(live) is None
    assert whole_reads == []


SELLS = """
import sqlite3, sys, time
path, journal, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
connection = sqlite3.connect(path, isolation_level=None, timeout=60)  # on a busy machine readers are slow to let go
connection.execute(f"PRAGMA journal_mode = {journal}")
connection.execute("PRAGMA synchronous = OFF")  # the power stays on, and a slow disk would hold the lock
for number in range(first, first + count):
    row = (number, f"C{number}", "2020-08-01", 12.5, None, "c1", "g1")
    connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    print(number, flush=True)
sys.stdin.read()
"""


@JOURNALS
def test_a_process_that_sells_meanwhile(shop: Path, journal: str, whole_reads: list[int]) -> None:
    """Again and again it is looked at while somebody writes, and nothing is lost or counted twice."""
    with watched(shop) as live:
        looked(live)
        command = [sys.executable, "-c", SELLS, str(shop), journal, "40000", "200"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as seller:
            assert seller.stdout is not None
            assert seller.stdin is not None
            told = 0
            while told < 40_199:
                told = int(seller.stdout.readline())
                looked_in_spite_of_writers(live)
                assert live.shop.cleaned.orders.height >= 30_000 + told - 40_000  # all that was told is there
            seller.stdin.close()
        looked_round(live)
        assert live.shop.cleaned.orders.height == 30_200
        assert_as_fresh(live.shop, shop)
    assert whole_reads == []


CHANGING = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id, day TEXT, amount REAL, updated_at TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
INSERT INTO orders
    SELECT i, i % 977, date(1.5e9 + i * 3000, 'unixepoch'), i % 90 + 0.25, '2024-01-01 10:00:00' FROM n;
"""


def test_a_column_that_tells_of_changes_shows_them_at_once(tmp_path: Path, whole_reads: list[int]) -> None:
    """Only the pieces with changed rows are read again; the first look shows them, and nothing is left to prove."""
    path = build(tmp_path, CHANGING)
    assert opened(path).mapping.updated_at == "updated_at"
    changes = (
        "UPDATE orders SET amount = 500, updated_at = '2024-01-02 09:00:00' WHERE order_id IN (17, 59999)",
        "UPDATE orders SET customer_id = 5000, updated_at = '2024-01-02 09:00:00' WHERE order_id = 30000",
        "INSERT INTO orders VALUES (60001, 3, '2023-06-01', 8, '2024-01-02 09:00:01')",
        "UPDATE orders SET amount = 9, updated_at = '2024-01-03 09:00:00' WHERE order_id = 60001",
    )
    with writer(path) as other, watched(path) as live:
        looked(live)
        for change in changes:
            other.execute(change)
            found = live.poll(lambda: False)
            assert found is not None
            fresh = opened(path).dataset
            assert found.dataset.quality(Query()) == fresh.quality(Query())
            assert_frame_equal(found.dataset.ask(profile, Query(), ("tier",)), fresh.ask(profile, Query(), ("tier",)))
        assert looked_round(live) is None
    assert whole_reads == []


def test_watched_anew_nothing_is_counted_twice(shop: Path, whole_reads: list[int]) -> None:
    """Who begins again begins from what is known by now, rows that came later among it."""
    with writer(shop) as other, watched(shop) as live:
        looked(live)
        for number in range(3):
            other.execute(NEW, (30_001 + number, f"C{number}", "2020-08-01", 12.5, "c1"))
            so_far = live.poll(lambda: False)
        assert so_far is not None
        again = Live(OpenRequest(shop, cache=False), so_far, TODAY)
        assert looked_round(again) is None
        assert again.shop.cleaned.orders.height == 30_003
        other.execute(NEW, (30_009, "C9", "2020-08-02", 12.5, "c1"))
        assert_as_fresh(looked(again), shop)
        other.execute("UPDATE orders SET amount = 3 WHERE order_id IN (30000, 30002)")
        assert_as_fresh(looked_round(again), shop)
        again.close()
    assert whole_reads == [1]


def test_what_could_not_be_counted_is_counted_when_it_can(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise LtvError("It cannot be counted.", "Wait.")

    with writer(shop) as other, watched(shop) as live:
        looked(live)
        other.execute(NEW, (30_001, "C5", "2020-08-01", 12.5, "c1"))
        with monkeypatch.context() as patch:
            patch.setattr(live_module, "grown", refuse)
            with pytest.raises(LtvError, match="cannot be counted"):
                live.poll(lambda: False)
        assert_as_fresh(looked(live), shop)
