"""Opening: read-only in every case, and every bad input named in one line."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ltvtui.errors import LtvError
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read import read
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.sqlite.files import Access

ORDERS = "CREATE TABLE orders (customer_id, day, amount); INSERT INTO orders VALUES ('a', '2024-01-01', 5);"
MAPPING = Mapping("orders", "customer_id", "day", "amount")
MakeShop = Callable[..., Path]


def contents(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


def fails(path: Path, code: int, *said: str, timeout: float = 0.1) -> None:
    with pytest.raises(LtvError) as caught, SqliteDatabase.open(path, timeout=timeout) as database:
        tables_of(database)
    error = caught.value
    assert error.exit_code == code
    for word in said:
        assert word in error.what + error.mend
    assert "\n" not in error.what + error.mend
    assert error.what
    assert error.mend


def test_a_missing_file(tmp_path: Path) -> None:
    fails(tmp_path / "none.sqlite", 2, "no file", "none.sqlite")


def test_a_folder(tmp_path: Path) -> None:
    fails(tmp_path, 2, "folder")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    fails(tmp_path / "pipe", 2, "not a regular file")


def test_a_file_without_permission(make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_shop(ORDERS)

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    fails(path, 1, "no permission to read")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    fails(tmp_path / "empty.sqlite", 1, "empty")


def test_a_text_file(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("customer,date\n" * 200)
    fails(tmp_path / "orders.csv", 1, "not an SQLite database", "encrypted")


def test_a_database_without_tables(make_shop: MakeShop) -> None:
    fails(make_shop("PRAGMA user_version = 1; CREATE TABLE t (a); DROP TABLE t;"), 1, "without tables")


def test_a_damaged_database(make_shop: MakeShop) -> None:
    path = make_shop(ORDERS)
    path.write_bytes(path.read_bytes()[:100] + os.urandom(5000))
    fails(path, 1, "damaged")


def test_damage_found_while_reading(make_shop: MakeShop) -> None:
    fill = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
        INSERT INTO orders SELECT i, '2024-01-01', 1 FROM n;"""
    path = make_shop(ORDERS + fill)
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + b"\xff" * 65536 + whole[middle + 65536 :])
    with SqliteDatabase.open(path) as database, pytest.raises(LtvError, match="damaged"):
        read(database, MAPPING)


def test_a_locked_database_says_so_after_waiting(make_shop: MakeShop) -> None:
    path = make_shop(ORDERS)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        fails(path, 1, "locked", "0.1 s")
        writer.execute("ROLLBACK")


def test_wrong_sql_is_wrong_usage(make_shop: MakeShop) -> None:
    with SqliteDatabase.open(make_shop(ORDERS)) as database:
        with pytest.raises(LtvError) as caught:
            database.query("SELECT nothing FROM nowhere")
        assert caught.value.exit_code == 2
        with pytest.raises(LtvError):
            database.query("SELECT 1; DROP TABLE orders")


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM orders", "DROP TABLE orders", "CREATE TABLE x (a)", "PRAGMA user_version = 7", "VACUUM"],
)
def test_no_statement_can_write(make_shop: MakeShop, tmp_path: Path, sql: str) -> None:
    path = make_shop(ORDERS)
    before = contents(tmp_path)
    with SqliteDatabase.open(path) as database:
        try:
            database.query(sql)
        except LtvError:
            refused = True
        else:
            refused = False
        assert refused or sql.startswith("PRAGMA")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["a b?c#d%41.sqlite", "shop&mode=rwc.sqlite", "né'\"à.sqlite"])
def test_a_strange_file_name_opens_just_that_file(make_shop: MakeShop, tmp_path: Path, name: str) -> None:
    path = make_shop(ORDERS, name)
    before = contents(tmp_path)
    with SqliteDatabase.open(path) as database:
        assert read(database, MAPPING).rows["amount"].to_list() == [50_000]
    assert contents(tmp_path) == before


def wal_shop(folder: Path) -> tuple[Path, sqlite3.Connection]:
    """A WAL database whose only row is still in the -wal, and its open writer."""
    path = folder / "shop.sqlite"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.executescript(ORDERS)
    return path, writer


def read_amounts(path: Path) -> tuple[list[int], list[str], bool]:
    with SqliteDatabase.open(path) as database:
        amounts = read(database, MAPPING).rows["amount"].to_list()
        return amounts, database.notices, database.access in (Access.LOCKS, Access.LOG)


def test_a_rollback_database_is_left_as_it_is(make_shop: MakeShop, tmp_path: Path) -> None:
    path = make_shop(ORDERS)
    before = contents(tmp_path)
    assert read_amounts(path) == ([50_000], [], True)
    assert contents(tmp_path) == before


