"""One connection to a server, which reads one state and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote as percent

from ltvtui.errors import LtvError
from ltvtui.sources.base import Stop
from ltvtui.sources.postgres.errors import explain, explain_connecting
from ltvtui.sources.postgres.schema_of import ColumnType, columns_of
from ltvtui.sources.postgres.worker import GRACE, Worker
from ltvtui.sources.server_address import ServerAddress
from ltvtui.sources.sql import Value

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
_USUAL: Final = {
    "connect_timeout": "10",
    "application_name": "ltvtui",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "client_encoding": "UTF8",
}
"""Options of a connection, unless the address has others: one that is dead is noticed within half a minute."""
SETTINGS: Final = (
    "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL lc_monetary = 'C'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL standard_conforming_strings = on",
    "SET LOCAL lock_timeout = '5s'",
    "SET LOCAL synchronize_seqscans = off",
    "SET LOCAL cursor_tuple_fraction = 1",
    "SET LOCAL max_parallel_workers_per_gather = 0",
)
"""Values are written in one way; rows come in the order in which they lie, each time; nobody is waited for long."""
_SOON: Final = 0.2
"""Seconds in which rows that nobody wants any more may come all the same."""
_SAVEPOINT: Final = "ltvtui"
"""The savepoint to which a failed statement leads back: the state that is read stays the same."""


class Session:
    """A connection in its transaction. One statement at a time; a cancel is heard while it runs."""

    def __init__(self, address: ServerAddress, password: str | None, stopped: Stop) -> None:
        """LtvError where it cannot be made, Cancelled when `stopped`."""
        self._address = address
        self._worker = Worker("ltvtui-postgres")
        self._connection: Any = None
        self._cursor: Any = None
        self._describer: Any = None
        self._is_closed = False
        try:
            self._wait(self._worker.start(lambda: self._connect(password)), stopped, None, explain_connecting)
        except BaseException:
            self.close()
            raise

    def _connect(self, password: str | None) -> None:
        from adbc_driver_postgresql import dbapi

        self._connection = dbapi.connect(_with_usual(self._address, password), autocommit=True)
        self._cursor, self._describer = self._connection.cursor(), self._connection.cursor()
        for sql in (*SETTINGS, f"SAVEPOINT {_SAVEPOINT}"):
            self._cursor.execute(sql)

    def describe(self, sql: str, stopped: Stop) -> tuple[ColumnType, ...]:
        """The columns of one SELECT, which is not run. LtvError when it is wrong."""

        def described() -> tuple[ColumnType, ...]:
            statement = self._describer.adbc_statement
            statement.set_sql_query(sql)
            statement.prepare()
            return columns_of(statement.execute_schema())

        return self._do(described, stopped, None)

    def fetch(
        self, sql: str, values: Sequence[Value], stopped: Stop, seconds: float | None, copy: bool = True
    ) -> pl.DataFrame:
        """The rows of one statement whose columns are bigint, double precision, text and bytea. TooSlow when
        `seconds` pass; without `copy` the driver does not ask for them as COPY, which is for SELECT alone."""
        return self._do(lambda: self._fetched(sql, values, copy), stopped, seconds)

    def begin_fetching(self, sql: str) -> Future[pl.DataFrame]:
        """As `fetch` without `copy`, to be waited for by `result_of`."""
        return self._worker.start(lambda: self._fetched(sql, (), False))

    def result_of(self, future: Future[pl.DataFrame], stopped: Stop, seconds: float | None) -> pl.DataFrame:
        """What `begin_fetching` began; as `fetch`."""
        return self._wait(future, stopped, seconds, explain)

    def interrupt(self, future: Future[pl.DataFrame]) -> None:
        """Nobody waits any more for what `begin_fetching` began."""
        with suppress(TimeoutError):
            future.exception(_SOON)
        self._worker.interrupt(future, self._cancel)
        self._go_back(future)

    def run(self, sql: str, stopped: Stop) -> None:
        """Run a statement without rows."""
        self._do(lambda: self._cursor.execute(sql), stopped, None)

    def leave(self, sql: str) -> None:
        """Run a statement without rows some time, whatever becomes of it."""
        if not (self._worker.is_stuck or self._is_closed):
            self._worker.start(lambda: self._try(sql))

    def close(self) -> None:
        """Give the connection back; a second call does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        if not self._worker.is_stuck:
            with suppress(Exception):  # it may be gone
                self._worker.start(self._disconnect).result(GRACE)
        self._worker.end()

    def _disconnect(self) -> None:
        for cursor in filter(None, (self._cursor, self._describer)):
            cursor.close()
        if self._connection is not None:
            self._connection.close()

    def _fetched(self, sql: str, values: Sequence[Value], copy: bool) -> pl.DataFrame:
        import polars as pl

        self._cursor.adbc_statement.set_options(**{"adbc.postgresql.use_copy": "true" if copy else "false"})
        try:
            self._cursor.execute(sql, pl.DataFrame([list(values)], orient="row") if values else None)
            return pl.DataFrame(self._cursor.fetch_arrow())
        except pl.exceptions.PolarsError as error:  # what went wrong within the stream of rows
            raise RuntimeError(str(error)) from error

    def _do(self, work: Callable[[], T], stopped: Stop, seconds: float | None) -> T:
        return self._wait(self._worker.start(work), stopped, seconds, explain)

    def _wait(
        self,
        future: Future[T],
        stopped: Stop,
        seconds: float | None,
        explained: Callable[[BaseException, ServerAddress], LtvError],
    ) -> T:
        if self._worker.is_stuck or self._is_closed:
            raise LtvError(f"The connection to {self._address.name} was lost.", "Open the shop again.")
        try:
            return self._worker.wait(future, stopped, self._cancel, seconds)
        except _driver_errors() as error:
            raise explained(error, self._address) from None  # what it says may hold a password
        finally:
            self._go_back(future)

    def _go_back(self, future: Future[Any]) -> None:
        """Where a statement failed, go on in the same state."""
        if future.done() and future.exception() is not None and self._cursor is not None:
            self._worker.start(lambda: self._try(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}"))

    def _try(self, sql: str) -> None:
        with suppress(Exception):  # of a connection that is gone the next statement tells
            self._cursor.execute(sql)

    def _cancel(self) -> None:
        with suppress(Exception):  # it may have ended, or be gone
            self._cursor.adbc_cancel()


def _driver_errors() -> tuple[type[BaseException], ...]:
    import adbc_driver_manager

    return (adbc_driver_manager.Error, RuntimeError, OSError)


def refuse_without_driver(address: ServerAddress) -> None:
    """LtvError where the driver is not installed."""
    try:
        import adbc_driver_postgresql  # noqa: F401
    except ImportError as error:
        raise LtvError(
            f"{address.name} is a PostgreSQL database, and its driver is not installed.",
            "Install it: pip install 'ltvtui[postgres]'",
        ) from error


def _with_usual(address: ServerAddress, password: str | None) -> str:
    """The URI with the usual options, and a password that is not in it."""
    more = {name: value for name, value in _USUAL.items() if name not in address.options}
    if password is not None and not address.secrets:
        more["password"] = password
    added = "&".join(f"{name}={percent(value, safe='')}" for name, value in more.items())
    base, mark, _ = address.uri.partition("?")
    if not mark and not re.search(r"://[^/]*/", base):
        return f"{address.uri}/?{added}"
    return f"{address.uri}{'&' if mark else '?'}{added}"
