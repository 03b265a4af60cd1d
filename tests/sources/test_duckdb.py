"""Databases of DuckDB: the figures of the same shop in SQLite, whatever the types, and nothing written."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner, Result
from real_shops import DATA
from shops import ROOT, corner_shop, moving_shop

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.sources.locator import locate
from ltvtui.sources.registry import is_watchable, source_at
from ltvtui.sources.sql import quote

SCHEMAS = DATA / "cases" / "schemas"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))


def typed(values: list[Any]) -> tuple[str, list[Any]]:
    """The type that DuckDB would have for the values of a column in SQLite, and them."""
    there = [value for value in values if value is not None]
    if all(isinstance(value, int) for value in there):
        return "BIGINT", values
    if all(isinstance(value, int | float) for value in there):
        exact = all(value == round(value, 2) and abs(value) < 1e12 for value in there)
        return ("DECIMAL(18,2)" if exact else "DOUBLE"), [None if v is None else float(v) for v in values]
    for kind, pattern in (("DATE", DAY), ("TIMESTAMP", MOMENT)):
        if all(isinstance(value, str) and pattern.fullmatch(value) for value in there):
            return kind, values
    return "VARCHAR", [None if value is None else str(value) for value in values]


def in_duckdb(shop: Path, path: Path) -> Path:
    """The tables of a shop in SQLite, with their keys, in a database of DuckDB with types of its own."""
    with closing(sqlite3.connect(shop)) as source, closing(duckdb.connect(path)) as target:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        for (table,) in source.execute(listed).fetchall():
            cursor = source.execute(f"SELECT * FROM {quote(table)}")
            names = [column[0] for column in cursor.description]
            columns = [typed(list(column)) for column in zip(*cursor.fetchall(), strict=True)]
            kinds = [kind for kind, _ in columns] or ["VARCHAR"] * len(names)
            keys = source.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,)).fetchall()
            key = f", PRIMARY KEY ({', '.join(quote(name) for (name,) in keys)})" if keys else ""
            listing = ", ".join(f"{quote(name)} {kind}" for name, kind in zip(names, kinds, strict=True))
            target.execute(f"CREATE TABLE {quote(table)} ({listing}{key})")
            if columns:
                given = path.with_suffix(".parquet")
                frame = pl.DataFrame({f"c{n}": values for n, (_, values) in enumerate(columns)}, strict=False)
                frame.write_parquet(given, compression="uncompressed")
                cast = ", ".join(f"CAST(c{n} AS {kind})" for n, kind in enumerate(kinds))
                target.execute(f"INSERT INTO {quote(table)} SELECT {cast} FROM read_parquet(?)", [str(given)])
                given.unlink()
    return path


def run(*words: object) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def report(shop: Path, *words: str) -> dict[str, Any]:
    done = run("report", shop, "--format", "json", *words)
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.replace(shop.name, "SHOP").replace(str(shop.parent), "FOLDER"))
    found["mapping"].pop("orders")  # where it is a SELECT, it is of the engine's own SQL
    return found


# --- the same figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [corner_shop, moving_shop])
def test_reports_are_those_of_sqlite(tmp_path: Path, make: Any) -> None:
    shop = make(tmp_path)
    copy = in_duckdb(shop, tmp_path / "shop.duckdb")
    for words in ((), ("--by", "first month"), ("--as-of", "2024-03-01")):
        assert report(copy, *words) == report(shop, *words)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the folder of real shops does not lie beside the project")
@pytest.mark.parametrize("name", [*sorted(path.stem for path in SCHEMAS.glob("*.sqlite")), "chinook", "northwind"])
def test_reports_of_odd_structures_are_those_of_sqlite(tmp_path: Path, name: str) -> None:
    shop = next(path for path in (SCHEMAS / f"{name}.sqlite", DATA / f"{name}.sqlite") if path.exists())
    copy = in_duckdb(shop, tmp_path / "shop.duckdb")
    assert report(copy) == report(shop)


def test_types_that_sqlite_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.execute(
            "CREATE TABLE orders AS SELECT n AS order_id, CAST('Ann' AS ENUM ('Ann', 'Bob')) AS customer,"
            " timestamptz '2024-01-01 23:30:00+00' + to_days(CAST(n AS INTEGER)) AS ordered_at,"
            " CAST(n AS DECIMAL(9, 3)) + 0.125 AS amount, n % 2 = 0 AS gift, CAST(n AS HUGEINT) AS big,"
            " [n] AS list, uuid() AS code FROM range(40) AS r(n)"
        )
    base = report(path, "--order-id", "order_id", "--customer", "customer")["base"]
    # By hand: 0 + … + 39 = 780, and forty eighths.
    assert (base["customers"], base["orders"], base["revenue"]) == (1, 40, 785)
    with source_at(locate(path)) as source, source.open() as database:
        ((day, gift, big, listed),) = database.query(
            "SELECT ordered_at, gift, big, list FROM orders WHERE order_id = ?", (3,)
        )
    assert (day, gift, big, listed) == ("2024-01-04 23:30:00+00", 0, 3, "[3]")


# --- hands off, and what may be in the way ---------------------------------------------------------------


def test_nothing_is_written_beside_it_and_no_other_file_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    path = in_duckdb(corner_shop(tmp_path), folder / "shop.duckdb")
    before = path.read_bytes()
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    report(path)
    assert [entry.name for entry in folder.iterdir()] == ["shop.duckdb"]
    assert path.read_bytes() == before
    with source_at(locate(path)) as source, source.open() as database:
        with pytest.raises(LtvError):
            database.query(f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")
        with pytest.raises(LtvError):
            database.query("SET enable_external_access = true")


def test_who_writes_to_it_is_named_as_the_reason(tmp_path: Path) -> None:
    path = in_duckdb(corner_shop(tmp_path), tmp_path / "shop.duckdb")
    hold = f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        done = run("report", path)
        other.communicate("\n")
    assert (done.exit_code, done.stderr) == (
        1,
        "ltvtui: shop.duckdb is open in another program, and DuckDB lets nobody else read it meanwhile.\n"
        "Close that program, or read a copy of the file.\n",
    )
    assert run("report", path).exit_code == 0


def test_without_its_driver_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = in_duckdb(corner_shop(tmp_path), tmp_path / "shop.duckdb")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    done = run("report", path)
    assert (done.exit_code, done.stderr) == (
        1,
        "ltvtui: shop.duckdb is a DuckDB database, and its driver is not installed.\n"
        "Install it: pip install 'ltvtui[duckdb]'\n",
    )


def test_odd_files_are_refused(tmp_path: Path) -> None:
    empty, broken = tmp_path / "empty.duckdb", tmp_path / "broken.duckdb"
    duckdb.connect(empty).close()
    whole = in_duckdb(corner_shop(tmp_path), tmp_path / "shop.duckdb").read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    for shop, message in (
        (empty, "empty.duckdb is a database without tables in the schema main."),
        (broken, "broken.duckdb cannot be read: "),
        ("duckdb:///nowhere.duckdb", "There is no file nowhere.duckdb."),
    ):
        done = run("report", shop)
        assert done.exit_code in (1, 2), shop
        assert done.stderr.startswith(f"ltvtui: {message}"), done.stderr
        assert done.stderr.count("\n") == 2


def test_tables_of_other_schemas_are_named_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute("CREATE SCHEMA sales")
        connection.execute("CREATE TABLE sales.orders AS SELECT n FROM range(40) AS r(n)")
    done = run("report", path)
    assert (done.exit_code, done.stderr) == (
        1,
        "ltvtui: shop.duckdb is a database without tables in the schema main.\n"
        "Tables outside of the schema main are not read: sales.orders. Name the file that holds the orders.\n",
    )
    in_duckdb(corner_shop(tmp_path), path)
    assert "Tables outside of the schema main are not read: sales.orders." in run("report", path).stderr


def test_times_are_in_utc_wherever_the_machine_is(tmp_path: Path) -> None:
    """An order of the last evening of January, in UTC, is one of January in Tokyo too, where it is February."""
    path = tmp_path / "shop.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE orders AS SELECT n AS order_id, 'c' || n AS customer_id, 9.5 AS amount,"
            " timestamptz '2024-01-31 22:00:00+00' AS ordered_at FROM range(30) AS r(n)"
        )
    show = "import sys; from ltvtui.cli import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", show, "report", str(path), "--by", "first month", "--format", "csv"],
        env={**os.environ, "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "2024-01" in done.stdout
    assert "2024-02" not in done.stdout


def test_it_is_known_by_its_content_and_cannot_be_watched(tmp_path: Path) -> None:
    path = in_duckdb(corner_shop(tmp_path), tmp_path / "shop.db")
    assert report(path)["base"]["customers"] == 10
    assert not is_watchable(locate(path))
    assert not is_watchable(locate(f"duckdb:///{path}"))
