"""Opens a database of PostgreSQL and answers SELECTs of it, all of one state.

An opening is one transaction, repeatable read and read only: it begins with the first statement and ends with the
opening. The right to SELECT is all that it takes; nothing is made on the server, no temporary table either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Stop, TooSlow
from ltvtui.sources.postgres.catalog import PostgresCatalog
from ltvtui.sources.postgres.dialect import TEXTS, PostgresDialect
from ltvtui.sources.postgres.engine_sql import PostgresSql
from ltvtui.sources.postgres.kinds import PostgresKind, as_cells, cell_kind_of, kind_of, without_text
from ltvtui.sources.postgres.schema_of import ColumnType
from ltvtui.sources.postgres.session import Session, refuse_without_driver
from ltvtui.sources.postgres.statements import as_sent
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.kinds import CellKind
from ltvtui.sources.server_address import ServerAddress
from ltvtui.sources.sql import Row, Value

if TYPE_CHECKING:
    import polars as pl

QUERY_SECONDS: Final = 120.0
"""Longest time that a query is waited for where no other is given."""
_TYPES: Final = (
    "SELECT t.oid::bigint, b.typname, b.typcategory::text FROM pg_type t JOIN pg_type b ON b.oid = coalesce("
    "nullif(t.typbasetype, 0), t.oid) WHERE t.typtype IN ('d', 'e') OR b.typcategory = 'S'"
)
_TRIMS_FROM: Final = 130_000
"""Number of the version that brought trim_scale."""
_CURSORS: Final = count(1)
_STATES: Final = count(1)
_SUMS: Final = ("SET LOCAL enable_nestloop = off", "SET LOCAL jit = off", "SET LOCAL work_mem = '64MB'")
"""For queries that sum up millions of rows."""


class PostgresDatabase:
    """One database, opened for reading. Close it, or use it in a `with`."""

    def __init__(self, address: ServerAddress, password: str | None = None, stopped: Stop = lambda: False) -> None:
        """LtvError where it cannot be opened, Cancelled when `stopped`."""
        refuse_without_driver(address)
        self.name = address.name
        """What it is called in a message."""
        self.stopped = stopped
        """Asked again and again while a query runs: True ends it with Cancelled."""
        self.is_headed_file = False
        """It is made of no file with titles."""
        self.readers = 0
        """One stream of rows at a time: `arrow` is not asked."""
        self.state = next(_STATES)
        """There is one an opening; of two it is not known whether they are the same."""
        self.notices: list[str] = []
        """What the user should know about what is read of it; `examine` fills them."""
        self._plans_sums = False
        self._session = Session(address, password, stopped)
        self.catalog = PostgresCatalog(self, self.ask)
        """What it holds."""

    @cached_property
    def dialect(self) -> PostgresDialect:
        """How SQL is written for it."""
        texts, numbers = set(TEXTS), {}
        for number, base, category in self.ask(_TYPES):
            if category in ("S", "E"):
                texts.add(int(str(number)))
            elif kind_of(str(base)) is not PostgresKind.OTHER:
                numbers[int(str(number))] = kind_of(str(base))
        version = int(str(self.ask("SELECT current_setting('server_version_num')")[0][0]))
        return PostgresDialect(
            self.catalog.kinds(), frozenset(texts), numbers, self._encoding, version >= _TRIMS_FROM
        )

    @cached_property
    def _encoding(self) -> str:
        columns = (ColumnType("encoding", "name"),)
        sql = as_cells("SELECT current_setting('server_encoding')", columns, "UTF8")
        return str(self._session.fetch(sql, (), self.stopped, QUERY_SECONDS).item())

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return self.catalog.spellings()

    def examine(self) -> bool:
        """Look at what there is, and what of it cannot be read. Whether there is any table that may be read."""
        self.notices = list(self.catalog.notices)
        return self.catalog.has_tables()

    def close(self) -> None:
        """Give back the connection; a second call does nothing."""
        self._session.close()

    def __enter__(self) -> PostgresDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The whole opening is one."""
        yield

    def check(self) -> None:
        """The state that is read holds as long as the connection does."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nobody waits for a reader."""
        yield

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        """All rows of one SELECT, with days and times as text. TooSlow when `seconds` pass before it ends.

        LtvError when it fails, or takes longer than QUERY_SECONDS where none are given.
        """
        return self.ask(as_sent(sql, self._spellings, len(values)), values, seconds)

    def ask(self, sent: str, values: Sequence[Value] = (), seconds: float | None = None) -> list[Row]:
        """The same of SQL as the server has it, with $1 and so on, and no names that are to be spelt otherwise."""
        columns = self._session.describe(sent, self.stopped)
        cells = as_cells(sent, columns, self._encoding)
        limit = QUERY_SECONDS if seconds is None else seconds
        try:
            return without_text(self._session.fetch(cells, values, self.stopped, limit), columns).rows()
        except TooSlow:
            if seconds is None:
                raise self._unending() from None
            raise

    def names(self, sql: str) -> tuple[str, ...]:
        """Names of the columns that one SELECT gives; prepared, not run. LtvError when it is wrong."""
        sent = as_sent(sql, self._spellings, 0)
        return tuple(column.name for column in self._session.describe(sent, self.stopped))

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[pl.DataFrame]:
        """Rows of one SELECT as frames of so many; the next ones are fetched while these are looked at.

        LtvError when it fails; TooSlow when `seconds` pass before a batch is there.
        """
        import polars as pl

        session, sent = self._session, as_sent(sql, self._spellings, 0)
        cursor = f"ltvtui_{next(_CURSORS)}"
        session.run(f"DECLARE {cursor} NO SCROLL CURSOR FOR {sent}", self.stopped)
        more = f"FETCH FORWARD {size} FROM {cursor}"
        coming = session.begin_fetching(more)
        try:
            height = size
            while height == size:
                frame = session.result_of(coming, self.stopped, seconds)
                height = frame.height
                if height == size:
                    coming = session.begin_fetching(more)
                if height:
                    yield frame.with_columns(pl.col(pl.String).cast(pl.Binary))
        finally:
            session.interrupt(coming)  # where nobody wants the rows that are on their way
            session.leave(f"CLOSE {cursor}")

    def arrow(self, sql: str) -> pl.DataFrame | None:
        """None: it is not to be asked."""
        return None

    is_never_read = False
    """It is read as long as there is memory for it."""

    @cached_property
    def engine(self) -> SqlDialect:
        """SQL of the reduction of a shop."""
        return PostgresSql(self.dialect.trims)

    def kinds_of(self, sql: str) -> dict[str, CellKind]:
        """The columns that a SELECT gives, and what they hold; prepared, not run. LtvError when it is wrong, and of a
        database of other letters than those of UTF-8, which is read."""
        if self._encoding != "UTF8":
            raise LtvError(
                f"{self.name} is in {self._encoding}: only databases in UTF-8 are reduced where they lie.",
                "Use --compute here.",
            )
        columns = self._session.describe(as_sent(sql, self._spellings, 0), self.stopped)
        return {column.name: cell_kind_of(column.type) for column in columns}

    def frame(self, sql: str) -> pl.DataFrame:
        """All rows of one SELECT whose columns are whole numbers, doubles and texts, however long it takes. LtvError
        when it fails."""
        self._plan_sums()
        return self._session.fetch(as_sent(self.engine.arranged(sql), self._spellings, 0), (), self.stopped, None)

    def _plan_sums(self) -> None:
        """What steps of a query give is not known to the planner, which takes it for few rows."""
        if not self._plans_sums:
            for setting in _SUMS:
                self._session.run(setting, self.stopped)
            self._plans_sums = True

    def _unending(self) -> LtvError:
        return LtvError(
            f"{self.name} cannot answer a query: it took longer than {QUERY_SECONDS:g} s.",
            "Store the rows in a table: CREATE MATERIALIZED VIEW … AS SELECT …",
        )
