"""`--explain` prints the SQL that an opening would ask, and asks for no more than samples."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result
from shops import corner_shop
from test_duckdb import in_duckdb

from ltvtui.cli import main
from ltvtui.sources.duckdb.database import DuckdbDatabase
from ltvtui.sources.reduction import reduce as reduction
from ltvtui.sources.reduction.reduce import Reduced, reduce_shop

ORDERS = 5_000


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Orders of 24 bytes each: an id of six, a day of ten, and an amount of eight."""
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (customer_id TEXT, ordered_at TEXT, amount REAL)")
        rows = ((f"C{n % 500:05d}", f"2024-{n % 12 + 1:02d}-11", n + 0.25) for n in range(ORDERS))
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?)", rows)
        connection.commit()
    return path


def test_a_reading_is_a_statement_a_table(shop: Path) -> None:
    said = run("report", shop, "--explain")
    assert said.exit_code == 0, said.output
    assert "shop.sqlite has about 5 000 rows of orders; they are read into memory, by 1 statement." in said.stdout
    # 5 000 rows of 24 bytes
    assert "It reads up to 120 kB before compression, by the size of 1000 rows." in said.stdout
    with closing(sqlite3.connect(shop)) as connection:
        assert len(connection.execute(said.stdout).fetchall()) == ORDERS


def test_what_is_printed_is_what_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = in_duckdb(corner_shop(tmp_path), tmp_path / "shop.duckdb")
    asked: list[str] = []
    frame = DuckdbDatabase.frame

    def listening(self: DuckdbDatabase, sql: str) -> object:
        asked.append(sql)
        return frame(self, sql)

    words = ("report", path, "--compute", "there", "--no-cache")
    explained = run(*words, "--explain").stdout
    monkeypatch.setattr(DuckdbDatabase, "frame", listening)
    opening: list[str] = []

    def reduce(*given: Any) -> Reduced:
        reduced = reduce_shop(*given)
        opening.extend(asked)  # single orders are asked later, when somebody looks at them
        return reduced

    monkeypatch.setattr(reduction, "reduce_shop", reduce)
    assert run(*words).exit_code == 0
    assert "DuckDB reduces them where they lie" in explained
    assert len(opening) > 5
    for sql in opening:
        assert sql in explained
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        for statement in connection.extract_statements(explained):
            connection.execute(statement)


def test_nothing_but_samples_is_read(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = in_duckdb(shop, tmp_path / "shop.duckdb")
    most = 0
    frame = DuckdbDatabase.frame

    def counting(self: DuckdbDatabase, sql: str) -> object:
        nonlocal most
        if " LIMIT 1000) AS " not in sql:
            most = max(most, frame(self, f"SELECT COUNT(*) AS n FROM ({sql})").item())
        return frame(self, sql)

    monkeypatch.setattr(DuckdbDatabase, "frame", counting)
    assert run("report", path, "--compute", "there", "--explain").exit_code == 0
    assert most <= 1


def test_what_the_first_rows_are_refused_for_is_said(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(
            "CREATE TABLE orders (customer_id VARCHAR, ordered_at DATE, amount DOUBLE, currency VARCHAR)"
        )
        for currency in ("EUR", "USD"):
            connection.execute("INSERT INTO orders VALUES ('a', DATE '2024-01-02', 5.0, ?)", [currency])
    said = run("report", path, "--compute", "there", "--explain")
    assert said.exit_code == 0
    assert "The first rows were refused, so that statements may be missing: " in said.stdout


@pytest.mark.parametrize("command", ["open", "cohorts", "retention", "check", "config"])
def test_every_command_that_reads_has_it(command: str, shop: Path) -> None:
    said = run(command, shop, "--explain")
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("-- shop.sqlite has about 5 000 rows")
