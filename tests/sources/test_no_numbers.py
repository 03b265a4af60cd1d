"""Numbers that are none: nan and infinity tell nothing of a column, and are no amounts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from math import inf, nan
from pathlib import Path

import pytest

from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.catalog_table import CatalogColumn


def test_a_sample_has_null_in_their_place() -> None:
    assert CatalogColumn("amount", "REAL", sample=(1.5, nan, inf, -inf, None, "x")).sample == (
        *(1.5, None, None, None, None, "x"),
    )


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_a_shop_with_them_leaves_these_rows_out(tmp_path: Path, engine: str) -> None:
    """Of thirty orders of 10 every fifth has infinity: six are left out, 24 bring 240."""
    path = tmp_path / f"shop.{engine}"
    rows = ", ".join(
        f"({n}, 'c{n % 7}', '2024-01-{n % 28 + 1:02}', {'9e999' if n % 5 == 0 else '10.0'})" for n in range(30)
    )
    create = "CREATE TABLE orders (order_id INTEGER, customer_id VARCHAR, ordered_at DATE, amount DOUBLE)"
    if engine == "sqlite":
        with closing(sqlite3.connect(path)) as database:
            database.executescript(f"{create}; INSERT INTO orders VALUES {rows};")
    else:
        duckdb = pytest.importorskip("duckdb", reason="DuckDB is an extra")
        with closing(duckdb.connect(str(path))) as database:
            database.execute(create)
            database.execute(f"INSERT INTO orders VALUES {rows.replace('9e999', chr(39) + 'nan' + chr(39))}")
    cleaned = open_shop(OpenRequest(path), today=20_000).dataset.cleaned
    assert {count.rule: count.rows for count in cleaned.counts}["no_amount"] == 6
    assert cleaned.orders["amount"].sum() == 240 * 10_000
