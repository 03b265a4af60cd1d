"""Reads a relation: in ranges of row ids on two threads through Arrow, or as one stream.

Frames come out in row order. Each range is first asked for column by column, as its values lie there; where
that turns out to hold mixed types, once more cell by cell. Whatever the Arrow driver cannot do is done through
sqlite3, which also gives the error its name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
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
MOST_MIXED: Final = 8
"""Ranges of mixed types after which no further one is tried column by column."""

Progress = Callable[[int, int], None]
"""Called with rows read and rows in all (0: not known), always in the caller's own thread."""


class Cancelled(Exception):
    """The caller asked to stop reading."""


@dataclass(frozen=True)
class Asked:
    """What is selected of every row, and how a chunk of it is understood."""

    columns: dict[str, str]
    """SQL by name."""
    numbers: frozenset[str]
    """Columns that are Int64; the others are Binary. Of typed columns neither is certain."""
    understand: Callable[[pl.DataFrame], pl.DataFrame | None]
    """Rows of the result; None where a typed chunk holds mixed types."""


@dataclass(frozen=True, eq=False)
class Scanned:
    """All rows of a relation."""

    frame: pl.DataFrame
    mixed: int
    """Rows that were asked for twice, since they stand among values of mixed types."""
    pieces: tuple[tuple[int, int], ...] = ()
    """Last row id and number of rows of each range that was read on its own, rising; none for a stream."""


def scan(
    relation: Relation,
    sure: Asked,
    typed: Asked | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = THREADS,
) -> Scanned:
    """Understood rows of a relation in row order, read by at most so many `threads`.

    `sure` understands anything; `typed`, if given, is tried before it on every range of rows. LtvError when
    the database fails, Cancelled when `cancelled` said so between two chunks.
    """
    stop = cancelled or (lambda: False)
    total = relation.rows or 0
    ranges: list[tuple[int, int]] = []
    if relation.rowid is None:
        chunks = _stream(relation, sure, stop)
    else:
        ranges = _ranges(relation)
        chunks = _parallel(relation, ranges, sure, typed, stop, threads)
    parts: list[pl.DataFrame] = []
    done = mixed = 0
    for chunk in chunks:
        parts.append(chunk.frame)
        done += chunk.frame.height
        mixed += chunk.mixed
        if progress is not None:
            progress(done, max(total, done) if total else 0)
    pieces = tuple((last, part.height) for (_, last), part in zip(ranges, parts, strict=False))
    if not parts:
        parts.append(_understood(sure, pl.DataFrame(schema=_schema(sure))))
    return Scanned(joined(parts), mixed, pieces)


def joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The parts as one; what is a number in some and a text in others is a text."""
    kinds = {name: {part.schema[name] for part in parts} for name in parts[0].columns}
    wider = [
        pl.col(name).cast(pl.String if pl.String in kind else pl.Int64)
        for name, kind in kinds.items()
        if len(kind) > 1
    ]
    return pl.concat([part.with_columns(wider) for part in parts] if wider else parts, rechunk=False)


def _schema(asked: Asked) -> dict[str, pl.DataType]:
    return {name: pl.Int64() if name in asked.numbers else pl.Binary() for name in asked.columns}


def _select(relation: Relation, asked: Asked) -> str:
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in asked.columns.items())
    return f"SELECT {listed} FROM {relation.source}"  # noqa: S608 - quoted names and tried expressions only


def _understood(asked: Asked, raw: pl.DataFrame) -> pl.DataFrame:
    frame = asked.understand(raw)
    assert frame is not None, "cells that are asked for one by one are of a known type"
    return frame


def _ranges(relation: Relation) -> list[tuple[int, int]]:
    """First and last row id of the pieces in which a relation is read."""
    low, high = relation.span
    span = high - low + 1
    if span <= 0:
        return []
    rows = min(relation.rows or span, span) or 1
    chunk = max(1, min(CHUNK, -(-rows // (THREADS * 4)) if rows > 20_000 else rows))
    pieces = -(-rows // chunk)
    edges = [low + span * piece // pieces for piece in range(pieces)] + [high + 1]
    return [(a, b - 1) for a, b in pairwise(edges)]


def _parallel(
    relation: Relation,
    ranges: list[tuple[int, int]],
    sure: Asked,
    typed: Asked | None,
    stop: Callable[[], bool],
    threads: int,
) -> Iterator[Scanned]:
    halt = Event()
    readers = _Readers(relation.database)
    trust = _Trust()

    def work(first: int, last: int) -> Scanned | None:
        if halt.is_set():
            return None
        mixed = False
        piece = f" WHERE {relation.rowid} BETWEEN {first} AND {last} ORDER BY {relation.rowid}"
        if typed is not None and trust.typed:
            raw = readers.typed(_select(relation, typed) + piece)
            frame = None if raw is None else typed.understand(raw)
            if frame is not None:
                return Scanned(frame, 0)
            trust.tell_mixed()
            mixed = True
        frame = _understood(sure, readers.sure(_select(relation, sure) + piece, _schema(sure)))
        return Scanned(frame, frame.height if mixed else 0)

    pool = ThreadPoolExecutor(min(threads, max(1, len(ranges))), thread_name_prefix="ltvtui-read")
    try:
        waiting: list[Future[Scanned | None]] = [pool.submit(work, *piece) for piece in ranges]
        waiting.reverse()
        while waiting:
            future = waiting.pop()  # taken off the list, so that no chunk outlives its use
            while True:
                if stop():
                    raise Cancelled
                with suppress(TimeoutError):
                    answer = future.result(timeout=0.05)
                    break
            if answer is not None:
                yield answer
    finally:
        halt.set()
        pool.shutdown(wait=True, cancel_futures=True)
        readers.close()


class _Trust:
    """Whether chunks of one type are still worth a try: asking twice costs more than asking well once."""

    def __init__(self) -> None:
        self._mixed = 0

    def tell_mixed(self) -> None:
        self._mixed += 1

    @property
    def typed(self) -> bool:
        return self._mixed < MOST_MIXED


class _Readers:
    """Arrow connections, lent to one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._idle: list[_Arrow] = []
        self._broken = False

    def typed(self, sql: str) -> pl.DataFrame | None:
        """Rows with the types that the driver saw; None where it fails."""
        return self._arrow(sql)

    def sure(self, sql: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
        """Rows of that schema. LtvError when the database fails."""
        frame = self._arrow(sql)
        if frame is not None and frame.schema == pl.Schema(schema):
            return frame
        if frame is not None and frame.is_empty():
            return pl.DataFrame(schema=schema)
        with closing(self._database.connect()) as connection:
            try:
                return _frame(connection.execute(sql).fetchall(), schema)
            except sqlite3.Error as error:
                raise explain(error, self._database.path, self._database.timeout) from error

    def _arrow(self, sql: str) -> pl.DataFrame | None:
        import adbc_driver_manager

        if self._broken:
            return None
        with self._lock:
            arrow = self._idle.pop() if self._idle else None
        try:
            arrow = arrow or _Arrow(self._database)
            return arrow.read(sql)
        except (adbc_driver_manager.Error, pl.exceptions.PolarsError, OSError):
            self._broken = True
            return None
        finally:
            if arrow is not None:
                with self._lock:
                    self._idle.append(arrow)

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


def _stream(relation: Relation, sure: Asked, stop: Callable[[], bool]) -> Iterator[Scanned]:
    database, schema = relation.database, _schema(sure)
    with closing(database.connect()) as connection:
        connection.set_progress_handler(stop, 1_000_000)
        try:
            cursor = connection.execute(_select(relation, sure))
            while rows := cursor.fetchmany(STREAM_CHUNK):
                yield Scanned(_understood(sure, _frame(rows, schema)), 0)
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
