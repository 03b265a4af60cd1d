"""What changed in a file, against all of its rows compared one by one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from effort import examples
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from ltvtui.errors import Cancelled
from ltvtui.sources.base import TableChange
from ltvtui.sources.incremental import suspects
from ltvtui.sources.sqlite import file_version, page_prints
from ltvtui.sources.sqlite.file_version import Version, version_of
from ltvtui.sources.sqlite.page_diff import touched
from ltvtui.sources.sqlite.page_prints import PagePrints, fingerprint, restore_prints

Change = Callable[[sqlite3.Connection], object]
Rows = dict[int, tuple[object, ...]]

ROWS = 5_000
TABLE = "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INT, day TEXT, amount REAL, note TEXT)"


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Nothing commits in these tests while a version is taken, so that no file is too young to be trusted."""
    with patch.object(file_version, "_YOUNG_NS", 0), patch.object(file_version, "_COARSE_NS", 0):
        yield


@contextmanager
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA secure_delete = OFF")  # what is deleted stays in the file, the harder case
        yield connection


def sell(connection: sqlite3.Connection, first: int, last: int, note: str | None = None) -> None:
    orders = [
        (i, i * 7919 % 997, f"2024-{i % 12 + 1:02}-{i % 28 + 1:02}", i * 0.25, note) for i in range(first, last + 1)
    ]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", orders)
    connection.execute("COMMIT")


def made(path: Path, *, before: str = "", after: str = "", rows: int = ROWS) -> Path:
    with writer(path) as connection:
        connection.executescript(f"{before};{TABLE};{after}")
        sell(connection, 1, rows)
    return path


def rows_of(path: Path) -> Rows:
    with writer(path) as connection:
        return {row[0]: row[1:] for row in connection.execute("SELECT rowid, * FROM orders")}


