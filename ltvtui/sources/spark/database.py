"""A cluster of Spark that answers SELECTs through Spark Connect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ltvtui.errors import LtvError
from ltvtui.sources.base import Stop, TooSlow
from ltvtui.sources.reduction.chain import ChainedSelect
from ltvtui.sources.reduction.kinds import CellKind
from ltvtui.sources.spark.catalog import SparkCatalog
from ltvtui.sources.spark.dialect import SparkDialect
from ltvtui.sources.spark.engine_sql import SparkSql
from ltvtui.sources.spark.kinds import kind_of
from ltvtui.sources.spark.session import ClusterSession
from ltvtui.sources.spark.stored_steps import StoredSteps
from ltvtui.sources.spark_address import SparkAddress
from ltvtui.sources.sql import Row, Value

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
QUERY_SECONDS: Final = 300.0
"""Longest time that a query is waited for where no other is given."""
LEAST_SECONDS: Final = 20.0
"""A cluster takes seconds to begin: nobody who asks it waits for less."""


class SparkDatabase:
    """What a user may read there. Close it, or use it in a `with`."""

    is_headed_file = False
    readers = 0
    is_never_read = True
    """It is reduced where it lies, whatever its size."""

    def __init__(self, address: SparkAddress, stopped: Stop = lambda: False) -> None:
        """LtvError where it cannot be opened; Cancelled when `stopped`."""
        self.name = address.name
        """The address without its secrets."""
        self.notices: list[str] = []
        """What the user should know about what is read of it."""
        self.stopped = stopped
        """Asked again and again while a query runs: True ends it with Cancelled."""
        self._session = ClusterSession(address, stopped)
        self._stored = StoredSteps(
            lambda sql, name: self._session.store(sql, name, self.stopped),
            lambda name: self._session.forget(name, self.stopped),
        )
        self.is_shared = False
        """Whether its session goes on when it is closed, for who opens it again."""
        self.catalog = SparkCatalog(self)
        """What it holds."""
        self.dialect = SparkDialect()
        """How SQL is written for it."""

    def examine(self) -> None:
        """Look for what is there. LtvError where that cannot be told."""
        self.notices.extend(self.catalog.examine())
        self.dialect = SparkDialect(self.catalog.texts())

    @property
    def state(self) -> int:
        """Another one for each session: what one has stored stays as it is."""
        return self._session.number

    @property
    def has_stored(self) -> bool:
        """Whether the executors hold rows for it."""
        return len(self._stored) > 0

    def is_alive(self) -> bool:
        """Whether its session goes on."""
        return self._session.is_alive()

    def close(self) -> None:
        """Give back the session where it is not shared; a second call does nothing."""
        if not self.is_shared:
            self.end()

    def end(self) -> None:
        """Give back the session, shared or not; a second call does nothing."""
        self._session.close()

    def __enter__(self) -> SparkDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Spark has none: each query is of the state that its tables have then."""
        yield

    def check(self) -> None:
        """Of a change nothing is told."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nobody waits for us."""
        yield

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        """All rows of one SELECT, with days and times as text. TooSlow when `seconds` pass before it ends."""
        found = tuple(values)
        if seconds is not None:
            return self._session.cells(sql, found, self.stopped, max(seconds, LEAST_SECONDS)).rows()
        try:
            return self._session.cells(sql, found, self.stopped, QUERY_SECONDS).rows()
        except TooSlow:
            raise LtvError(
                f"{self.name} cannot answer a query: it took longer than {QUERY_SECONDS:g} s.",
                "Store the rows in a table: CREATE TABLE … AS SELECT …",
            ) from None

    def names(self, sql: str) -> tuple[str, ...]:
        """Names of the columns that one SELECT gives; not run. LtvError when it is wrong."""
        return tuple(self.types(sql))

    def types(self, sql: str) -> dict[str, str]:
        """The same with their types."""
        return self._session.types(sql, self.stopped)

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[list[Row] | pl.DataFrame]:
        """Rows of one SELECT, so many at a time; LtvError when it fails. They are fetched as a whole, which takes as
        long as it does."""
        yield from self._session.cells(sql, (), self.stopped, None).iter_slices(size)

    def arrow(self, sql: str) -> pl.DataFrame | None:
        """None: it is not to be asked."""
        return None

    @property
    def engine(self) -> SparkSql:
        """SQL of the reduction of a shop."""
        return SparkSql()

    def kinds_of(self, sql: str) -> dict[str, CellKind]:
        """The columns that a SELECT gives, and what they hold; not run. LtvError when it is wrong."""
        return {name: kind_of(kind) for name, kind in self.types(sql).items()}

    def frame(self, sql: str) -> pl.DataFrame:
        """All rows of one SELECT with the engine's own types, however long it takes. LtvError when it fails."""
        asked = self._stored.with_stored(sql) if isinstance(sql, ChainedSelect) else sql
        return self._session.fetch(asked, (), self.stopped, None)

    def ask(self, work: Callable[[Any], T]) -> T:
        """What `work` gives of the driver's session, within the time of a query."""
        return self._session.ask(work, self.stopped, QUERY_SECONDS)
