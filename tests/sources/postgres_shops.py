"""Shops in a database of PostgreSQL: frames, and shops of SQLite with types of their own."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
from adbc_driver_postgresql import dbapi
from postgres import Server

from ltvtui.sources.sql import quote

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")


class PostgresShop:
    """An empty database."""

    def __init__(self, server: Server) -> None:
        self.base = server.new_base()
        self.uri = server.uri(self.base)
        self._server = server

    def fill(self, table: str, rows: pl.DataFrame) -> None:
        kinds = [_KINDS[type(dtype)] for dtype in rows.dtypes]
        columns = ", ".join(f"{quote(name)} {kind}" for name, kind in zip(rows.columns, kinds, strict=True))
        self._server.run(f"CREATE TABLE {quote(table)} ({columns})", base=self.base)
        self.add(table, rows)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        ingest(self._server.uri(self.base, "owner"), table, rows, ["text"] * rows.width)


_KINDS = {
    pl.Int64: "bigint",
    pl.Int32: "bigint",
    pl.Float64: "float8",
    pl.String: "text",
    pl.Boolean: "boolean",
    pl.Null: "text",
}


def ingest(uri: str, table: str, rows: pl.DataFrame, kinds: list[str]) -> None:
    """Add rows to a table that is there, by COPY where the types are the frame's own, else by a cast of text."""
    if not rows.height:
        return
    with closing(dbapi.connect(uri)) as connection, connection.cursor() as cursor:
        plain = rows.select(pl.all().name.map(str)).rename({n: f"c{i}" for i, n in enumerate(rows.columns)})
        plain = plain.with_columns(pl.col(pl.Null).cast(pl.String), pl.col(pl.Int32).cast(pl.Int64))
        cursor.adbc_ingest("ltvtui_given", plain, mode="create", temporary=True)
        cast = ", ".join(f"c{place}::{kind}" if kind != "text" else f"c{place}" for place, kind in enumerate(kinds))
        cursor.execute(f"INSERT INTO {quote(table)} SELECT {cast} FROM pg_temp.ltvtui_given")
        connection.commit()


def typed(values: list[Any]) -> tuple[str, pl.Series]:
    """The type that PostgreSQL would have for the values of a column in SQLite, and them."""
    there = [value for value in values if value is not None]
    if all(isinstance(value, int) for value in there) and there:
        fits = all(-(2**63) <= value < 2**63 for value in there)
        if fits:
            return "bigint", pl.Series(values, dtype=pl.Int64)
    if there and all(isinstance(value, int | float) for value in there):
        exact = all(value == round(value, 2) and abs(value) < 1e12 for value in there)
        floats = [None if v is None else float(v) for v in values]
        return ("numeric(18,2)" if exact else "float8"), pl.Series(floats, dtype=pl.Float64)
    texts = pl.Series([None if v is None else _as_text(v) for v in values], dtype=pl.String)
    for kind, pattern in (("date", _DAY), ("timestamp", _MOMENT)):
        if there and all(isinstance(value, str) and pattern.fullmatch(value) for value in there):
            return kind, texts
    return "text", texts


def _as_text(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.replace("\0", "")  # which PostgreSQL does not store


def in_postgres(shop: Path, server: Server) -> str:
    """The tables of a shop in SQLite, with their keys, in a database of their own; its address for `reader`."""
    base = server.new_base()
    owner = server.uri(base, "owner")
    with closing(sqlite3.connect(shop)) as source:
        source.text_factory = lambda text: text.decode("utf-8", "replace")
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        for (table,) in source.execute(listed).fetchall():
            cursor = source.execute(f"SELECT * FROM {quote(table)}")
            names = [column[0] for column in cursor.description]
            columns = [typed(list(column)) for column in zip(*cursor.fetchall(), strict=True)]
            kinds = [kind for kind, _ in columns] or ["text"] * len(names)
            keys = source.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,)).fetchall()
            key = f", PRIMARY KEY ({', '.join(quote(name) for (name,) in keys)})" if keys else ""
            listing = ", ".join(f"{quote(name)} {kind}" for name, kind in zip(names, kinds, strict=True))
            server.run(f"CREATE TABLE {quote(table)} ({listing}{key})", base=base)
            if columns:
                frame = pl.DataFrame([values.alias(f"c{n}") for n, (_, values) in enumerate(columns)])
                ingest(owner, table, frame, kinds)
    server.run("ANALYZE", base=base)
    return server.uri(base)
