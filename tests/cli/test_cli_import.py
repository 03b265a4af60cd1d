"""`ltvtui import`: files into a database, all of them or nothing."""

from __future__ import annotations

import errno
import signal
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import forked
import polars as pl
import pytest
import running
import xlsxwriter
from click.testing import CliRunner
from shops import build

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.importing.import_files import import_files

ORDERS = "order_id,customer,day,amount\n1,ann,2024-01-05,12.5\n2,bob,2024-01-06,7\n"
MORE = "order_id,customer,day,amount\n3,cat,2024-02-01,1\n"

OWN = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer TEXT, day TEXT, amount REAL);
CREATE INDEX by_customer ON orders (customer);
CREATE TABLE log (number INTEGER);
CREATE TRIGGER counting AFTER INSERT ON orders BEGIN INSERT INTO log VALUES (new.order_id); END;
CREATE VIEW large AS SELECT * FROM orders WHERE amount > 10;
INSERT INTO orders VALUES (100, 'zoe', '2023-12-31', 5);
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


run = partial(running.run, "import")


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def content(path: Path) -> list[str]:
    """All there is, as SQL; read apart from the file, so that nothing in it is touched."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return list(connection.iterdump())


def refused(*words: object, code: int = 1) -> str:
    done = run(*words)
    assert done.exit_code == code, done.output
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
    return done.stderr


# --- what is done ------------------------------------------------------------------------------------


def test_a_new_database_is_made_for_your_eyes_only(tmp_path: Path) -> None:
    shop = tmp_path / "shop.db"
    done = run(written(tmp_path, "my-orders.csv", ORDERS), "--into", shop)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"my_orders: 2 rows, 4 columns, new table (my-orders.csv)\nltvtui {shop}\n"
    types = [("order_id", "INTEGER"), ("customer", "TEXT"), ("day", "TEXT"), ("amount", "REAL")]
    assert ask(shop, "SELECT name, type FROM pragma_table_info('my_orders')") == types
    assert ask(shop, "SELECT * FROM my_orders") == [(1, "ann", "2024-01-05", 12.5), (2, "bob", "2024-01-06", 7.0)]
    assert stat.S_IMODE(shop.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["my-orders.csv", "shop.db"]


def test_rows_are_appended_and_columns_may_stand_otherwise(tmp_path: Path) -> None:
    shop = build(tmp_path, OWN)
    done = run(
        written(tmp_path, "orders.csv", "AMOUNT,day,customer,Order_Id\n12.5,2024-01-05,007,1\n"), "--into", shop
    )
    assert done.stdout.startswith("orders: 1 row, 4 columns, appended to 1 row (orders.csv)\n")
    assert ask(shop, "SELECT * FROM orders ORDER BY 1") == [
        (1, "007", "2024-01-05", 12.5),
        (100, "zoe", "2023-12-31", 5),
    ]
    assert ask(shop, "SELECT number FROM log") == [(100,), (1,)]


def test_a_table_is_replaced_with_its_indexes_and_triggers(tmp_path: Path) -> None:
    shop = build(tmp_path, OWN)
    done = run(written(tmp_path, "orders.csv", ORDERS), "--into", shop, "--replace")
    assert done.stdout.startswith("orders: 2 rows, 4 columns, replaced 1 row (orders.csv)\n")
    assert ask(shop, "SELECT order_id FROM orders") == [(1,), (2,)]
    names = [name for (name,) in ask(shop, "SELECT name FROM sqlite_master ORDER BY 1")]
    assert names == ["by_customer", "counting", "large", "log", "orders"]
    assert ask(shop, "SELECT number FROM log") == [(100,)]  # what was imported is no event of the shop
    assert ask(shop, "SELECT customer FROM large") == [("ann",)]


def test_an_index_on_a_column_that_goes_refuses_the_replacement(tmp_path: Path) -> None:
    shop = build(tmp_path, OWN)
    before = content(shop)
    told = refused(written(tmp_path, "orders.csv", "order_id,amount\n1,2\n"), "--into", shop, "--replace")
    assert "An index or trigger of orders cannot be kept" in told
    assert content(shop) == before


def test_other_columns_are_named_or_added(tmp_path: Path) -> None:
    shop = build(tmp_path, OWN)
    before = content(shop)
    other = written(tmp_path, "orders.csv", "order_id,customer,channel,amount\n1,ann,ads,5\n")
    told = refused(other, "--into", shop)
    assert "orders.csv has other columns than the table orders: it has channel, and it lacks day." in told
    assert content(shop) == before
    done = run(other, "--into", shop, "--alter")
    assert done.stdout.startswith("orders: 1 row, 5 columns, appended to 1 row, new columns channel (orders.csv)")
    rows = [(1, "ann", None, 5, "ads"), (100, "zoe", "2023-12-31", 5, None)]
    assert ask(shop, "SELECT * FROM orders ORDER BY 1") == rows


def test_files_of_one_table_are_typed_together(tmp_path: Path) -> None:
    first = written(tmp_path, "a.csv", "customer,amount\n7,1\n")
    second = written(tmp_path, "b.csv", "customer,amount\n007,1.5\n")
    done = run(first, second, "--into", tmp_path / "shop.db", "--table", "orders")
    assert done.stdout.startswith("orders: 2 rows, 2 columns, new table (a.csv, b.csv)\n")
    assert ask(tmp_path / "shop.db", "SELECT * FROM orders") == [("7", 1.0), ("007", 1.5)]


@pytest.mark.parametrize("there", [False, True])
def test_columns_are_matched_by_name_over_files(tmp_path: Path, there: bool) -> None:
    shop = tmp_path / "shop.db"
    if there:
        build(tmp_path, "CREATE TABLE orders (customer TEXT, amount REAL)", shop.name)
    first = written(tmp_path, "a.csv", "customer,amount,channel\nann,1,ads\n")
    second = written(tmp_path, "b.csv", "day,AMOUNT,Customer\n2024-01-05,2.5,bob\n")
    done = run(first, second, "--into", shop, "--table", "orders", "--alter")
    assert done.exit_code == 0, done.stderr
    rows = [("ann", 1.0, "ads", None), ("bob", 2.5, None, "2024-01-05")]
    assert ask(shop, "SELECT customer, amount, channel, day FROM orders") == rows


def test_an_id_that_numbers_would_change_is_refused(tmp_path: Path) -> None:
    shop = tmp_path / "shop.db"
    run(written(tmp_path, "orders.csv", "customer,amount\n7,1\n"), "--into", shop)
    before = content(shop)
    told = refused(written(tmp_path, "orders.csv", "customer,amount\n007,1\n"), "--into", shop)
    assert "customer of the table orders holds numbers, and orders.csv has '007' there" in told
    assert content(shop) == before
    # A word is no number to anybody: it is taken as it stands.
    assert run(written(tmp_path, "orders.csv", "customer,amount\nguest,1\n"), "--into", shop).exit_code == 0
    assert ask(shop, "SELECT customer FROM orders") == [(7,), ("guest",)]


def test_text_that_looks_like_a_number_goes_into_text_as_written(tmp_path: Path) -> None:
    shop = build(tmp_path, "CREATE TABLE orders (customer TEXT, amount)")
    run(written(tmp_path, "orders.csv", "customer,amount\n1.50,1.50\n"), "--into", shop)
    assert ask(shop, "SELECT customer, amount, typeof(amount) FROM orders") == [("1.50", 1.5, "real")]


def test_every_kind_of_file_at_once(tmp_path: Path) -> None:
    frame = pl.DataFrame({"order_id": [1], "day": [date(2024, 1, 5)]})
    frame.write_parquet(tmp_path / "p.parquet")
    with xlsxwriter.Workbook(str(tmp_path / "w.xlsx")) as dataset:
        for name in ("First", "Second one"):
            dataset.add_worksheet(name).write_column(0, 0, ["order_id", 5])
    written(tmp_path, "j.jsonl", '{"order_id": 3}\n')
    written(tmp_path, "t.tsv", "order_id\tday\n4\tx\n")
    files = [tmp_path / name for name in ("p.parquet", "w.xlsx", "j.jsonl", "t.tsv")]
    done = run(*files, "--into", tmp_path / "shop.db")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()[:-1]] == [
        "p",
        "First",
        "Second one",
        "j",
        "t",
    ]
    assert ask(tmp_path / "shop.db", 'SELECT * FROM p, "Second one"') == [(1, "2024-01-05", 5)]
    run(tmp_path / "w.xlsx", "--sheet", "second ONE", "--table", "x", "--into", tmp_path / "shop.db")
    assert ask(tmp_path / "shop.db", "SELECT * FROM x") == [(5,)]
    told = refused(tmp_path / "w.xlsx", "--sheet", "Third", "--into", tmp_path / "shop.db", code=2)
    assert "It has First, Second one." in told


def test_names_are_never_sql(tmp_path: Path) -> None:
    name = '"; DROP TABLE x; --[a]'
    shop = tmp_path / "shop.db"
    for _ in range(2):  # made, then appended to
        done = run(written(tmp_path, "a.csv", '"a""b",[c]\n1,2\n'), "--into", shop, "--table", name)
        assert done.exit_code == 0, done.stderr
    assert ask(shop, "SELECT name FROM sqlite_master") == [(name,)]
    assert ask(shop, 'SELECT "a""b", "[c]" FROM """; DROP TABLE x; --[a]"') == [(1, 2), (1, 2)]