def test_a_closed_wal_database_gets_no_files_beside_it(tmp_path: Path) -> None:
    path, writer = wal_shop(tmp_path)
    writer.close()
    before = contents(tmp_path)
    assert set(before) == {"shop.sqlite"}
    amounts, notices, live = read_amounts(path)
    assert (amounts, live) == ([50_000], False)
    assert "read as it is" in notices[0]
    assert contents(tmp_path) == before


def test_a_wal_database_at_work_is_read_live_with_its_newest_rows(tmp_path: Path) -> None:
    path, writer = wal_shop(tmp_path)
    with closing(writer):
        names = set(contents(tmp_path))
        kept = {name: data for name, data in contents(tmp_path).items() if not name.endswith("-shm")}
        assert read_amounts(path) == ([50_000], [], True)
        after = contents(tmp_path)
        assert set(after) == names
        assert {name: after[name] for name in kept} == kept  # -shm is where readers and writers meet


def test_a_wal_left_behind_is_read_from_a_copy(tmp_path: Path) -> None:
    origin, left = tmp_path / "origin", tmp_path / "left"
    origin.mkdir()
    left.mkdir()
    path, writer = wal_shop(origin)
    with closing(writer):
        for name in ("shop.sqlite", "shop.sqlite-wal"):
            shutil.copy(origin / name, left / name)
    before = contents(left)
    amounts, notices, live = read_amounts(left / path.name)
    assert (amounts, live) == ([50_000], False)
    assert "not closed cleanly" in notices[0]
    assert contents(left) == before


def test_a_hot_journal_is_rolled_back_in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    origin, left, scratch = (tmp_path / name for name in ("origin", "left", "scratch"))
    for folder in (origin, left, scratch):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = origin / "shop.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE orders (customer_id, day, amount, filler)")
        rows = [(i, "2024-01-01", 1, "x" * 500) for i in range(4000)]
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", rows)
        writer.execute("COMMIT")
        writer.execute("PRAGMA cache_size = 5")
        writer.execute("BEGIN")
        writer.execute("UPDATE orders SET amount = 1000")
        for name in ("shop.sqlite", "shop.sqlite-journal"):
            shutil.copy(origin / name, left / name)
        writer.execute("ROLLBACK")
    before = contents(left)
    amounts, notices, _ = read_amounts(left / "shop.sqlite")
    assert sum(amounts) == 4000 * 10_000  # not one row of the unfinished update
    assert "not closed cleanly" in notices[0]
    assert contents(left) == before
    assert list(scratch.iterdir()) == []


def test_a_file_read_as_it_stands_is_not_believed_when_it_changed(tmp_path: Path) -> None:
    path, writer = wal_shop(tmp_path)
    writer.close()
    with SqliteDatabase.open(path) as database:
        with closing(sqlite3.connect(path)) as again:
            again.execute("INSERT INTO orders VALUES ('b', '2024-01-02', 6)")
            again.commit()
        with pytest.raises(LtvError, match="changed while"):
            read(database, MAPPING)


def test_a_closed_database_answers_with_an_error_of_its_own(make_shop: MakeShop) -> None:
    database = SqliteDatabase.open(make_shop(ORDERS))
    database.close()
    database.close()
    with pytest.raises(LtvError, match="closed"):
        database.query("SELECT 1")


def test_the_catalog_knows_keys_types_and_samples(make_shop: MakeShop) -> None:
    path = make_shop(
        """CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, "odd "" name" VARCHAR(9));
        CREATE TABLE orders (nr INT, person INT REFERENCES people (id), part INT, PRIMARY KEY (nr, part))
            WITHOUT ROWID;
        CREATE TABLE ids (rowid TEXT, a INT);
        CREATE VIEW broken AS SELECT * FROM gone;
        CREATE VIEW some AS SELECT mail FROM people;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO people SELECT i, 'm' || i, x'ff' FROM n;"""
    )
    with SqliteDatabase.open(path) as database:
        tables = {table.name: table for table in tables_of(database)}
    people, orders = tables["people"], tables["orders"]
    assert (people.rows, people.rowid, people.view) == (5000, "rowid", False)
    assert [c.unique for c in people.columns] == [True, True, False]
    assert people.columns[2].name == 'odd " name'
    assert people.columns[2].type == "VARCHAR(9)"
    seen = [value for value in people.columns[0].sample if isinstance(value, int)]
    assert min(seen) == 1
    assert max(seen) == 5000
    assert len(set(seen)) == len(seen) > 300
    assert (orders.rowid, orders.columns[1].references) == (None, ("people", "id"))
    assert [c.unique for c in orders.columns] == [False, False, False]
    assert tables["ids"].rowid == "_rowid_"
    assert tables["broken"].columns == ()
    assert tables["some"].view
    assert tables["some"].column("MAIL") is not None
