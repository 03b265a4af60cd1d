"""A source of frames in memory, with an engine and a dialect of its own: what the contract asks, and no more.

The engine is an SQLite in memory that is filled with the frames of one state; every piece of SQL that engines write
differently is a function that it alone knows, so that SQL of another dialect fails here.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Database, R, Seen, Stop, TooSlow
from ltvtui.sources.catalog import SAMPLE_ROWS
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.locator import Locator
from ltvtui.sources.registry import OpenOptions, SourceKind, register
from ltvtui.sources.sql import Row, Value, quote
from ltvtui.sources.values.decoding import NO_NUMBER
from ltvtui.sources.values.money import MONEY_LIMIT, number_in_sql

SCHEME = "toy"


@dataclass(frozen=True)
class State:
    """What was committed."""

    number: int = 0
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)


@dataclass
class Store:
    """Committed states of one shop; whoever reads one is not disturbed by the next."""

    state: State = field(default_factory=State)
    keys: frozenset[tuple[str, str]] = frozenset()
    """Tables and columns that hold no value twice."""

    def put(self, name: str, rows: pl.DataFrame) -> None:
        self.state = State(self.state.number + 1, {**self.state.tables, name: rows})


STORES: dict[str, Store] = {}
"""By the last part of the URI: toy://user:password@memory/NAME."""


class ToyDialect:
    def as_bytes(self, sql: str) -> str:
        return f"toy_bytes({sql})"

    def as_text(self, sql: str) -> str:
        return f"toy_text({sql})"

    def as_string(self, sql: str) -> str:
        return f"CAST({sql} AS TEXT)"

    def combined(self, cells: Sequence[str], separator: str) -> str:
        return f"toy_combined('{separator}', {', '.join(cells)})"

    def is_text(self, sql: str) -> str:
        return f"toy_is_text({sql})"

    def text_only(self, sql: str) -> str:
        return f"toy_text_only({sql})"

    def money(self, sql: str) -> str:
        return f"toy_money({sql})"

    def plain_number(self, sql: str) -> str:
        return f"toy_plain({sql})"

    def parsed(self, sql: str, decimal_comma: bool | None) -> str:
        return f"toy_parsed({sql}, {'NULL' if decimal_comma is None else int(decimal_comma)})"

    def guarded(self, sql: str) -> str:
        return f"toy_guarded({sql})"

    def sampled(self, sql: str) -> str:
        return f"toy_sampled({sql})"

    def one_of_each(self, source: str, key: str) -> str:
        return (
            f"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY {key}) AS toy_n FROM {source}) WHERE toy_n = 1"
        )

    def last_of_each(self, columns: str, source: str, key: str, by: str) -> str:
        nth = f"row_number() OVER (PARTITION BY {key} ORDER BY {by} DESC) AS toy_n"
        return f"SELECT * FROM (SELECT {columns}, {nth} FROM {source}) WHERE toy_n = 1"

    def join_lookup(self, each: str, other: str, condition: str) -> str:
        return f"{each} CROSS JOIN {other} ON {condition}"


def _bytes(value: Value) -> bytes | None:
    return value if value is None or isinstance(value, bytes) else str(value).encode()


def _money(value: Value) -> int:
    if not isinstance(value, int | float) or abs(value) > MONEY_LIMIT:
        return NO_NUMBER
    return int(value * 10_000 + (0.5 if value > 0 else -0.5)) if isinstance(value, float) else value * 10_000


FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "toy_bytes": (1, _bytes),
    "toy_text": (1, lambda value: _bytes(value) or b""),
    "toy_combined": (-1, lambda by, *values: by.encode().join(_bytes(v) or b"" for v in values)),
    "toy_is_text": (1, lambda value: isinstance(value, str)),
    "toy_text_only": (1, lambda value: value if isinstance(value, str) else None),
    "toy_money": (1, _money),
    "toy_plain": (1, lambda value: f"{value}e0" if isinstance(value, int | float) else value),
    "toy_parsed": (2, lambda value, comma: number_in_sql(value, comma) if isinstance(value, str) else value),
    "toy_guarded": (1, lambda value: value),
    "toy_sampled": (1, lambda value: value[:200] if isinstance(value, str) else value),
}


class ToyCatalog:
    def __init__(self, database: ToyDatabase) -> None:
        self._database = database

    def tables(self) -> tuple[CatalogTable, ...]:
        state, keys = self._database.read, self._database.store.keys
        return tuple(
            CatalogTable(name, tuple(_column(name, column, keys) for column in rows.get_columns()), rows=rows.height)
            for name, rows in sorted(state.tables.items(), key=lambda named: named[0].lower())
        )

    def view_sql(self, name: str) -> str:
        return ""

    def table_id(self, name: str) -> int | None:
        return None