def test_names_are_no_commands_of_the_terminal(tmp_path: Path) -> None:
    done = run(written(tmp_path, "a.csv", "x\n1\n"), "--into", tmp_path / "shop.db", "--table", "a\x1b[31mb")
    assert "\x1b" not in done.stdout


# --- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "b.csv is empty."),
        ("order_id,customer,day,amount\n", "b.csv has a header but no rows."),
        ("order_id,customer,day,amount\n1,2\n", "line 2 has 2 fields, the header 4"),
        ("order_id,customer,day\n1,2,3\n", "b.csv has other columns than a.csv: it lacks amount."),
    ],
)
def test_one_bad_file_of_two_and_nothing_is_done(tmp_path: Path, text: str, what: str) -> None:
    good, bad = written(tmp_path, "a.csv", ORDERS), written(tmp_path, "b.csv", text)
    shop = build(tmp_path, OWN)
    before = content(shop)
    assert what in refused(good, bad, "--into", shop, "--table", "orders")
    assert content(shop) == before
    assert what in refused(good, bad, "--into", tmp_path / "new.db", "--table", "orders")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "b.csv", "shop.sqlite"]


def test_a_row_that_the_table_does_not_take_is_named(tmp_path: Path) -> None:
    shop = build(tmp_path, OWN)
    before = content(shop)
    first = written(tmp_path, "orders.csv", ORDERS + "100,dan,2024-01-07,1\n3,eve,2024-01-08,1\n")
    told = refused(first, "--into", shop)
    assert "orders rejected row 3 of orders.csv: UNIQUE constraint failed: orders.order_id." in told
    assert content(shop) == before


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (["nowhere.csv", "--into", "shop.db"], 2, "There is no file nowhere.csv"),
        (["a.csv", "--into", "nowhere/shop.db"], 2, "There is no folder"),
        (["a.csv", "--into", "a.csv"], 2, "a.csv is not an SQLite database"),
        (["a.csv", "--into", "."], 2, "is not a file"),
        (["a.pdf", "--into", "shop.db"], 2, "not a supported file type"),
        (["a.csv", "--into", "shop.sqlite", "--table", "large"], 2, "large is a view"),
        (["a.csv", "--into", "shop.sqlite", "--table", "sqlite_x"], 2, "Invalid table name"),
        (["a.csv", "--into", "new.db", "--table", "sqlite_x"], 2, "Invalid table name"),
        (["a.csv", "--into", "shop.sqlite", "--replace", "--alter"], 2, "--replace creates the table again"),
        (["--into", "shop.db"], 2, "Missing argument"),
        (["a.csv"], 2, "Missing option '--into'"),
    ],
)
def test_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, what: str) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "a.csv", ORDERS)
    written(tmp_path, "a.pdf", "x")
    before = content(build(tmp_path, OWN))
    assert what in refused(*words, code=code)
    assert content(tmp_path / "shop.sqlite") == before
    assert not (tmp_path / "new.db").exists()


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    orders = written(tmp_path, "orders.csv", ORDERS)
    shop = build(tmp_path, OWN)
    before = content(shop)
    for into in (shop, tmp_path / "new.db"):

        def grow(done: int, total: int) -> None:
            with orders.open("a") as file:
                file.write("9,zoe,2024-01-09,1\n")

        with pytest.raises(LtvError, match="changed while it was being read"):
            import_files([orders], into, progress=grow)
    assert content(shop) == before
    assert not (tmp_path / "new.db").exists()


