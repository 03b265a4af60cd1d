"""The catalog of a cluster: tables and views of its current schema, their columns, and a few rows of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import SAMPLE_ROWS, by_column, sample_columns
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.relation import listing
from ltvtui.sources.spark.errors import SessionLost
from ltvtui.sources.sql import Value, quote

T = TypeVar("T")
MOST_TABLES: Final = 200
"""Tables that are looked at."""
SAMPLES_SECONDS: Final = 60.0
"""Time for the samples of all tables together."""
COUNT_SECONDS: Final = 30.0
"""Time in which their rows are counted: of tables of parquet, Delta and Iceberg their files tell them."""


class Cluster(Database, Protocol):
    """A database that tells types, and what the driver knows."""

    def types(self, sql: str) -> dict[str, str]:
        """Columns of a SELECT and their types."""
        ...

    def ask(self, work: Callable[[Any], T]) -> T:
        """What `work` gives of the driver's session."""
        ...


class SparkCatalog:
    """What the current schema holds; of others the names."""

    def __init__(self, database: Cluster) -> None:
        self._database = database
        self._columns: dict[str, tuple[bool, dict[str, str]]] | None = None
        self._until = 0.0

    def examine(self) -> tuple[str, ...]:
        """Look for tables and their columns; sentences about what is left out."""
        names = self._database.ask(_names)
        found: dict[str, tuple[bool, dict[str, str]]] = {}
        closed = []
        for name, view in names[:MOST_TABLES]:
            try:
                found[name] = view, self._database.types(f"SELECT * FROM {quote(name)}")  # noqa: S608
            except SessionLost:
                raise
            except LtvError:
                closed.append(name)
        self._columns = found
        notices = []
        if closed:
            notices.append(f"Tables that cannot be read are left out: {listing(closed)}.")
        if len(names) > MOST_TABLES:
            notices.append(f"Of {len(names)} tables the first {MOST_TABLES} by name are looked at.")
        if others := self._database.ask(_other_schemas):
            notices.append(
                f"Not looked through are the schemas {listing(others)}: name their tables in a SELECT for --orders."
            )
        return tuple(notices)

    def texts(self) -> frozenset[str]:
        """Quoted names of columns that are text wherever they occur."""
        kinds: dict[str, set[str]] = {}
        for _, columns in (self._columns or {}).values():
            for column, kind in columns.items():
                kinds.setdefault(quote(column), set()).add(kind)
        return frozenset(name for name, found in kinds.items() if found == {"string"})

    def tables(self) -> tuple[CatalogTable, ...]:
        """All tables, then all views, each by name, with a sample of their content."""
        found = (self._columns or {}).items()
        counts = self._counts([name for name, (view, _) in found if not view])
        self._until = time.monotonic() + SAMPLES_SECONDS
        return tuple(
            self._table(name, view, columns, counts.get(name))
            for name, (view, columns) in sorted(found, key=lambda item: (item[1][0], item[0].lower()))
        )

    def _counts(self, names: list[str]) -> dict[str, int]:
        """Rows of tables, in one query; else in one each, for one that cannot be counted hides the others. Of those
        that take long it is told that they are not known; why one cannot be read its sample says."""
        until = time.monotonic() + COUNT_SECONDS
        with suppress(TooSlow, LtvError):
            return self._counted(names, COUNT_SECONDS)
        counts: dict[str, int] = {}
        slow = []
        for name in names:
            with suppress(LtvError):
                try:
                    counts |= self._counted([name], until - time.monotonic())
                except TooSlow:
                    slow.append(name)
        if slow:
            self._database.notices.append(
                f"Rows of {listing(slow)} could not be counted in {COUNT_SECONDS:g} s: nothing is looked up there "
                "unless you name it (--customers, --spend)."
            )
        return counts

    def _counted(self, names: list[str], seconds: float) -> dict[str, int]:
        """TooSlow where it takes longer, LtvError where it fails."""
        if not names:
            return {}
        if seconds <= 0:
            raise TooSlow
        each = (f"SELECT {place} AS place, COUNT(*) AS n FROM {quote(name)}" for place, name in enumerate(names))  # noqa: S608
        rows = self._database.query(" UNION ALL ".join(each), seconds=seconds)
        return {names[int(str(place))]: int(str(count)) for place, count in rows}

    def _table(self, name: str, view: bool, columns: dict[str, str], rows: int | None) -> CatalogTable:
        samples = self._samples(name, tuple(columns))
        listed = (
            CatalogColumn(column, kind.upper(), sample=sample)
            for (column, kind), sample in zip(columns.items(), samples, strict=True)
        )
        return CatalogTable(name, tuple(listed), view, rows)

    def _samples(self, name: str, columns: tuple[str, ...]) -> list[tuple[Value, ...]]:
        """Values of the first rows; none where they take long."""
        left = self._until - time.monotonic()
        if left <= 0:
            return [()] * len(columns)
        sql = f"SELECT {sample_columns(self._database, columns)} FROM {quote(name)} LIMIT {SAMPLE_ROWS}"  # noqa: S608
        try:
            return by_column(self._database.query(sql, seconds=left), len(columns))
        except TooSlow:
            return [()] * len(columns)
        except SessionLost:
            raise
        except LtvError as error:
            self._database.notices.append(f"Rows of {name} are not looked at: {error.what}")
            return [()] * len(columns)

    def view_sql(self, name: str) -> str:
        """Not asked for: views are described as their owner wrote them, on whatever tables."""
        return ""

    def table_id(self, name: str) -> int | None:
        """None: changes are not told apart by table."""
        return None


def _names(session: Any) -> list[tuple[str, bool]]:
    found = session.catalog.listTables()
    return sorted((str(table.name), str(table.tableType).upper() == "VIEW") for table in found)


def _other_schemas(session: Any) -> list[str]:
    current = session.catalog.currentDatabase()
    return sorted(str(found.name) for found in session.catalog.listDatabases() if found.name != current)
