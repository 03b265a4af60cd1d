"""The contract of a source of orders: what the rest of the program may ask, whatever engine answers.

A `Source` is named by a URI (registry.py) and opens a `Database`: its catalog, one consistent state to read, and
SELECTs answered as rows or as frames. Detection, reading and live updates are written against these protocols, in
standard SQL; what engines write differently is asked of the `Dialect`. Only the rooms below (sqlite, files) know a
driver, and nobody above imports them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from ltvtui.errors import LtvError
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.sql import Dialect, Row, Value

if TYPE_CHECKING:
    import polars as pl

R = TypeVar("R")
Stop = Callable[[], bool]
"""Whether to go on no longer; asked again and again."""
Progress = Callable[[int, int], None]
"""Called with rows read and rows in all (0: not known), always in the caller's own thread."""


class TooSlow(Exception):
    """A query did not finish within the time it was given."""


class Torn(LtvError):
    """What was read is of more than one state, or may be: it is to be read again, from the opening on."""


class Locked(LtvError):
    """A writer did not let the database be read within the time that is waited."""


class NotPermitted(LtvError):
    """What was asked for is there, and whoever asks may not read it."""


class PasswordNeeded(LtvError):
    """A server asks for a password, and none was given."""


class Catalog(Protocol):
    """What a database holds."""

    def tables(self) -> tuple[CatalogTable, ...]:
        """All tables, then all views, each by name, with a sample of their content.

        A view that cannot be read has no columns."""
        ...

    def view_sql(self, name: str) -> str:
        """The SELECT of a view; "" where it is not known."""
        ...

    def table_id(self, name: str) -> int | None:
        """A number that stands for the table as long as it is not replaced; None where there is none."""
        ...


