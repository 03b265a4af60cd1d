"""What a database holds: tables, views, columns, keys and a look at their content."""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.sql import Row, Value, quote

SAMPLE_ROWS: Final = 360
"""Rows of the sample."""
SAMPLE_RUNS: Final = 12
"""Places of a table, evenly spread, where the sample is taken."""
SAMPLE_SECONDS: Final = 0.7
"""Longest time one view, or one SELECT, is given for its sample."""
FEW_ROWS: Final = 20
"""Rows of a SELECT of the analyst's own that are waited for where more take longer than that."""
FEW_SECONDS: Final = 5.0
"""Longest time those are given."""


_READ: Final[WeakKeyDictionary[Database, tuple[CatalogTable, ...]]] = WeakKeyDictionary()
"""What was read, as long as its database is open somewhere."""


def tables_of(database: Database) -> tuple[CatalogTable, ...]:
    """What its catalog holds (Catalog.tables); read once a database."""
    if database not in _READ:
        _READ[database] = database.catalog.tables()
    return _READ[database]


_SELECTED: Final[WeakKeyDictionary[Database, dict[tuple[str, str], CatalogTable]]] = WeakKeyDictionary()


def selected(database: Database, name: str, sql: str) -> CatalogTable:
    """A SELECT as a view called `name`, read once a database.

    LtvError (exit code 2) when it is refused, or it fails.
    """
    selected = _SELECTED.setdefault(database, {})
    if (name, sql) not in selected:
        names = database.names(f"SELECT * FROM ({sql}\n) LIMIT 0")  # noqa: S608 - the user's own SELECT
        sample = _selected_rows(database, f"({sql}\n)", names)
        columns = (CatalogColumn(n, "", sample=tuple(v)) for n, v in zip(names, sample, strict=True))
        selected[name, sql] = CatalogTable(name, tuple(columns), True)
    return selected[name, sql]


def _selected_rows(database: Database, source: str, names: tuple[str, ...]) -> list[tuple[Value, ...]]:
    """Its first rows; only a few where each takes long, and none where even they do."""
    for rows, seconds in ((SAMPLE_ROWS, SAMPLE_SECONDS), (FEW_ROWS, FEW_SECONDS)):
        try:
            return by_column(database.query(head(database, source, names, rows), seconds=seconds), len(names))
        except TooSlow:
            continue
    return [()] * len(names)


def sample_columns(database: Database, names: tuple[str, ...]) -> str:
    """SQL of the columns of a sample: only the kind of content matters."""
    return ", ".join(database.dialect.sampled(quote(name)) for name in names)


def head(database: Database, source: str, names: tuple[str, ...], rows: int = SAMPLE_ROWS) -> str:
    """SQL of a sample from the beginning of what follows FROM."""
    return f"SELECT {sample_columns(database, names)} FROM {source} LIMIT {rows}"  # noqa: S608


def run_starts(low: int, high: int) -> list[int]:
    """Row ids at which the runs of a sample begin, evenly spread from `low` to `high`: rows of one order stand
    together, so that single rows would tell less."""
    last = high - SAMPLE_ROWS // SAMPLE_RUNS + 1
    return [low + (last - low) * place // (SAMPLE_RUNS - 1) for place in range(SAMPLE_RUNS)]


def by_column(rows: list[Row], width: int) -> list[tuple[Value, ...]]:
    """Rows as columns, of which there are `width`."""
    return list(zip(*rows, strict=True)) if rows else [()] * width