def root_of(path: Path) -> int:
    with writer(path) as connection:
        return int(connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'orders'").fetchone()[0])


def compared(path: Path, before: PagePrints) -> TableChange | None:
    return touched(path, before, fingerprint(path, before), root_of(path))


def agrees(found: TableChange, before: Rows, after: Rows) -> None:
    """Every row that is new or different lies in a range, and the counts are right."""
    assert (found.rows_before, found.rows) == (len(before), len(after))
    for row_id in after:
        if before.get(row_id) != after[row_id]:
            assert any(first <= row_id <= last for first, last in found.ranges), row_id
    assert list(found.ranges) == sorted(found.ranges)
    assert all(a[1] + 1 < b[0] for a, b in zip(found.ranges, found.ranges[1:], strict=False))


def caller_believes(found: TableChange, before: Rows, after: Rows, chunk: int = 700) -> bool:
    """What the module's proof asks for: counts as before, and chunks that read the same again."""
    high = max(before, default=-1)
    if found.rows - sum(1 for row_id in after if row_id > high) != found.rows_before:
        return False
    ends = [*range(min(before, default=0) + chunk, high, chunk), high]

    def chunks(rows: Rows) -> list[list[tuple[object, ...]]]:
        found: list[list[tuple[object, ...]]] = [[] for _ in ends]
        for row_id in sorted(rows):
            if row_id <= high:
                found[bisect_left(ends, row_id)].append(rows[row_id])
        return found

    old, new = chunks(before), chunks(after)
    return all(old[place] == new[place] for place in suspects(found.ranges, ends))


def run(path: Path, change: Change) -> tuple[TableChange | None, Rows, Rows]:
    rows, prints = rows_of(path), fingerprint(path)
    assert prints.sound
    with writer(path) as connection:
        change(connection)
    found, now = compared(path, prints), rows_of(path)
    if found is not None:
        agrees(found, rows, now)
        high = max(rows, default=-1)
        only_grew = {i: row for i, row in now.items() if i <= high} == rows
        assert caller_believes(found, rows, now) == only_grew
    return found, rows, now


def test_nothing_changed(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    found, *_ = run(shop, lambda c: None)
    assert found == TableChange((), ROWS, ROWS)
    shop.touch()
    assert compared(shop, fingerprint(shop)) == found


@pytest.mark.parametrize("count", [1, 10_000])
@pytest.mark.parametrize("after", ["", "CREATE INDEX by_customer ON orders(customer)", "CREATE TABLE log(text)"])
@pytest.mark.parametrize(
    ("size", "vacuum"),
    [(512, "NONE"), (512, "FULL"), (1024, "NONE"), (4096, "NONE"), (4096, "INCREMENTAL"), (65536, "NONE")],
)
def test_appending_touches_only_the_end(tmp_path: Path, count: int, after: str, size: int, vacuum: str) -> None:
    shop = made(tmp_path / "shop.db", before=f"PRAGMA page_size = {size}; PRAGMA auto_vacuum = {vacuum}", after=after)

    def change(connection: sqlite3.Connection) -> None:
        sell(connection, ROWS + 1, ROWS + count)
        if "log" in after:
            connection.executemany("INSERT INTO log VALUES (?)", [(f"entry {i}",) for i in range(500)])

    found, rows, now = run(shop, change)
    assert found is not None
    assert caller_believes(found, rows, now)
    assert found.ranges[0][0] > ROWS - 3 * size // 40
    assert found.ranges[-1][1] == ROWS + count


def test_an_index_drags_no_neighbours_along(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db", after="CREATE INDEX by_customer ON orders(customer)", rows=50_000)
    found, *_ = run(shop, lambda c: sell(c, 50_001, 50_010))
    assert found is not None
    assert found.ranges[0][0] > 49_000


def test_another_table_is_no_affair_of_this_one(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db", after="CREATE TABLE people(id INTEGER PRIMARY KEY, name)")
    found, *_ = run(shop, lambda c: c.execute("INSERT INTO people VALUES (17, 'Ada')"))
    assert found == TableChange((), ROWS, ROWS)


def test_an_update_touches_its_leaf(tmp_path: Path) -> None:
    found, *_ = run(made(tmp_path / "shop.db"), lambda c: c.execute("UPDATE orders SET amount = 1 WHERE id = 2500"))
    assert found is not None
    ((first, last),) = found.ranges
    assert first <= 2500 <= last < first + 200


@pytest.mark.parametrize(
    "sql",
    [
        f"DELETE FROM orders WHERE id = {ROWS}",
        "DELETE FROM orders WHERE id = 1",
        "DELETE FROM orders WHERE id = 700",
        "DELETE FROM orders WHERE id = 701",
        "DELETE FROM orders WHERE id BETWEEN 1000 AND 3000",
        "DELETE FROM orders",
        "DELETE FROM orders WHERE id = 30; INSERT INTO orders VALUES (-5, 1, '', 0, '')",
        "DELETE FROM orders WHERE id = 30; INSERT INTO orders VALUES (30, 1, '', 0, '')",
        f"DELETE FROM orders WHERE id = 30; INSERT INTO orders VALUES ({ROWS + 1}, 1, '', 0, '')",
        "UPDATE orders SET id = -id WHERE id > 4000",
        "CREATE TEMP TABLE kept AS SELECT * FROM orders; DELETE FROM orders; INSERT INTO orders SELECT * FROM kept",
        "UPDATE orders SET note = hex(zeroblob(9000)) WHERE id = 5",
    ],
)
def test_a_change_of_old_rows_is_never_taken_for_an_append(tmp_path: Path, sql: str) -> None:
    run(made(tmp_path / "shop.db"), lambda c: c.executescript(sql))  # it compares with the rows themselves


def test_rows_that_come_back_on_their_own_old_pages(tmp_path: Path) -> None:
    """Pages given back keep their bytes; in use again with the same ones they differ in no digest."""
    shop, other = made(tmp_path / "shop.db"), tmp_path / "other.db"
    shutil.copyfile(shop, other)
    for path, first in ((shop, 2000), (other, 3000)):
        with writer(path) as connection:
            connection.execute("DELETE FROM orders WHERE id BETWEEN ? AND ?", (first, first + 600))
    rows, prints = rows_of(shop), fingerprint(shop)
    after = fingerprint(other)
    same = (prints.pages == after.pages).arg_true() + 1
    assert prints.free is not None
    assert prints.free & set(same.to_list()) - (after.free or set())  # free before, in use now, the same bytes
    found, now = touched(other, prints, after, root_of(other)), rows_of(other)
    assert found is not None
    assert found.rows == found.rows_before
    agrees(found, rows, now)
    assert not caller_believes(found, rows, now)


@pytest.mark.parametrize(
    "sql",
    [
        "VACUUM",
        "ALTER TABLE orders ADD COLUMN channel",
        "CREATE INDEX other ON orders(day)",
        "ALTER TABLE orders RENAME COLUMN amount TO price; ALTER TABLE orders RENAME COLUMN price TO amount",
    ],
)
def test_another_schema_or_layout_is_not_compared(tmp_path: Path, sql: str) -> None:
    found, *_ = run(made(tmp_path / "shop.db"), lambda c: c.executescript(sql))
    assert found is None


LONG = "x" * 9_000


def test_long_rows_may_be_added(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    found, rows, now = run(shop, lambda c: sell(c, ROWS + 1, ROWS + 50, LONG))
    assert found is not None
    assert caller_believes(found, rows, now)
    found, rows, now = run(shop, lambda c: sell(c, ROWS + 51, ROWS + 90, LONG))
    assert found is not None
    assert caller_believes(found, rows, now)


def test_the_end_of_a_long_row_may_change_unseen_by_its_leaf(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    with writer(shop) as connection:
        sell(connection, ROWS + 1, ROWS + 50, LONG)
    found, *_ = run(shop, lambda c: c.execute("UPDATE orders SET note = ? WHERE id = 5010", (LONG[:-1] + "y",)))
    assert found is None


def test_free_pages_are_used_again(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db", after="CREATE TABLE log(text)")
    with writer(shop) as connection:
        connection.executemany("INSERT INTO log VALUES (?)", [(LONG,)] * 300)
        connection.execute("DELETE FROM log")
    for note in (None, LONG):
        start = max(rows_of(shop))
        found, rows, now = run(shop, lambda c, start=start, note=note: sell(c, start + 1, start + 200, note))
        assert found is not None
        assert caller_believes(found, rows, now)


def test_wal_is_followed_once_it_is_checkpointed(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db", before="PRAGMA journal_mode = WAL")
    before, prints, rows = version_of(shop), fingerprint(shop), rows_of(shop)
    assert prints.sound
    with writer(shop) as connection:
        sell(connection, ROWS + 1, ROWS + 1)
        filled = version_of(shop)
        assert filled != before
        assert not filled.is_quiet
        assert not fingerprint(shop).sound
        assert touched(shop, prints, fingerprint(shop), 2) is None
        sell(connection, ROWS + 2, ROWS + 2)
        assert version_of(shop) != filled
    found = compared(shop, prints)
    assert found is not None
    agrees(found, rows, rows_of(shop))
    assert found.rows == ROWS + 2


def test_versions_tell_a_commit_from_none(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    before = version_of(shop)
    assert version_of(shop) == before
    assert before.is_quiet
    assert Version(**before.as_json()) == before
    with writer(shop) as connection:
        connection.execute("SELECT count(*) FROM orders").fetchone()
    assert version_of(shop) == before
    with writer(shop) as connection:
        connection.execute("UPDATE orders SET amount = 1 WHERE id = 1")
    os.utime(shop, ns=(before.modified, before.modified))
    after = version_of(shop)
    assert after.counter == before.counter + 1
    assert after != before


@pytest.mark.parametrize("how", ["rotated", "copied over", "copied over, time restored"])
def test_another_file_in_its_place_is_another_version(tmp_path: Path, how: str) -> None:
    shop = made(tmp_path / "shop.db")
    other = made(tmp_path / "other.db")
    with writer(other) as connection:  # the same size and counter as the shop's after its last commit
        connection.execute("UPDATE orders SET amount = 3 WHERE id = 4000")
    with writer(shop) as connection:
        connection.execute("UPDATE orders SET amount = 2 WHERE id = 4000")
    before, prints, rows = version_of(shop), fingerprint(shop), rows_of(shop)
    if how == "rotated":
        other.replace(shop)
    else:
        shutil.copyfile(other, shop)
    if "restored" in how:
        os.utime(shop, ns=(before.modified, before.modified))
    assert version_of(shop) != before
    found = compared(shop, prints)
    assert found is not None  # the same layout: pages tell the difference, whoever put the file there
    agrees(found, rows, rows_of(shop))
    assert any(first <= 4000 <= last for first, last in found.ranges)


def test_the_same_cookie_with_other_tables_is_not_compared(tmp_path: Path) -> None:
    shop, other = tmp_path / "shop.db", tmp_path / "other.db"
    made(shop, after="CREATE TABLE people(name)")
    made(other, before="CREATE TABLE people(name)")
    prints = fingerprint(shop)
    other.replace(shop)
    assert fingerprint(shop).version.cookie == prints.version.cookie
    assert compared(shop, prints) is None


def test_a_shorter_file_is_not_compared(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    prints = fingerprint(shop)
    with shop.open("r+b") as file:
        file.truncate(shop.stat().st_size - 8192)
    after = fingerprint(shop)
    assert not after.sound
    assert touched(shop, prints, after, 2) is None
    with shop.open("r+b") as file:
        file.truncate(1000)
    assert touched(shop, prints, fingerprint(shop), 2) is None
    shop.write_bytes(b"")
    assert touched(shop, prints, fingerprint(shop), 2) is None
    with pytest.raises(OSError, match="nowhere"):
        fingerprint(tmp_path / "nowhere.db")


def test_a_shrunk_file_is_not_compared(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db", before="PRAGMA auto_vacuum = FULL")
    found, *_ = run(shop, lambda c: c.execute("DELETE FROM orders WHERE id > 1000"))
    assert found is None


def test_a_journal_in_use_is_never_trusted(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    prints = fingerprint(shop)
    journal = tmp_path / "shop.db-journal"
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))
    assert version_of(shop) != version_of(shop)
    assert not version_of(shop).is_quiet
    assert touched(shop, prints, fingerprint(shop), 2) is None
    journal.write_bytes(bytes(512))  # as PRAGMA journal_mode = PERSIST leaves it
    assert version_of(shop) == prints.version


def test_a_writer_at_work_is_never_trusted(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA cache_size = 2');"
        "c.execute('UPDATE orders SET amount = 1'); print('at work', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code, shop], stdin=-1, stdout=-1) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"at work\n"
        assert not version_of(shop).is_quiet
        other.kill()
    assert not version_of(shop).is_quiet


def test_a_file_written_just_now_is_waited_for(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    with patch.object(file_version, "_YOUNG_NS", 60_000_000):
        shop.touch()
        assert version_of(shop).is_quiet
        os.utime(shop, (2**32, 2**32))  # a time ahead of ours, set by hand
        assert version_of(shop).is_quiet
        with patch.object(file_version.time, "sleep"):  # as if it were written to all the time
            shop.touch()
            assert not version_of(shop).is_quiet


def test_a_file_that_changes_while_it_is_read_is_in_doubt(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db")
    free = page_prints._freelist

    def late(path: Path, page_size: int, count: int) -> frozenset[int] | None:
        with writer(path) as connection:
            connection.execute("UPDATE orders SET amount = 1 WHERE id = 1")
        return free(path, page_size, count)

    with patch.object(page_prints, "_freelist", late):
        assert not fingerprint(shop).sound


def test_prints_can_be_kept_and_brought_up_to_date(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop.db", after="CREATE INDEX by_customer ON orders(customer)", rows=50_000)
    first = fingerprint(shop)
    with writer(shop) as connection:
        sell(connection, 50_001, 50_300)
    kept = restore_prints(first.version.as_json(), first.frames())
    again, anew = fingerprint(shop, kept), fingerprint(shop)
    assert again.version == anew.version
    assert again.free == anew.free
    for name, frame in anew.frames().items():
        assert frame.equals(again.frames()[name]), name
    assert touched(shop, kept, again, 2) == touched(shop, first, anew, 2) is not None


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        fingerprint(made(tmp_path / "shop.db"), stopped=lambda: True)


def test_suspects_are_the_chunks_that_are_met() -> None:
    ends = [10, 20, 30]
    assert suspects([], ends) == ()
    assert suspects([(-9, -8)], ends) == (0,)
    assert suspects([(10, 10)], ends) == (0,)
    assert suspects([(11, 11), (12, 20)], ends) == (1,)
    assert suspects([(20, 21)], ends) == (1, 2)
    assert suspects([(5, 99)], ends) == (0, 1, 2)
    assert suspects([(31, 99)], ends) == ()
    assert suspects([(1, 2)], []) == ()


ids = st.integers(-300, 3_000)
texts = st.sampled_from(["", "short", "m" * 300, "long" * 700])
steps = st.one_of(
    st.tuples(
        st.just("INSERT OR REPLACE INTO orders SELECT value, value, '', 1, :text FROM spread"), ids, ids, texts
    ),
    st.tuples(st.just("UPDATE orders SET amount = amount + 1, note = :text WHERE id IN spread"), ids, ids, texts),
    st.tuples(st.just("UPDATE orders SET note = substr(note, 1, 2000) || :text WHERE id IN spread"), ids, ids, texts),
    st.tuples(st.just("DELETE FROM orders WHERE id IN spread"), ids, ids, texts),
    st.tuples(st.just("INSERT INTO log SELECT :text FROM spread"), ids, ids, texts),
    st.tuples(st.just("DELETE FROM log WHERE rowid IN spread"), ids, ids, texts),
    st.tuples(st.just("INSERT OR IGNORE INTO orders SELECT * FROM kept WHERE id IN spread"), ids, ids, texts),
)
histories = st.lists(st.lists(steps, min_size=1, max_size=3), min_size=1, max_size=5)


@effort(max_examples=examples(60))
@given(histories, st.sampled_from([512, 1024, 4096]), st.booleans(), st.sampled_from(["NONE", "INCREMENTAL"]))
def test_any_history_agrees_with_the_rows(
    history: list[list[tuple[str, int, int, str]]], size: int, index: bool, vacuum: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = made(
            Path(folder) / "shop.db",
            before=f"PRAGMA page_size = {size}; PRAGMA auto_vacuum = {vacuum}",
            after="CREATE TABLE log(text); CREATE TABLE kept AS SELECT * FROM orders WHERE 0;"
            + ("CREATE INDEX by_customer ON orders(customer)" if index else ""),
            rows=1_500,
        )
        with writer(shop) as connection:
            connection.execute("INSERT INTO kept SELECT * FROM orders")

        def apply(connection: sqlite3.Connection, batch: list[tuple[str, int, int, str]]) -> None:
            for sql, one, other, text in batch:
                first, last = min(one, other), max(one, other)
                spread = (
                    f"WITH RECURSIVE spread(value) AS (SELECT {first} UNION ALL SELECT value + 1 FROM spread "
                    f"WHERE value < {last})"
                )
                values = {"text": text} if ":text" in sql else {}
                connection.execute(f"{spread} {sql}", values)

        for batch in history:
            run(shop, lambda connection, batch=batch: apply(connection, batch))