def _column(table: str, values: pl.Series, keys: frozenset[tuple[str, str]]) -> CatalogColumn:
    step = max(1, values.len() // SAMPLE_ROWS)
    sample = tuple(values.gather_every(step).head(SAMPLE_ROWS).to_list())
    return CatalogColumn(values.name, "", unique=(table, values.name) in keys, sample=sample)


class ToyDatabase:
    def __init__(self, name: str, store: Store, stopped: Stop) -> None:
        self.name, self.store, self.stopped = name, store, stopped
        self.notices: list[str] = []
        self.is_headed_file = False
        self.dialect = ToyDialect()
        self.catalog = ToyCatalog(self)
        self.readers = 0
        self.read = State(-1)
        """The state that is read."""
        self._inside = False
        self._lock = threading.RLock()
        self._engine: sqlite3.Connection | None = None
        self._go_to_newest()

    @property
    def state(self) -> int:
        return self.read.number

    def _go_to_newest(self) -> sqlite3.Connection:
        if self._engine is not None and self.read is self.store.state:
            return self._engine
        self.close()
        self.read = self.store.state
        self._engine = engine = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        for function, (arguments, act) in FUNCTIONS.items():
            engine.create_function(function, arguments, act, deterministic=True)
        for name, rows in self.read.tables.items():
            engine.execute(f"CREATE TABLE {quote(name)} ({', '.join(map(quote, rows.columns))})")
            engine.executemany(f"INSERT INTO {quote(name)} VALUES ({', '.join('?' * rows.width)})", rows.iter_rows())
        engine.execute("PRAGMA query_only = ON")
        return engine

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._inside:
            yield
            return
        self._go_to_newest()
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

    def check(self) -> None:
        """A state that is read stays as it is."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        self._inside = False
        yield
        self._go_to_newest()
        self._inside = True

    @contextmanager
    def _asked(self, seconds: float | None) -> Iterator[sqlite3.Connection]:
        with self._lock:
            engine = self._engine if self._inside else self._go_to_newest()
            if engine is None:
                raise LtvError(f"{self.name} was closed while it was being read.", "Open it again.")
            end = time.monotonic() + (60 if seconds is None else seconds)
            engine.set_progress_handler(lambda: self.stopped() or time.monotonic() > end, 50)
            try:
                yield engine
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                    raise Cancelled if self.stopped() else TooSlow from error
                raise LtvError(f"{self.name} cannot answer a query: {error}.", "Check the mapping.", 2) from error
            finally:
                engine.set_progress_handler(None, 0)

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        with self._asked(seconds) as engine:
            return engine.execute(sql, tuple(values)).fetchall()

    def names(self, sql: str) -> tuple[str, ...]:
        with self._asked(None) as engine:
            return tuple(column[0] for column in engine.execute(sql).description or ())

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[pl.DataFrame]:
        """As frames."""
        with self._asked(seconds) as engine:
            cursor = engine.execute(sql)
            names = [column[0] for column in cursor.description]
        while True:
            with self._asked(seconds):
                rows = cursor.fetchmany(size)
            if not rows:
                return
            yield pl.DataFrame(rows, names, orient="row", infer_schema_length=None)

    def arrow(self, sql: str) -> None:
        raise AssertionError("it has no readers")

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def __enter__(self) -> ToyDatabase:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@dataclass(frozen=True)
class ToyVersion:
    number: int
    is_quiet: bool = True

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number}


class ToyWatch:
    is_copy = False

    def __init__(self, source: ToySource) -> None:
        self._source = source
        self._seen = -1
        self._database: ToyDatabase | None = None

    @property
    def database(self) -> ToyDatabase:
        assert self._database is not None
        return self._database

    def poll(self) -> Seen:
        self._database = self._database or self._source.open()
        now = self._database.store.state.number
        if now == self._seen:
            return Seen.NOTHING
        self._seen = now
        return Seen.COMMIT

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        with self.database.transaction():
            self._seen = self.database.state
            yield self.database

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


class ToySource:
    path = None
    fresh = False
    opening_notices: frozenset[str] = frozenset()

    def __init__(self, name: str, store: Store) -> None:
        self.name, self._store = name, store

    def open(self, stopped: Stop | None = None) -> ToyDatabase:
        return ToyDatabase(self.name, self._store, stopped or (lambda: False))

    def in_one_state(self, work: Callable[[Database], R], stopped: Stop | None = None) -> R:
        with self.open(stopped) as database, database.transaction():
            return work(database)

    def version(self) -> ToyVersion:
        return ToyVersion(self._store.state.number)

    def is_current(self, version: object) -> bool:
        return version == self.version()

    def changes(self) -> None:
        return None

    def watch(self) -> ToyWatch:
        return ToyWatch(self)


@contextmanager
def _opened(locator: Locator, options: OpenOptions) -> Iterator[ToySource]:
    store = STORES.get(locator.uri.rpartition("/")[2])
    if store is None:
        raise LtvError(f"There is no shop {locator.name}.", "Check its name.", 2)
    yield ToySource(locator.name, store)


register(SCHEME, SourceKind(_opened, lambda locator: True))
