"""Column by column or cell by cell: the rows are the same, whatever the shop has written."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.sources.mapping import Attribute, Mapping
from ltvtui.sources.read import read
from ltvtui.sources.shop import Shop
from ltvtui.sources.sqlite.database import SqliteDatabase

MAPPING = Mapping(
    "orders",
    "customer_id",
    "day",
    "amount",
    order_id="order_id",
    date_formats=("iso", "unix_s"),
    status="status",
    attributes=(Attribute("channel", "channel"),),
)

whole = st.one_of(st.integers(-100, 100), st.integers(-(2**63), 2**63 - 1))
cents = st.integers(-(10**7), 10**7).map(lambda c: c / 100)
floats = st.floats(allow_nan=False, width=64)
words = st.sampled_from(["", " ", "a", " a ", "7", "007", "7.0", "1e5", "12,50", "9" * 20, "ä€"])
blobs = st.sampled_from([b"", b"7", b"\xff\xfe"])
dates = st.datetimes().map(lambda d: d.isoformat(" ", "seconds"))
odd_dates = st.sampled_from(
    ["2024-01-05 23:59:60", " 2023-1-01 00:00:00", "2024-01-05", "+023-01-01 00:00:00", "soon"]
)


def column(*kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Forty cells: of one kind, of one kind with nulls, or of all kinds."""
    alike = [st.lists(kind, min_size=40, max_size=40) for kind in kinds]
    gapped = [st.lists(st.one_of(kind, st.none()), min_size=40, max_size=40) for kind in kinds]
    wild = st.lists(st.one_of(st.none(), *kinds), min_size=40, max_size=40)
    return st.one_of(*alike, *gapped, wild)


def both(path: Path) -> tuple[Shop, Shop]:
    with SqliteDatabase.open(path) as database:
        return read(database, MAPPING), read(database, MAPPING, typed=False)


def write(path: Path, columns: list[list[Any]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (customer_id, day, amount, order_id, status, channel)")
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", zip(*columns, strict=True))
        connection.commit()


numbers = itertools.count()


@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.tuples(
        column(whole, cents, words, blobs),
        column(dates, odd_dates, whole, st.integers(10**9, 2 * 10**9)),
        column(cents, whole, floats, words, blobs),
        column(whole, words),
        column(words, whole),
        column(words, cents, blobs),
    )
)
def test_any_values(tmp_path_factory: pytest.TempPathFactory, columns: tuple[list[Any], ...]) -> None:
    path = tmp_path_factory.getbasetemp() / f"wild{next(numbers)}.sqlite"
    write(path, list(columns))
    typed, sure = both(path)
    path.unlink()
    assert_frame_equal(typed.rows, sure.rows, categorical_as_str=True)


def long_shop(make_shop: Callable[..., Path], odd: str) -> Path:
    """Ninety thousand orders, read in several ranges; `odd` is SQL done to them in the end."""
    return make_shop(
        f"""CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id, day, amount, status, channel);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000)
        INSERT INTO orders
        SELECT i, i % 977, date(1.7e9 + i * 600, 'unixepoch'), i / 100.0, 'paid', 'c' || i % 9 FROM n;
        {odd}"""
    )


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ("", pl.Int32),
        ("UPDATE orders SET customer_id = 'C' || customer_id WHERE order_id = 70001;", pl.String),
        ("UPDATE orders SET customer_id = customer_id || '' WHERE order_id = 70001;", pl.Int32),
        ("UPDATE orders SET customer_id = customer_id + 1e10 WHERE order_id = 70001;", pl.Int64),
        ("UPDATE orders SET amount = '12,50' WHERE order_id > 80000;", pl.Int32),
        ("UPDATE orders SET amount = NULL, customer_id = NULL, channel = NULL WHERE order_id < 20000;", pl.Int32),
    ],
)
def test_one_odd_stretch(make_shop: Callable[..., Path], odd: str, kind: Any) -> None:
    typed, sure = both(long_shop(make_shop, odd))
    assert typed.rows["customer_id"].dtype == kind
    assert_frame_equal(typed.rows, sure.rows, categorical_as_str=True)


def test_mixed_types_are_told_with_how_many_rows(make_shop: Callable[..., Path]) -> None:
    typed, sure = both(long_shop(make_shop, "UPDATE orders SET customer_id = 'x' WHERE order_id = 70001;"))
    (notice,) = typed.notices
    assert notice.startswith("Rows read cell by cell because their columns have mixed types: ")
    assert 0 < int(notice.split()[-1].rstrip(".")) < 90_000
    assert sure.notices == ()
