"""What a database holds: tables, views, columns, keys and a look at their content."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from ltvtui.errors import LtvError
from ltvtui.sources.sqlite.database import Database, Row, TooSlow, Value, quote

SAMPLE_RUNS: Final = 12
"""Places of a table, evenly spread, where the sample is taken."""
SAMPLE_ROWS: Final = 360
"""Rows of the sample."""
SAMPLE_SECONDS: Final = 0.7
FEW_ROWS: Final = 20
"""Rows of a SELECT of the analyst's own that are waited for where more take longer than that."""
FEW_SECONDS: Final = 5.0
"""Longest time one view, or one SELECT, is given for its sample."""
SAMPLES_SECONDS: Final = 5.0
"""Longest time all of them are given together, and all places of one table."""
COUNT_SECONDS: Final = 2.0
"""Longest time a table is counted; a larger one is estimated by its row ids."""
COUNTED: Final = 1_000_000
"""Row ids up to which rows are counted whatever the ids are."""
VIRTUAL: Final = 2
"""What table_xinfo calls a generated column that is not stored."""
PROBES: Final = 64
"""Row ids that are looked up, evenly spread: of tables that lack a twentieth of them one in 27 is believed."""


@dataclass(frozen=True)
class CatalogColumn:
    """One column of a table."""

    name: str
    type: str
    """As declared, upper case; "" where nothing is declared."""
    pk: bool = False
    """Part of the primary key."""
    unique: bool = False
    """No value twice, by declaration: the only column of the primary key or of a unique index."""
    computed: bool = False
    """Whether each value is made when it is asked for: a generated column that is not stored."""
    references: tuple[str, str | None] | None = None
    """Table and column of a foreign key; column None is the other table's primary key."""
    sample: tuple[Value, ...] = ()
    """Values of some rows, spread over the table, nulls among them; text cut at 200 characters."""


@dataclass(frozen=True)
class CatalogTable:
    """One table or view."""

    name: str
    columns: tuple[CatalogColumn, ...]
    view: bool = False
    rows: int | None = None
    """Rows: exact where counting is quick, else the span of the row ids at most; None of a view."""
    rowid: str | None = None
    """Name under which the row id can be asked for; None of a view or a WITHOUT ROWID table."""

    def column(self, name: str) -> CatalogColumn | None:
        """The column of that name, case-blind as SQLite is."""
        return next((column for column in self.columns if column.name.lower() == name.lower()), None)


_READ: Final[WeakKeyDictionary[Database, tuple[CatalogTable, ...]]] = WeakKeyDictionary()
"""What was read, as long as its database is open somewhere."""


def tables_of(database: Database) -> tuple[CatalogTable, ...]:
    """All tables, then all views, each by name, with a sample of their content; read once a database.

    A view that cannot be read has no columns.
    """
    if database not in _READ:
        _READ[database] = _read_catalog(database)
    return _READ[database]


def _read_catalog(database: Database) -> tuple[CatalogTable, ...]:
    listed = database.query(
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, lower(name)"
    )
    end = time.monotonic() + SAMPLES_SECONDS
    return tuple(_table(database, str(name), kind == "view", end - time.monotonic()) for name, kind in listed)


_SELECTED: Final[WeakKeyDictionary[Database, dict[tuple[str, str], CatalogTable]]] = WeakKeyDictionary()


def selected(database: Database, name: str, sql: str) -> CatalogTable:
    """A SELECT seen as a view called `name`, looked at once a database.

    LtvError (exit code 2) when SQLite refuses it, or it fails.
    """
    known = _SELECTED.setdefault(database, {})
    if (name, sql) not in known:
        names = database.names(f"SELECT * FROM ({sql}\n) LIMIT 0")  # noqa: S608 - the user's own SELECT
        sample = _selected_rows(database, f"({sql}\n)", names)
        columns = (CatalogColumn(n, "", sample=tuple(v)) for n, v in zip(names, sample, strict=True))
        known[name, sql] = CatalogTable(name, tuple(columns), True)
    return known[name, sql]


def _selected_rows(database: Database, source: str, names: tuple[str, ...]) -> list[tuple[Value, ...]]:
    """Its first rows; only a few where each takes long, and none where even they do."""
    for rows, seconds in ((SAMPLE_ROWS, SAMPLE_SECONDS), (FEW_ROWS, FEW_SECONDS)):
        try:
            return _by_column(database.query(_head(source, names, rows), seconds=seconds), len(names))
        except TooSlow:
            continue
    return [()] * len(names)


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
    )


def _rowid(database: Database, name: str, columns: tuple[str, ...]) -> str | None:
    taken = {column.lower() for column in columns}
    for alias in ("rowid", "_rowid_", "oid"):
        if alias not in taken:
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


def _looks(names: tuple[str, ...]) -> str:
    """Columns as sampled: blobs emptied and long text cut, since only the kind of content matters."""
    return ", ".join(
        f"CASE typeof({q}) WHEN 'blob' THEN x'' WHEN 'text' THEN substr({q}, 1, 200) ELSE {q} END"
        for q in map(quote, names)
    )


def _by_column(rows: list[Row], width: int) -> list[tuple[Value, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _head(source: str, names: tuple[str, ...], rows: int = SAMPLE_ROWS) -> str:
    return f"SELECT {_looks(names)} FROM {source} LIMIT {rows}"  # noqa: S608


def _first_rows(database: Database, source: str, names: tuple[str, ...], seconds: float) -> list[tuple[Value, ...]]:
    """Columns of the first rows; empty where they cannot be had within so many seconds."""
    if not names or seconds <= 0:
        return [()] * len(names)
    try:
        return _by_column(database.query(_head(source, names), seconds=seconds), len(names))
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
    for place in range(SAMPLE_RUNS):
        start = low + (high - low - run + 1) * place // (SAMPLE_RUNS - 1)
        last = low + (high - low - run + 1) * (place + 1) // (SAMPLE_RUNS - 1) - 1
        sql = (
            f"SELECT {_looks(names)} FROM {quote(name)}"  # noqa: S608
            f" WHERE {rowid} BETWEEN ? AND ? ORDER BY {rowid} LIMIT {run}"
        )
        try:
            rows += database.query(
                sql, (start, min(max(last, start + run - 1), high)), seconds=end - time.monotonic()
            )
        except (TooSlow, LtvError):  # a value may be computed, and take long or fail: whoever asks for it is told
            break
    return _by_column(rows, len(names))