class Database(Protocol):
    """An open source. Close it, or use it in a `with`."""

    notices: list[str]
    """One sentence each: what the user should know about how it was opened."""
    stopped: Stop
    """Asked again and again while a query runs: True ends it with Cancelled."""

    @property
    def name(self) -> str:
        """What it is called in a message, without secrets."""
        ...

    @property
    def is_headed_file(self) -> bool:
        """Whether it is made of a file in which titles may stand above the header (--skip-rows)."""
        ...

    @property
    def dialect(self) -> Dialect:
        """How SQL is written for it."""
        ...

    @property
    def catalog(self) -> Catalog:
        """What it holds."""
        ...

    @property
    def readers(self) -> int:
        """Threads that may ask `arrow` at once; 0: `arrow` is not to be asked."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Everything that is read inside is of one committed state; within another one, of the state of that.

        Torn where that did not succeed; LtvError where writers leave no moment to begin.
        """
        ...

    def check(self) -> None:
        """Torn where the state that is being read is known not to hold any more."""
        ...

    @property
    def state(self) -> int:
        """In a transaction, a number that stands for the state that is read; of other states it is another one."""
        ...

    def paused(self) -> AbstractContextManager[None]:
        """Within a transaction: let those write who wait for us, while nothing is read. The state may be another one
        afterwards; Torn and LtvError as of `transaction`."""
        ...

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        """All rows of one SELECT with `?` for its values. TooSlow when `seconds` pass before it ends.

        LtvError when it fails, or takes too long where no seconds are given.
        """
        ...

    def names(self, sql: str) -> tuple[str, ...]:
        """Names of the columns that one SELECT gives; prepared, hardly run. LtvError when it is wrong."""
        ...

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[list[Row] | pl.DataFrame]:
        """Rows of one SELECT, about so many at a time: as tuples with texts as UTF-8 bytes, or as frames, which is
        what an engine with Arrow gives. To be asked within a transaction.

        LtvError when it fails; TooSlow when `seconds` pass before a batch is full.
        """
        ...

    def arrow(self, sql: str) -> pl.DataFrame | None:
        """All rows of one SELECT as a frame with the engine's own types; None where it fails, and then `batches` is
        asked. To be asked within a transaction, by as many threads as there are `readers`."""
        ...

    def close(self) -> None:
        """Give back connections; a second call does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


@dataclass(frozen=True)
class TableChange:
    """How a table differs from its state before."""

    ranges: tuple[tuple[int, int], ...]
    """First and last row id of ranges, ascending and apart: any row that is new or different lies in one."""
    rows_before: int
    """Rows of the table before."""
    rows: int
    """Rows of the table now."""


class Likeness(Enum):
    """How sure it is that two states are one."""

    SAME = "nothing was committed between them"
    ALIKE = "no sign of a change between them, which is no proof"
    OTHER = "something was committed, or that cannot be told"


class StateVersion(Protocol):
    """The state of a source. Two that are equal as JSON: nothing was committed between them."""

    @property
    def is_quiet(self) -> bool:
        """Whether no program is in the middle of writing."""
        ...

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        ...


class UncertainVersion(ABC):
    """A state of which it can be unknown whether it is still the one before, though nothing hints at a change."""

    @abstractmethod
    def likeness(self, before: Mapping[str, Any]) -> Likeness:
        """How sure it is that this is the state of which `before` is the JSON."""


class ChangeLog(Protocol):
    """Which rows of a table can be new or different, told without reading them. For one opening."""

    def since(self, version: Mapping[str, Any], prints: Mapping[str, pl.DataFrame], table: int) -> TableChange | None:
        """What changed in a table (Catalog.table_id) since a version of which `prints` were kept; None where that
        cannot be told. To be asked before the source is opened. OSError where it cannot be read."""
        ...

    def prints(self, version: StateVersion, stopped: Stop | None) -> dict[str, pl.DataFrame] | None:
        """What is to be kept of a version for `since`; None where nothing could be concluded from it. To be asked
        when the source is closed. OSError where it cannot be read."""
        ...


class Seen(Enum):
    """What a poll of a watched source found."""

    NOTHING = "as it was"
    COMMIT = "something was committed"
    ANOTHER = "another file, other tables, or rows written anew: nothing known before needs to be true"


class Watch(Protocol):
    """Looks at a source again and again."""

    @property
    def database(self) -> Database:
        """Open for reading since the last poll; another one where the source was exchanged."""
        ...

    @property
    def is_copy(self) -> bool:
        """Whether a private copy is read: what others write is seen when they have brought the original in order."""
        ...

    def poll(self) -> Seen:
        """What happened since the last poll; at the first one, a commit.

        Raises LtvError (exit code 1 or 2) while it cannot be read.
        """
        ...

    def transaction(self) -> AbstractContextManager[Database]:
        """The database, in the state that is read on: what is committed later is found by the next poll."""
        ...

    def close(self) -> None:
        """Give back the connection; another poll opens a new one."""
        ...


class Source(Protocol):
    """Where the orders of a shop come from."""

    @property
    def name(self) -> str:
        """What it is called in a message, without secrets."""
        ...

    @property
    def path(self) -> Path | None:
        """The local file that the user named; None of what is none."""
        ...

    @property
    def fresh(self) -> bool:
        """Whether all rows were read a moment ago, to bring them to where they are read now."""
        ...

    @property
    def opening_notices(self) -> frozenset[str]:
        """All notices that tell how it was opened, which may be otherwise next time."""
        ...

    def open(self, stopped: Stop | None = None) -> Database:
        """Open it for reading. LtvError where that cannot be done, Cancelled when `stopped`."""
        ...

    def in_one_state(self, work: Callable[[Database], R], stopped: Stop | None = None) -> R:
        """What `work` gives of the open database, all of it read from one committed state; read again from the
        opening on where it is Torn. Torn where that does not end; whatever else opening and work raise."""
        ...

    def version(self) -> StateVersion | None:
        """The state that it is in; None where that is unknown without reading it. To be asked while it is
        closed. OSError where it cannot be read."""
        ...

    def is_current(self, version: StateVersion) -> bool:
        """Whether a quiet version is still the state; may be asked while it is open, too."""
        ...

    def changes(self) -> ChangeLog | None:
        """Its log of changed rows; None where it has none."""
        ...

    def watch(self) -> Watch | None:
        """Looks at what others commit; None where it cannot be watched."""
        ...
