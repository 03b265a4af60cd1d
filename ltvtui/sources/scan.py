"""Reads a relation: in ranges of row ids on two threads through Arrow, or as one stream.

Frames come out in row order, and all rows are of one committed state. Each range is first asked for column by
column, as its values lie there; where that turns out to hold mixed types, once more cell by cell. What
`Database.arrow` cannot do, and what could take it long, since nothing interrupts it, is done through
`Database.batches`, which also gives the error its name.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import pairwise
from threading import Event
from typing import Final

import polars as pl

from ltvtui.errors import Cancelled, LtvError, thousands
from ltvtui.sources.base import Database, Progress, Stop, TooSlow
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.relation import Relation

CHUNK: Final = 100_000
"""Rows of a range at most; small enough that progress moves and a cancel is heard."""
BATCH: Final = 50_000
"""Rows that are fetched at once through `Database.batches`."""
BATCH_SECONDS: Final = 60.0
"""Longest time that is waited for them."""
LEAST_LIMIT: Final = 5_000_000
"""Rows that every view may have, whatever the tables hold."""
ROWS_EACH: Final = 20
"""Rows of a view for each row of the tables, from which on it is taken for one without an end."""
THREADS: Final = 2
"""Threads that read ranges, where the database lets so many."""
MOST_MIXED: Final = 8
"""Ranges of mixed types after which no further one is tried column by column."""


@dataclass(frozen=True)
class Asked:
    """What is selected of every row, and how a chunk of it is understood."""

    columns: dict[str, str]
    """SQL by name."""
    numbers: frozenset[str]
    """Columns that are Int64; the others are Binary, the text of any value, empty where there is none. Of typed
    columns neither is certain."""
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

    `sure` understands anything; `typed`, if given, is used first on every range of rows. LtvError when
    the database fails, Cancelled when `cancelled` between two chunks.
    """
    stop = cancelled or (lambda: False)
    total = relation.rows or 0
    parts: list[pl.DataFrame] = []
    done = mixed = 0
    with relation.database.transaction():
        ranges = _ranges(relation) if relation.rowid is not None else []
        if ranges and relation.database.readers and relation.is_quick(sure.columns.values()):
            chunks = _parallel(relation, ranges, sure, typed, stop, threads)
        else:
            chunks = _sequentially(relation, list(ranges) if relation.rowid is not None else [None], sure, stop)
        with closing(chunks):  # before the state is given up, nobody reads it any more
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


def _select(relation: Relation, columns: dict[str, str]) -> str:
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    return f"SELECT {listed} FROM {relation.source}"  # noqa: S608 - quoted names and tried expressions only


def _sure_sql(relation: Relation, asked: Asked) -> str:
    as_text = relation.database.dialect.as_text
    return _select(
        relation, {name: sql if name in asked.numbers else as_text(sql) for name, sql in asked.columns.items()}
    )


def _within(relation: Relation, piece: tuple[int, int] | None) -> str:
    if piece is None:
        return ""
    return f" WHERE {relation.rowid} BETWEEN {piece[0]} AND {piece[1]} ORDER BY {relation.rowid}"


def first_rows(relation: Relation, asked: Asked, limit: int) -> pl.DataFrame:
    """The first rows as `scan` understands them. LtvError when the database fails, or does not come to give them."""
    database = relation.database
    try:
        with database.transaction():
            rows = next(database.batches(f"{_sure_sql(relation, asked)} LIMIT {limit}", limit, BATCH_SECONDS), [])
    except TooSlow as error:
        raise endless(relation, f"gave fewer than {limit} rows in {BATCH_SECONDS:g} s") from error
    return _understood(asked, _frame(rows, _schema(asked)))


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
) -> Generator[Scanned]:
    halt = Event()
    trust = _Trust()
    database, schema = relation.database, _schema(sure)

    def work(first: int, last: int) -> Scanned | None:
        if halt.is_set():
            return None
        mixed = False
        piece = _within(relation, (first, last))
        if typed is not None and trust.typed:
            raw = database.arrow(_select(relation, typed.columns) + piece)
            frame = None if raw is None else typed.understand(raw)
            if frame is not None:
                return Scanned(frame, 0)
            trust.count_mixed()
            mixed = True
        raw = database.arrow(_sure_sql(relation, sure) + piece) if trust.arrow else None
        if raw is not None and raw.is_empty():
            raw = pl.DataFrame(schema=schema)
        if raw is None or raw.schema != pl.Schema(schema):
            trust.arrow = False
            (scanned,) = _sequentially(relation, [(first, last)], sure, halt.is_set)
            return Scanned(scanned.frame, scanned.frame.height if mixed else 0)
        frame = _understood(sure, raw)
        return Scanned(frame, frame.height if mixed else 0)

    pool = ThreadPoolExecutor(min(threads, database.readers, max(1, len(ranges))), thread_name_prefix="ltvtui-read")
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


class _Trust:
    """Whether chunks of one type are still worth a try: asking twice costs more than asking well once."""

    def __init__(self) -> None:
        self._mixed = 0
        self.arrow = True
        """Whether `Database.arrow` gives what it is asked for."""

    def count_mixed(self) -> None:
        self._mixed += 1

    @property
    def typed(self) -> bool:
        return self._mixed < MOST_MIXED


def _sequentially(
    relation: Relation, ranges: list[tuple[int, int] | None], sure: Asked, stop: Stop
) -> Generator[Scanned]:
    """Range by range, None being all of it, through `Database.batches`: slower, and it can be interrupted."""
    database, schema = relation.database, _schema(sure)
    limit = _most_rows(database) if relation.rowid is None else None
    read = 0
    for piece in ranges:
        parts = [pl.DataFrame(schema=schema)]
        try:
            for rows in database.batches(_sure_sql(relation, sure) + _within(relation, piece), BATCH, BATCH_SECONDS):
                read += len(rows)
                if limit is not None and read > limit:
                    raise endless(relation, f"gives more than {thousands(limit)} rows")
                parts.append(_frame(rows, schema))
                if stop():
                    raise Cancelled
                if piece is None:
                    yield Scanned(_understood(sure, parts.pop()), 0)
        except TooSlow as error:
            raise endless(relation, f"gave fewer than {thousands(BATCH)} rows in {BATCH_SECONDS:g} s") from error
        if piece is not None:
            yield Scanned(_understood(sure, pl.concat(parts)), 0)


def endless(relation: Relation, why: str) -> LtvError:
    """The error that says that a relation does not come to its end."""
    return LtvError(
        f"{relation.title} in {relation.database.name} {why}: it may be endless.",
        "Store its rows in a table: CREATE TABLE … AS SELECT …",
    )


def _most_rows(database: Database) -> int:
    """Rows that a view or a SELECT is believed to have, given what the tables hold that it can be made of."""
    return max(LEAST_LIMIT, ROWS_EACH * sum(table.rows or 0 for table in tables_of(database)))


def _frame(rows: Sequence[tuple[object, ...]] | pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    if isinstance(rows, pl.DataFrame):
        return rows.cast(schema)  # type: ignore[arg-type]
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pl.DataFrame(
        [pl.Series(name, list(cells), dtype) for (name, dtype), cells in zip(schema.items(), columns, strict=True)]
    )
