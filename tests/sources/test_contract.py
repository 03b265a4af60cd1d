"""Every kind of source does what the contract asks: SQLite in both journal modes, DuckDB, files, and a toy."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import duckdb
import polars as pl
import pytest
import toy
from contract import ORDERS, ManyTables, SourceContract, Subject

from ltvtui.errors import LtvError
from ltvtui.sources.locator import locate
from ltvtui.sources.registry import source_at
from ltvtui.sources.sql import quote


class SqliteShop:
    """A database of SQLite."""

    def __init__(self, path: Path, journal: str) -> None:
        self.uri = f"sqlite:///{path}"
        self._path = path
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA journal_mode = {journal}")
            connection.execute("CREATE TABLE t (x)")
            connection.execute("DROP TABLE t")

    def fill(self, table: str, rows: pl.DataFrame) -> None:
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute(f"CREATE TABLE {quote(table)} ({', '.join(map(quote, rows.columns))})")
            connection.commit()
        self.add(table, rows)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        with closing(sqlite3.connect(self._path, timeout=60)) as connection:
            marks = ", ".join("?" * rows.width)
            connection.executemany(f"INSERT INTO {quote(table)} VALUES ({marks})", rows.rows())
            connection.commit()


class FileShop:
    """A file with one table."""

    def __init__(self, path: Path) -> None:
        self.uri = path
        self._rows = pl.DataFrame()

    def fill(self, table: str, rows: pl.DataFrame) -> None:
        assert table == self.uri.stem
        self._rows = rows
        if self.uri.suffix == ".parquet":
            rows.write_parquet(self.uri)
        else:
            rows.write_csv(self.uri)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        self.fill(table, pl.concat([self._rows, rows]))


class DuckdbShop:
    """A database of DuckDB."""

    def __init__(self, path: Path) -> None:
        self.uri = f"duckdb:///{path}"
        self._path = path

    def fill(self, table: str, rows: pl.DataFrame) -> None:
        self._write(f"CREATE TABLE {quote(table)} AS SELECT * FROM read_parquet(?)", rows)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        self._write(f"INSERT INTO {quote(table)} SELECT * FROM read_parquet(?)", rows)

    def _write(self, sql: str, rows: pl.DataFrame) -> None:
        given = self._path.with_name(f"{self._path.stem}-{uuid4().hex}.parquet")
        rows.write_parquet(given, compression="uncompressed")
        end = time.monotonic() + 60
        while True:  # DuckDB lets nobody write while somebody reads
            try:
                with closing(duckdb.connect(self._path)) as connection:
                    connection.execute(sql, [str(given)])
                return
            except duckdb.ConnectionException:
                assert time.monotonic() < end
                time.sleep(0.005)


class ToyShop:
    """Frames in memory."""

    uri = "toy://ann:secret@memory/contract"

    def __init__(self) -> None:
        self._store = toy.STORES["contract"] = toy.Store()

    def fill(self, table: str, rows: pl.DataFrame) -> None:
        self._store.put(table, rows)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        self._store.put(table, pl.concat([self._store.state.tables[table], rows]))


class TestSqlite(ManyTables):
    @pytest.fixture(params=["delete", "wal", "wal at work"])
    def subject(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
        path = tmp_path / "shop.sqlite"
        shop = SqliteShop(path, request.param.split()[0])
        with closing(sqlite3.connect(path)) as other:
            if request.param.endswith("at work"):  # its log lies beside the file as long as somebody has it open
                other.execute("SELECT count(*) FROM sqlite_master").fetchall()
            yield shop


class TestFile(SourceContract):
    @pytest.fixture(params=["csv", "parquet"])
    def subject(self, request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
        return FileShop(tmp_path / f"orders.{request.param}")

    def test_an_empty_table_has_no_rows(self, subject: Subject) -> None:
        """It is refused: a file without rows is a mistake."""
        subject.fill("orders", ORDERS.clear())
        with pytest.raises(LtvError, match="has a header but no rows"), source_at(locate(subject.uri)):
            pass


class TestDuckdb(ManyTables):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> Subject:
        return DuckdbShop(tmp_path / "shop.duckdb")


class TestToy(ManyTables):
    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        yield ToyShop()
        del toy.STORES["contract"]
