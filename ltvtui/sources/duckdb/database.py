"""Opens a database file of DuckDB and answers SELECTs of it.

Who reads such a file keeps everybody from writing to it, so that there is one state as long as it is open. Only a
file that was put in its place can be another one: that is looked for before and after.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, TypeVar

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import StateVersion, Stop, TooSlow, Torn
from ltvtui.sources.duckdb.catalog import DuckdbCatalog
from ltvtui.sources.duckdb.dialect import DuckdbDialect
from ltvtui.sources.duckdb.engine import connect, explain
from ltvtui.sources.duckdb.kinds import as_cells, kind_of
from ltvtui.sources.duckdb.parquet import ParquetTables
from ltvtui.sources.duckdb.version import version_of
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.kinds import CellKind
from ltvtui.sources.sql import Row, Value
from ltvtui.storage import scratch

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

T = TypeVar("T")
READERS: Final = 2
"""Threads that may ask `arrow` at once."""
QUERY_SECONDS: Final = 120.0
"""Longest time that a query is waited for where no other is given."""
NO_LIMIT: Final = float("inf")
"""Seconds of a query that may take as long as it does."""
_PAUSE: Final = 0.02
"""Seconds between two looks at whether a query is still wanted."""


class DuckdbDatabase:
    """One database, opened for reading. Close it, or use it in a `with`."""

    def __init__(self, path: Path, stopped: Stop = lambda: False, parquet: ParquetTables | None = None) -> None:
        """The database file at `path`, or views over the `parquet` files that it stands for.

        LtvError where it cannot be opened, or another program has it open.
        """
        self.path = path
        self.name = path.name
        """What it is called in a message."""
        self.notices: list[str] = []
        """What the user should know about what is read of it."""
        self.stopped = stopped
        """Asked again and again while a query runs: True ends it with Cancelled."""
        self.is_headed_file = False
        """It is made of no file with titles."""
        self.readers = READERS
        """Threads that may ask `arrow` at once."""
        self.state = 0
        """There is one."""
        self._version_now = partial(version_of, path) if parquet is None else parquet.version
        self._version = self._version_now()
        self._spill = scratch.folder()
        spill = self._spill.path / "spill"
        try:
            self._connection = connect(path, spill) if parquet is None else parquet.connect(spill)
        except BaseException:
            self._spill.close()
            raise
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="ltvtui-duckdb")
        self._alone = threading.RLock()
        self.catalog = DuckdbCatalog(self)
        """What it holds."""
        self.dialect = DuckdbDialect(self.catalog.texts())
        """How SQL is written for it."""
        self.notices.extend(self.catalog.elsewhere())
        self.is_never_read = parquet is not None
        """It stands for files that are copied into another database where they are to be read."""
        if parquet is not None:
            self.notices.extend(parquet.notices)

    def close(self) -> None:
        """Give back the connection; a second call does nothing."""
        self._worker.shutdown()
        self._connection.close()
        self._spill.close()

    def __enter__(self) -> DuckdbDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nobody writes while it is open. Torn where another file lies there when it ends."""
        yield
        self.check()

    def check(self) -> None:
        """Torn where another file lies there than the one that is read."""
        if self._version_now() != self._version:
            raise Torn(f"{self.name} was replaced while it was being read.", "Try again when it is complete.")

    @property
    def version(self) -> StateVersion:
        """The state that is read."""
        return self._version

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Who wants to write waits until the database is closed."""
        yield

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        """All rows of one SELECT, with days and times as text. TooSlow when `seconds` pass before it ends.

        LtvError when it fails, or takes longer than QUERY_SECONDS where none are given.
        """

        def rows(cursor: DuckDBPyConnection) -> list[Row]:
            return cursor.execute(self._cells(cursor, sql, values), list(values)).fetchall()

        with self._asking() as cursor:
            return self._interruptible(cursor, lambda: rows(cursor), seconds)

    def names(self, sql: str) -> tuple[str, ...]:
        """Names of the columns that one SELECT gives; bound, not run. LtvError when it is wrong."""
        with self._asking() as cursor:
            return self._interruptible(cursor, lambda: tuple(map(str, cursor.sql(sql).columns)), None)

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[list[Row]]:
        """Rows of one SELECT, so many at a time, texts as UTF-8 bytes. LtvError when it fails; TooSlow when `seconds`
        pass before a batch is full."""
        with self._asking() as cursor:
            self._interruptible(cursor, lambda: cursor.execute(self._cells(cursor, sql, ())), seconds)
            while rows := self._interruptible(cursor, lambda: cursor.fetchmany(size), seconds):
                yield [tuple(c.encode() if isinstance(c, str) else c for c in row) for row in rows]

    def arrow(self, sql: str) -> pl.DataFrame | None:
        """All rows of one SELECT as a frame; None where it fails. It cannot be interrupted."""
        import duckdb
        import polars as pl

        with self._connection.cursor() as cursor:
            try:
                relation = cursor.sql(sql)
                names, kinds = [str(name) for name in relation.columns], [str(kind) for kind in relation.types]
                frame = pl.DataFrame(cursor.sql(as_cells(sql, kinds)))
            except (duckdb.Error, pl.exceptions.PolarsError):
                return None
        return frame.rename(dict(zip(frame.columns, names, strict=True)))

    @property
    def engine(self) -> SqlDialect:
        """SQL of the reduction of a shop."""
        return SqlDialect()

    def kinds_of(self, sql: str) -> dict[str, CellKind]:
        """The columns that a SELECT gives, and what they hold; bound, not run. LtvError when it is wrong."""

        def bound(cursor: DuckDBPyConnection) -> dict[str, CellKind]:
            relation = cursor.sql(sql)
            return {
                str(name): kind_of(str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)
            }

        with self._asking() as cursor:
            return self._interruptible(cursor, lambda: bound(cursor), None)

    def frame(self, sql: str) -> pl.DataFrame:
        """All rows of one SELECT with the engine's own types, however long it takes. LtvError when it fails."""
        import polars as pl

        with self._asking() as cursor:
            return self._interruptible(cursor, lambda: pl.DataFrame(cursor.sql(sql)), NO_LIMIT)

    @staticmethod
    def _cells(cursor: DuckDBPyConnection, sql: str, values: Sequence[Value]) -> str:
        relation = cursor.sql(sql, params=list(values)) if values else cursor.sql(sql)
        return as_cells(sql, [str(kind) for kind in relation.types])

    @contextmanager
    def _asking(self) -> Iterator[DuckDBPyConnection]:
        """A cursor of its own, whose errors are explained."""
        import duckdb

        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except duckdb.Error as error:
            raise explain(error, self.path) from error

    def _interruptible(self, cursor: DuckDBPyConnection, work: Callable[[], T], seconds: float | None) -> T:
        """What `work` gives, done in a thread of its own, so that a cancel is heard and time is kept."""
        end = time.monotonic() + (QUERY_SECONDS if seconds is None else seconds)
        with self._alone:
            future = self._worker.submit(work)
            while True:
                try:
                    return future.result(_PAUSE)
                except TimeoutError:
                    reason: Exception | None = None
                    if self.stopped():
                        reason = Cancelled()
                    elif time.monotonic() > end:
                        reason = TooSlow() if seconds is not None else self._unending()
                    if reason is None:
                        continue
                    cursor.interrupt()
                    future.exception()  # it ends by that, or has ended meanwhile
                    raise reason from None

    def _unending(self) -> LtvError:
        return LtvError(
            f"{self.name} cannot answer a query: it took longer than {QUERY_SECONDS:g} s.",
            "Store the rows in a table: CREATE TABLE … AS SELECT …",
        )
