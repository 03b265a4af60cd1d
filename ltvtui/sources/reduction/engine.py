"""What a database has to do beside answering, for a shop to be reduced in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ltvtui.sources.base import Database
from ltvtui.sources.reduction.dialect import SqlDialect
from ltvtui.sources.reduction.kinds import CellKind

if TYPE_CHECKING:
    import polars as pl


@runtime_checkable
class Reducing(Database, Protocol):
    """A database of typed columns that reduces millions of rows by itself."""

    @property
    def is_never_read(self) -> bool:
        """Whether it was opened to be reduced, whatever its size."""
        ...

    @property
    def engine(self) -> SqlDialect:
        """How SQL is written for it."""
        ...

    def kinds_of(self, sql: str) -> dict[str, CellKind]:
        """The columns that a SELECT gives, by name; bound, not run. LtvError when it is wrong."""
        ...

    def frame(self, sql: str) -> pl.DataFrame:
        """All rows of one SELECT with the engine's own types, however long it takes.

        LtvError when it fails, Cancelled within a second or two when `stopped`.
        """
        ...