# --- others at work, and sudden ends ------------------------------------------------------------------


@contextmanager
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else, in the middle of writing."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE orders SET amount = 6")
        yield connection


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_whoever_writes_is_waited_for_or_told_of(tmp_path: Path, mode: str) -> None:
    shop = build(tmp_path, f"PRAGMA journal_mode = {mode};" + OWN)
    orders = written(tmp_path, "orders.csv", ORDERS)
    with writer(shop) as other:
        told = refused(orders, "--into", shop, "--wait", "0.1")
        assert "shop.sqlite is in use by another program (waited 0.1 s); nothing was changed." in told
        done: list[object] = []
        waiting = threading.Thread(target=lambda: done.extend(import_files([orders], shop, wait=60)))
        waiting.start()
        other.execute("COMMIT")
        waiting.join(60)
    assert len(done) == 1
    assert ask(shop, "SELECT amount FROM orders ORDER BY order_id") == [(12.5,), (7,), (6,)]


def test_whoever_reads_when_all_is_done_is_told_of(tmp_path: Path) -> None:
    shop = build(tmp_path, OWN)
    before = content(shop)
    with closing(sqlite3.connect(shop, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM orders").fetchall()
        assert "is in use by another program" in refused(
            written(tmp_path, "orders.csv", ORDERS), "--into", shop, "--wait", "0.1"
        )
    assert content(shop) == before


SUDDEN = """
import os, signal, sys
from pathlib import Path
from ltvtui.importing.import_files import Manner
from ltvtui.importing.import_files import import_files

def die(done, total):
    if done >= 100_000:
        print(done, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

import_files([Path(sys.argv[1])], Path(sys.argv[2]), manner=Manner(replace=sys.argv[3] == "replace"), progress=die)
"""


@pytest.mark.parametrize("how", ["append", "replace"])
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_kill_in_the_middle_leaves_the_database_as_it_was(tmp_path: Path, mode: str, how: str) -> None:
    shop = build(tmp_path, f"PRAGMA journal_mode = {mode};" + OWN)
    before = content(shop)
    orders = tmp_path / "orders.csv"
    lines = (f"{n},customer {n % 1000},2024-01-05,{n % 97}.5" for n in range(1_000, 160_000))
    orders.write_text("\n".join(("order_id,customer,day,amount", *lines)))
    done = forked.run(orders, shop, how, code=SUDDEN)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "100000\n"), done.stderr
    # Rows had reached the disk by then; what lies beside the database takes them back.
    log, journal = (shop.with_name(shop.name + suffix) for suffix in ("-wal", "-journal"))
    assert (log if mode == "wal" else shop).stat().st_size > 1_000_000
    assert mode == "wal" or journal.stat().st_size > 0
    assert content(shop) == before


def test_a_kill_in_the_middle_of_a_new_database_leaves_none(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order_id\n" + "\n".join(str(n) for n in range(160_000)))
    done = forked.run(orders, tmp_path / "shop.db", "append", code=SUDDEN)
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "shop.db").exists()


def test_a_database_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    shop = tmp_path / "shop.db"

    def appear(done: int, total: int) -> None:
        shop.write_bytes(b"somebody else's")

    with pytest.raises(LtvError, match="was created by another program"):
        import_files([written(tmp_path, "orders.csv", ORDERS)], shop, progress=appear)
    assert shop.read_bytes() == b"somebody else's"


def test_a_folder_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(**how: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", shut)
    told = refused(written(tmp_path, "orders.csv", ORDERS), "--into", tmp_path / "shop.db")
    assert "shop.db could not be written: Permission denied." in told


def test_an_imported_shop_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    lines = [f"{n},c{n % 5},2024-{n % 9 + 1:02}-11,10" for n in range(1, 46)]
    orders = written(tmp_path, "orders.csv", "\n".join(("order_id,customer_id,order_date,amount", *lines)))
    told = run(orders, "--into", tmp_path / "shop.db").stdout.splitlines()[-1].split()
    done = CliRunner().invoke(main, ["report", told[1]])
    assert done.exit_code == 0, done.stderr
    assert "450" in done.stdout
