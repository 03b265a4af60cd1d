"""Reads a relation: in ranges of row ids on two threads through Arrow, or as one stream.

Frames come out in row order with the columns asked for, Binary or Int64. Whatever the Arrow driver cannot do
is done once more through sqlite3, which also gives the error its name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import pairwise
from threading import Event, Lock
from typing import Final

import polars as pl

from ltvtui.sources.relation import Relation
from ltvtui.sources.sqlite import Database, explain

CHUNK: Final = 100_000
"""Rows of a range at most; small enough that progress moves and a cancel is heard."""
STREAM_CHUNK: Final = 50_000
THREADS: Final = 2

Progress = Callable[[int, int], None]
"""Called with rows read and rows in all (0: not known), always in the caller's own thread."""


class Cancelled(Exception):
    """The caller asked to stop reading."""


def scan(
    relation: Relation,
    columns: dict[str, str],
    numbers: frozenset[str],
    understand: Callable[[pl.DataFrame], pl.DataFrame],
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> pl.DataFrame:
    """`understand`ed rows of a relation in row order; `columns` are SQL by name, `numbers` the Int64 ones.

    LtvError when the database fails, Cancelled when `cancelled` said so between two chunks.
    """
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    sql = f"SELECT {listed} FROM {relation.source}"  # noqa: S608 - quoted names and tried expressions only
    schema: dict[str, pl.DataType] = {n: pl.Int64() if n in numbers else pl.Binary() for n in columns}
    stop = cancelled or (lambda: False)
    total = relation.rows or 0
    if relation.rowid is None:
        frames = _stream(relation.database, sql, schema, understand, stop)
    else:
        ranges = _ranges(relation, sql)
        frames = _parallel(relation.database, ranges, schema, understand, stop)
    parts: list[pl.DataFrame] = []
    done = 0
    for rows, frame in frames:
        parts.append(frame)
        done += rows
        if progress is not None:
            progress(done, max(total, done) if total else 0)
    if not parts:
        parts.append(understand(pl.DataFrame(schema=schema)))
    return pl.concat(parts, rechunk=False)


def _ranges(relation: Relation, sql: str) -> list[str]:
    low, high = relation.span
    span = high - low + 1
    if span <= 0:
        return []
    rows = min(relation.rows or span, span) or 1
    chunk = max(1, min(CHUNK, -(-rows // (THREADS * 4)) if rows > 20_000 else rows))
    pieces = -(-rows // chunk)
    edges = [low + span * piece // pieces for piece in range(pieces)] + [high + 1]
    return [
        f"{sql} WHERE {relation.rowid} BETWEEN {a} AND {b - 1} ORDER BY {relation.rowid}" for a, b in pairwise(edges)
    ]


def _parallel(
    database: Database,
    ranges: Sequence[str],
    schema: dict[str, pl.DataType],
    understand: Callable[[pl.DataFrame], pl.DataFrame],
    stop: Callable[[], bool],
) -> Iterator[tuple[int, pl.DataFrame]]:
    halt = Event()
    readers = _Readers(database, schema)

    def work(sql: str) -> tuple[int, pl.DataFrame] | None:
        if halt.is_set():
            return None
        frame = readers.read(sql)
        return frame.height, understand(frame)

    pool = ThreadPoolExecutor(min(THREADS, max(1, len(ranges))), thread_name_prefix="ltvtui-read")
    try:
        waiting: list[Future[tuple[int, pl.DataFrame] | None]] = [pool.submit(work, sql) for sql in ranges]
        for future in waiting:
            while True:
                if stop():
                    raise Cancelled
                with suppress(TimeoutError):
                    answer = future.result(timeout=0.1)
                    break
            if answer is not None:
                yield answer
    finally:
        halt.set()
        pool.shutdown(wait=True, cancel_futures=True)
        readers.close()


class _Readers:
    """Arrow connections, lent to one thread at a time."""

    def __init__(self, database: Database, schema: dict[str, pl.DataType]) -> None:
        self._database = database
        self._schema = schema
        self._lock = Lock()
        self._idle: list[_Arrow] = []
        self._broken = False

    def read(self, sql: str) -> pl.DataFrame:
        import adbc_driver_manager

        if not self._broken:
            with self._lock:
                arrow = self._idle.pop() if self._idle else None
            try:
                arrow = arrow or _Arrow(self._database)
                frame = arrow.read(sql)
                if frame.schema == pl.Schema(self._schema):
                    return frame
                if frame.is_empty():
                    return pl.DataFrame(schema=self._schema)
            except (adbc_driver_manager.Error, pl.exceptions.PolarsError, OSError):
                self._broken = True
            finally:
                if arrow is not None:
                    with self._lock:
                        self._idle.append(arrow)
        with closing(self._database.connect()) as connection:
            try:
                return _frame(connection.execute(sql).fetchall(), self._schema)
            except sqlite3.Error as error:
                raise explain(error, self._database.path, self._database.timeout) from error

    def close(self) -> None:
        for arrow in self._idle:
            arrow.close()


class _Arrow:
    """One connection of the Arrow driver."""

    def __init__(self, database: Database) -> None:
        from adbc_driver_sqlite import dbapi

        self._connection = dbapi.connect(database.uri, autocommit=True)
        self._cursor = self._connection.cursor()
        self._cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(CHUNK)})
        self._cursor.execute(f"PRAGMA busy_timeout = {int(database.timeout * 1000)}")

    def read(self, sql: str) -> pl.DataFrame:
        self._cursor.execute(sql)
        return pl.DataFrame(self._cursor.fetch_arrow())

    def close(self) -> None:
        self._cursor.close()
        self._connection.close()


def _stream(
    database: Database,
    sql: str,
    schema: dict[str, pl.DataType],
    understand: Callable[[pl.DataFrame], pl.DataFrame],
    stop: Callable[[], bool],
) -> Iterator[tuple[int, pl.DataFrame]]:
    with closing(database.connect()) as connection:
        connection.set_progress_handler(stop, 1_000_000)
        try:
            cursor = connection.execute(sql)
            while rows := cursor.fetchmany(STREAM_CHUNK):
                yield len(rows), understand(_frame(rows, schema))
                if stop():
                    raise Cancelled
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                raise Cancelled from error
            raise explain(error, database.path, database.timeout) from error


def _frame(rows: list[tuple[object, ...]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pl.DataFrame(
        [pl.Series(name, list(cells), dtype) for (name, dtype), cells in zip(schema.items(), columns, strict=True)]
    )
