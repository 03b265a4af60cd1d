"""What is told of a table before it is read: how many rows it has."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ltvtui.sources.catalog import tables_of
from ltvtui.sources.sqlite import catalog
from ltvtui.sources.sqlite.catalog import PROBES
from ltvtui.sources.sqlite.database import SqliteDatabase


def rows_told(path: Path) -> int | None:
    with SqliteDatabase.open(path) as database:
        (table,) = tables_of(database)
    return table.rows


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Rows with the ids 1 to 1,000."""
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, day TEXT)")
        connection.executemany("INSERT INTO orders VALUES (?, '2024-05-06')", ((n,) for n in range(1, 1_001)))
    return path


def deleted(path: Path, condition: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"DELETE FROM orders WHERE {condition}")


def test_rows_of_a_table_with_few_ids_are_counted(shop: Path) -> None:
    deleted(shop, "id = 500")
    assert rows_told(shop) == 999


def test_many_ids_without_gaps_are_believed(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(*_: object) -> int:
        pytest.fail("rows were counted")

    monkeypatch.setattr(catalog, "COUNTED", 999)
    monkeypatch.setattr(catalog, "_count", counted)
    assert rows_told(shop) == 1_000


def test_many_ids_with_gaps_are_counted(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "COUNTED", 900)
    deleted(shop, "id % 4 = 0 AND id < 1000")
    # Of 4, 8, … 996 there are 249; of the 64 ids asked for every fourth or so is gone.
    asked = [1 + 999 * place // (PROBES - 1) for place in range(PROBES)]
    assert any(n % 4 == 0 and n < 1_000 for n in asked)
    assert rows_told(shop) == 751
