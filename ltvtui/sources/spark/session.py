"""One session on a server of Spark Connect, which reads and does nothing else."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from itertools import count
from threading import RLock, Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ltvtui.errors import Cancelled, LtvError
from ltvtui.sources.base import Stop, TooSlow
from ltvtui.sources.spark.errors import SessionLost, explain, no_server
from ltvtui.sources.spark.kinds import as_cells
from ltvtui.sources.spark_address import SparkAddress

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.ansi.enforceReservedKeywords": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",
    "spark.sql.caseSensitive": "false",
}
"""Of our session alone. Days are those of UTC; what overflows is an error; quotes are those of the standard."""
CONNECT_SECONDS: Final = 10.0
"""Longest time that a server is waited for."""
START_SECONDS: Final = 60.0
"""Longest time that a server that was reached may take to begin a session: it may have to start the cluster."""
END_SECONDS: Final = 1.0
"""Longest time that is waited for a session to be given back."""
GRACE: Final = 5.0
"""Seconds in which a query ends that was told to."""
_PAUSE: Final = 0.02
_ATTEMPTS: Final = 3
"""Times that a call is tried again where the connection is bad; the driver itself would go on for many minutes."""
_NUMBERS: Final = count(1)
_LOGGERS: Final = ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "pyspark")
"""They write what went wrong to the terminal, under the screen."""


class ClusterSession:
    """A session with its connection. One query at a time; a cancel is heard while it runs."""

    def __init__(self, address: SparkAddress, stopped: Stop) -> None:
        """LtvError where it cannot be made, Cancelled when `stopped`."""
        self._address = address
        self._alone = RLock()
        self._tags = count()
        self.number = next(_NUMBERS)
        """No other session of this program has it."""
        self._session: Any = None
        self._is_lost = False
        self._stored: dict[str, Any] = {}
        connection = _driver(address)
        _probe(address)
        try:
            self._wait(lambda: self._connect(connection), stopped, START_SECONDS)
        except TooSlow:
            self._is_lost = True
            raise no_server(address, f"nothing was heard for {START_SECONDS:g} s") from None
        except BaseException:
            self.close()
            raise

    def _connect(self, connection: Any) -> None:
        from pyspark.sql.connect.client.retries import DefaultPolicy

        session = connection(self._address.uri)
        session.client.set_retry_policies([DefaultPolicy(max_retries=_ATTEMPTS, initial_backoff=200)])
        self._session = session
        for name, value in SETTINGS.items():
            session.conf.set(name, value)

    def types(self, sql: str, stopped: Stop) -> dict[str, str]:
        """The columns that one SELECT gives, and their types in Spark's words; not run. LtvError when it is wrong."""

        def bound() -> dict[str, str]:
            return {field.name: field.dataType.simpleString() for field in self._session.sql(sql).schema.fields}

        return self._wait(bound, stopped, None)

    def fetch(self, sql: str, values: tuple[object, ...], stopped: Stop, seconds: float | None) -> pl.DataFrame:
        """All rows of one SELECT. TooSlow when `seconds` pass."""
        return self._wait(lambda: self._fetched(self._session.sql(sql, list(values) or None)), stopped, seconds)

    def cells(self, sql: str, values: tuple[object, ...], stopped: Stop, seconds: float | None) -> pl.DataFrame:
        """The same with columns of whole numbers, doubles, bytes and text only, under their names where no two are
        alike."""

        def plain() -> pl.DataFrame:
            found = list(values) or None
            fields = self._session.sql(sql, found).schema.fields
            rows = self._fetched(self._session.sql(as_cells(sql, [f.dataType.simpleString() for f in fields]), found))
            names = [f.name for f in fields]
            return rows.rename(dict(zip(rows.columns, names, strict=True))) if len({*names}) == len(names) else rows

        return self._wait(plain, stopped, seconds)

    def store(self, sql: str, name: str, stopped: Stop) -> None:
        """Compute the rows of one SELECT; executors hold them under a name as long as the session lasts."""

        def stored_rows() -> None:
            self._session._set_default_and_active_session(self._session)  # the driver asks for it by the thread
            found = self._session.sql(sql).localCheckpoint()
            found.createOrReplaceTempView(name)
            self._stored[name] = found  # the server forgets it with the last one who holds it

        self._wait(stored_rows, stopped, None)

    def forget(self, name: str, stopped: Stop) -> None:
        """Let the executors drop rows that were stored."""

        def dropped() -> None:
            self._session.catalog.dropTempView(name)
            self._stored.pop(name, None)

        self._wait(dropped, stopped, None)

    def is_alive(self) -> bool:
        """Whether the server still has it: one that is not used for an hour is given up there."""
        if self._session is None or self._is_lost:
            return False
        try:
            self._wait(lambda: self._session.conf.get("spark.sql.session.timeZone"), lambda: False, CONNECT_SECONDS)
        except (LtvError, TooSlow):
            self._is_lost = True
        return not self._is_lost

    def ask(self, work: Callable[[Any], T], stopped: Stop, seconds: float | None = None) -> T:
        """What `work` gives of the driver's session."""
        return self._wait(lambda: work(self._session), stopped, seconds)

    @staticmethod
    def _fetched(asked: Any) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(asked.toArrow())

    def close(self) -> None:
        """Give the session back; a second call does nothing. One that is lost is left to end by itself."""
        session, self._session = self._session, None
        if session is not None:
            self._stored.clear()
            ending = Thread(target=_quietly, args=(session.stop,), daemon=True)
            try:
                ending.start()
            except RuntimeError:  # the program ends, and begins no thread any more
                return
            ending.join(0.5 if self._is_lost else END_SECONDS)

    def _wait(self, work: Callable[[], T], stopped: Stop, seconds: float | None) -> T:
        """What `work` gives, done in a thread of its own, so that a cancel is heard and time is kept."""
        if self._is_lost:
            raise LtvError(f"The connection to {self._address.name} was lost.", "Open the shop again.")
        end = float("inf") if seconds is None else time.monotonic() + seconds
        tag = f"ltvtui-{id(self)}-{next(self._tags)}"
        with self._alone:
            future: Future[T] = Future()
            Thread(target=self._run, args=(work, tag, future), daemon=True, name="ltvtui-spark").start()
            while True:
                try:
                    return future.result(_PAUSE)
                except TimeoutError:
                    if not (is_stopped := stopped()) and time.monotonic() <= end:
                        continue
                    self._interrupt(tag, future)
                    raise (Cancelled() if is_stopped else TooSlow()) from None
                except (LtvError, MemoryError):
                    raise
                except Exception as error:
                    explained = explain(error, self._address)
                    self._is_lost = self._is_lost or isinstance(explained, SessionLost)
                    raise explained from None  # what it says may hold a token

    def _run(self, work: Callable[[], T], tag: str, future: Future[T]) -> None:
        try:
            session = self._session
            if session is not None:
                session.addTag(tag)
            try:
                future.set_result(work())
            finally:
                if session is not None:
                    session.removeTag(tag)
        except BaseException as error:
            if not future.done():
                future.set_exception(error)

    def _interrupt(self, tag: str, future: Future[Any]) -> None:
        """Ends a query on the cluster, and sees to it that it has ended: what is tagged, else all of the session."""
        session = self._session
        if session is None:
            return
        for interrupt in (lambda: session.interruptTag(tag), session.interruptAll):
            until = time.monotonic() + GRACE
            while not future.done() and time.monotonic() < until:
                sender = Thread(target=_quietly, args=(interrupt,), daemon=True)
                sender.start()
                sender.join(GRACE)
                with suppress(BaseException):
                    future.exception(0.5)
            if future.done():
                return
        self._is_lost = True


