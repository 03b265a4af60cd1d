"""The catalog of a database of DuckDB: its tables, their columns and keys, and a few rows of each."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import SAMPLE_ROWS, SAMPLE_RUNS, SAMPLE_SECONDS, by_column, run_starts, sample_columns
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.relation import listing
from ltvtui.sources.sql import Value, quote

_HERE: Final = "database_name = current_database() AND schema_name = 'main' AND NOT internal"
_TABLES: Final = (
    f"SELECT * FROM (SELECT table_name, false FROM duckdb_tables() WHERE {_HERE}"  # noqa: S608 - constants
    f" UNION ALL SELECT view_name, true FROM duckdb_views() WHERE {_HERE}) AS t(name, view)"
    " ORDER BY view, lower(name)"
)
_ELSEWHERE: Final = (
    "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
    " WHERE database_name = current_database() AND schema_name <> 'main' AND NOT internal ORDER BY 1"
)
_COLUMNS: Final = (
    f"SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE {_HERE} ORDER BY column_index"  # noqa: S608
)
_KEYS: Final = (
    "SELECT table_name, constraint_type, constraint_column_names[1], referenced_table, referenced_column_names[1]"
    " FROM duckdb_constraints() WHERE database_name = current_database() AND schema_name = 'main'"
    " AND len(constraint_column_names) = 1"
)


class DuckdbCatalog:
    """What a database holds in its schema `main`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def texts(self) -> frozenset[str]:
        """Quoted names of columns that are text wherever they occur."""
        kinds: dict[str, set[str]] = defaultdict(set)
        for _, column, kind in self._database.query(_COLUMNS):
            kinds[quote(str(column))].add(str(kind))
        return frozenset(name for name, found in kinds.items() if found == {"VARCHAR"})

    def has_tables(self) -> bool:
        """Whether there is any table or view."""
        return bool(self._database.query(_TABLES))

    def elsewhere(self) -> tuple[str, ...]:
        """A sentence that names tables of other schemas, which are not read; nothing where there are none."""
        names = [str(name) for (name,) in self._database.query(_ELSEWHERE)]
        return (f"Tables outside of the schema main are not read: {listing(names)}.",) if names else ()

    def tables(self) -> tuple[CatalogTable, ...]:
        """All tables, then all views, each by name, with a sample of their content."""
        query = self._database.query
        columns: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for table, column, kind in query(_COLUMNS):
            columns[str(table)].append((str(column), str(kind).upper()))
        keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        leads: dict[tuple[str, str], tuple[str, str | None]] = {}
        for table, kind, column, other, to in query(_KEYS):
            keys[str(table), str(column)].add(str(kind))
            if kind == "FOREIGN KEY":
                leads[str(table), str(column)] = str(other), None if to is None else str(to)
        return tuple(
            self._table(str(name), bool(view), columns[str(name)], keys, leads) for name, view in query(_TABLES)
        )

    def _table(
        self,
        name: str,
        view: bool,
        columns: list[tuple[str, str]],
        keys: dict[tuple[str, str], set[str]],
        leads: dict[tuple[str, str], tuple[str, str | None]],
    ) -> CatalogTable:
        rows = None if view else int(str(self._database.query(f"SELECT count(*) FROM {quote(name)}")[0][0]))  # noqa: S608
        samples = self._samples(name, tuple(column for column, _ in columns), rows)
        found = (
            CatalogColumn(
                column,
                kind,
                pk="PRIMARY KEY" in keys[name, column],
                unique=not keys[name, column].isdisjoint(("PRIMARY KEY", "UNIQUE")),
                references=leads.get((name, column)),
                sample=sample,
            )
            for (column, kind), sample in zip(columns, samples, strict=True)
        )
        has_rowid = not view and all(column.lower() != "rowid" for column, _ in columns)
        return CatalogTable(name, tuple(found), view, rows, "rowid" if has_rowid else None)

    def _samples(self, name: str, columns: tuple[str, ...], rows: int | None) -> list[tuple[Value, ...]]:
        """Values of some rows, in runs spread over a table; of a view the first ones, none where they take long."""
        spread = ""
        if rows is not None and rows > SAMPLE_ROWS:
            run = SAMPLE_ROWS // SAMPLE_RUNS
            pieces = (f"rowid BETWEEN {start} AND {start + run - 1}" for start in run_starts(0, rows - 1))
            spread = f" WHERE {' OR '.join(pieces)}"
        sql = f"SELECT {sample_columns(self._database, columns)} FROM {quote(name)}{spread} LIMIT {SAMPLE_ROWS}"  # noqa: S608
        if rows is not None:
            return by_column(self._database.query(sql), len(columns))
        try:
            return by_column(self._database.query(sql, seconds=SAMPLE_SECONDS), len(columns))
        except (TooSlow, LtvError):  # whoever asks for the view is told
            return [()] * len(columns)

    def view_sql(self, name: str) -> str:
        """The SELECT of a view; "" where it is not known."""
        found = self._database.query(f"SELECT sql FROM duckdb_views() WHERE {_HERE} AND view_name = ?", (name,))  # noqa: S608
        text = str(found[0][0]) if found else ""
        return text[text.lower().find("select") :].rstrip("; \n") if "select" in text.lower() else ""

    def table_id(self, name: str) -> int | None:
        """None: changes are not told apart by table."""
        return None
