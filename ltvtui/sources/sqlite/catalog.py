"""The catalog of an SQLite database, from its PRAGMAs and a few rows of every table."""

from __future__ import annotations

import time
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import (
    SAMPLE_ROWS,
    SAMPLE_RUNS,
    SAMPLE_SECONDS,
    by_column,
    head,
    run_starts,
    sample_columns,
)
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.sql import Row, Value, quote

SAMPLES_SECONDS: Final = 5.0
"""Longest time all samples are given together, and all places of one table."""
COUNT_SECONDS: Final = 2.0
"""Longest time a table is counted; a larger one is estimated by its row ids."""
COUNTED: Final = 1_000_000
"""Row ids up to which rows are counted whatever the ids are."""
VIRTUAL: Final = 2
"""What table_xinfo calls a generated column that is not stored."""
PROBES: Final = 64
"""Row ids that are looked up, evenly spread: of tables that lack a twentieth of them one in 27 is believed."""


class SqliteCatalog:
    """What a database holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tables(self) -> tuple[CatalogTable, ...]:
        """All tables, then all views, each by name, with a sample of their content.

        A view that cannot be read has no columns.
        """
        listed = self._database.query(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, lower(name)"
        )
        end = time.monotonic() + SAMPLES_SECONDS
        return tuple(
            _table(self._database, str(name), kind == "view", end - time.monotonic()) for name, kind in listed
        )

    def view_sql(self, name: str) -> str:
        """The SELECT of a view; "" where it is not known."""
        found = self._database.query("SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?", (name,))
        text = str(found[0][0]) if found else ""
        return text[text.lower().find("select") :] if "select" in text.lower() else ""

    def table_id(self, name: str) -> int | None:
        """Root page of the table in its file; None where there is none."""
        found = self._database.query("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
        return int(str(found[0][0])) if found else None


def _table(database: Database, name: str, view: bool, seconds: float) -> CatalogTable:
    """A table or a view; the latter is given so many seconds for its sample, and none where none are left."""
    try:
        described = database.query("SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)", (name,))
    except LtvError:
        return CatalogTable(name, (), view)
    columns = [(str(n), str(t or "").upper(), int(str(pk))) for n, t, pk, hidden in described if hidden != 1]
    computed = {str(n) for n, _, _, hidden in described if hidden == VIRTUAL}
    names = tuple(n for n, _, _ in columns)
    if view:
        sample = _first_rows(database, quote(name), names, min(seconds, SAMPLE_SECONDS))
        return CatalogTable(
            name, tuple(CatalogColumn(n, t, sample=s) for (n, t, _), s in zip(columns, sample, strict=True)), True
        )
    rowid = _rowid(database, name, names)
    low, high = _span(database, name, rowid)
    rows = _rows(database, name, rowid, low, high)
    stored = tuple(n for n in names if n not in computed)
    samples = dict(zip(stored, _spread_rows(database, name, stored, rowid, low, high), strict=True))
    for one in sorted(computed):
        samples[one] = _first_rows(database, quote(name), (one,), SAMPLE_SECONDS)[0]
    unique = _unique_columns(database, name, columns)
    references = _references(database, name)
    return CatalogTable(
        name,
        tuple(
            CatalogColumn(n, t, pk > 0, n.lower() in unique, n in computed, references.get(n.lower()), samples[n])
            for n, t, pk in columns
        ),
        rows=rows,
        rowid=rowid,
        rowid_column=_rowid_column(database, name, columns) if rowid is not None else None,
    )


def _rowid_column(database: Database, name: str, columns: list[tuple[str, str, int]]) -> str | None:
    """An INTEGER PRIMARY KEY, unless it has an index of its own, as with DESC behind it."""
    keys = [(column, declared) for column, declared, pk in columns if pk]
    if len(keys) != 1 or keys[0][1] != "INTEGER":
        return None
    indexed = database.query("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'", (name,))
    return None if indexed else keys[0][0]


def _rowid(database: Database, name: str, columns: tuple[str, ...]) -> str | None:
    names = {column.lower() for column in columns}
    for alias in ("rowid", "_rowid_", "oid"):
        if alias not in names:
            try:
                database.names(f"SELECT {alias} FROM {quote(name)} LIMIT 0")  # noqa: S608
            except LtvError:
                return None
            return alias
    return None


def _span(database: Database, name: str, rowid: str | None) -> tuple[int, int]:
    """First and last row id; (0, -1) of an empty table or one without."""
    if rowid is None:
        return 0, -1
    table = quote(name)
    low, high = database.query(
        f"SELECT (SELECT min({rowid}) FROM {table}), (SELECT max({rowid}) FROM {table})"  # noqa: S608
    )[0]
    return (int(low), int(high)) if isinstance(low, int) and isinstance(high, int) else (0, -1)


def _rows(database: Database, name: str, rowid: str | None, low: int, high: int) -> int:
    """Rows of a table, about. To count many takes a tenth of the time of reading them: where row ids are many and
    without gaps, as far as some of them tell, they are believed."""
    span = high - low + 1
    if span > COUNTED:
        asked = [low + (span - 1) * place // (PROBES - 1) for place in range(PROBES)]
        marks = ", ".join("?" * PROBES)
        sql = f"SELECT count(*) FROM {quote(name)} WHERE {rowid} IN ({marks})"  # noqa: S608
        if database.query(sql, asked) == [(PROBES,)]:
            return span
    return _count(database, name, span)


def _count(database: Database, name: str, span: int) -> int:
    """Rows of a table. Row ids may lie far apart, so where there is no time to count, a row that takes less
    than eight bytes of the file is not believed."""
    try:
        counted = database.query(f"SELECT count(*) FROM {quote(name)}", seconds=COUNT_SECONDS)  # noqa: S608
    except TooSlow:
        size = database.query("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        fits = int(str(size[0][0])) // 8
        return min(span, fits) if span > 0 else fits
    return int(str(counted[0][0]))


def _unique_columns(database: Database, name: str, columns: list[tuple[str, str, int]]) -> set[str]:
    keys = [column.lower() for column, _, pk in columns if pk]
    found = set(keys) if len(keys) == 1 else set()
    for (index,) in database.query('SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial', (name,)):
        members = database.query("SELECT name FROM pragma_index_info(?)", (index,))
        if len(members) == 1 and members[0][0] is not None:
            found.add(str(members[0][0]).lower())
    return found


def _references(database: Database, name: str) -> dict[str, tuple[str, str | None]]:
    rows = database.query('SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?)', (name,))
    width: dict[Value, int] = {}
    for key, *_ in rows:
        width[key] = width.get(key, 0) + 1
    return {
        str(source).lower(): (str(table), None if target is None else str(target))
        for key, table, source, target in rows
        if width[key] == 1
    }


def _first_rows(database: Database, source: str, names: tuple[str, ...], seconds: float) -> list[tuple[Value, ...]]:
    """Columns of the first rows; empty where they cannot be had within so many seconds."""
    if not names or seconds <= 0:
        return [()] * len(names)
    try:
        return by_column(database.query(head(database, source, names), seconds=seconds), len(names))
    except (TooSlow, LtvError):
        return [()] * len(names)


def _spread_rows(
    database: Database, name: str, names: tuple[str, ...], rowid: str | None, low: int, high: int
) -> list[tuple[Value, ...]]:
    if rowid is None or high - low < SAMPLE_ROWS:
        return _first_rows(database, quote(name), names, SAMPLES_SECONDS)
    run = SAMPLE_ROWS // SAMPLE_RUNS
    rows: list[Row] = []
    end = time.monotonic() + SAMPLES_SECONDS
    starts = run_starts(low, high)
    for start, after in zip(starts, [*starts[1:], high + 1], strict=True):
        last = after - 1
        sql = (
            f"SELECT {sample_columns(database, names)} FROM {quote(name)}"  # noqa: S608
            f" WHERE {rowid} BETWEEN ? AND ? ORDER BY {rowid} LIMIT {run}"
        )
        try:
            rows += database.query(
                sql, (start, min(max(last, start + run - 1), high)), seconds=end - time.monotonic()
            )
        except (TooSlow, LtvError):  # a value may be computed, and take long or fail: whoever asks for it is told
            break
    return by_column(rows, len(names))