def _quietly(work: Callable[[], object]) -> None:
    with suppress(Exception):  # it may have ended, or the connection with it
        work()


@contextmanager
def _as_of_a_file() -> Iterator[None]:
    """The driver takes a program that is no file (`python -c`) for tests of its own, and ends it."""
    program = sys.modules["__main__"]
    if hasattr(program, "__file__"):
        yield
        return
    program.__file__ = ""
    try:
        yield
    finally:
        del program.__file__


def _driver(address: SparkAddress) -> Any:
    """The class of the driver's sessions. LtvError where it is not installed."""
    if not address.host or not address.port:
        raise LtvError(f"{address.name} is no address of Spark Connect.", "Write sc://host:15002.", 2)
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # it writes to the terminal, too
    for name in _LOGGERS:
        logging.getLogger(name).disabled = True
    try:
        with warnings.catch_warnings(), _as_of_a_file():
            warnings.simplefilter("ignore")
            from pyspark.sql.connect.session import SparkSession
        # of versions of pandas, which is not used, and of calls tried again
        warnings.filterwarnings("ignore", module="pyspark")
    except Exception as error:  # the driver has errors of its own for a package that it lacks
        raise LtvError(
            f"{address.name} is a shop on Spark, and its driver is not installed.",
            "Install it: pip install 'ltvtui[spark]'",
        ) from error
    return SparkSession


def _probe(address: SparkAddress) -> None:
    """LtvError where nobody listens at the address."""
    try:
        socket.create_connection((address.host, address.port), CONNECT_SECONDS).close()
    except TimeoutError:
        raise no_server(address, f"nothing was heard for {CONNECT_SECONDS:g} s") from None
    except (OSError, UnicodeError, OverflowError) as error:
        raise no_server(address, getattr(error, "strerror", None) or str(error)) from None
