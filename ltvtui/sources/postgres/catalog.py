"""The catalog of a database of PostgreSQL: tables of all schemas, their columns and keys, and a few rows of each.

A table that can be named without its schema, by the search path, is called by its name alone, any other as
`schema.table`. Of a table without the right to read it nothing is told but that it is there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, Locked, TooSlow
from ltvtui.sources.catalog import SAMPLE_ROWS, SAMPLE_RUNS, SAMPLE_SECONDS, by_column, run_starts, sample_columns
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.postgres.kinds import PostgresKind, kind_of
from ltvtui.sources.relation import listing
from ltvtui.sources.sql import Row, Value, quote

COUNTED: Final = 200_000
"""Rows up to which a table is counted; of a larger one the server's own estimate is taken."""
COUNT_SECONDS: Final = 0.5
_ROW_BYTES: Final = 64
"""Of a table that was never analysed: few enough that it is not taken for smaller than it is."""
_WORD: Final = re.compile(r"[^\W\d]\w*")
_OWN: Final = (
    "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
    " AND d.deptype = 'e')"
)
"""Tables that neither the server nor an extension has made."""
_TABLES: Final = (
    "SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, c.reltuples::float8, c.relpages,"  # noqa: S608
    " pg_table_is_visible(c.oid), has_schema_privilege(n.oid, 'USAGE'), row_security_active(c.oid)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE c.relkind IN ('r', 'p', 'm', 'f', 'v') AND NOT c.relispartition AND {_OWN}"
    " ORDER BY c.relkind IN ('v', 'f'), lower(c.relname), n.nspname"
)
_COLUMNS: Final = (
    "SELECT a.attrelid::bigint, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), b.typname,"  # noqa: S608
    " b.typcategory::text, has_column_privilege(a.attrelid, a.attnum, 'SELECT'),"
    " coalesce(col_description(a.attrelid, a.attnum), '')"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)"
    f" WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm', 'f', 'v') AND {_OWN}"
    " ORDER BY a.attrelid, a.attnum"
)
_UNIQUE: Final = (
    "SELECT indrelid::bigint, indkey[0], indisprimary, indnkeyatts FROM pg_index WHERE indisunique AND indisvalid"
    " AND indpred IS NULL AND indexprs IS NULL"
)
_LOCKED: Final = (
    "SELECT DISTINCT l.relation::bigint FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.mode = 'AccessExclusiveLock' AND l.granted"
    " AND l.relation IS NOT NULL"
)
_PRIMARY: Final = "SELECT conrelid::bigint, unnest(conkey) FROM pg_constraint WHERE contype = 'p'"
_LEADS: Final = (
    "SELECT conrelid::bigint, conkey[1], confrelid::bigint, confkey[1] FROM pg_constraint"
    " WHERE contype = 'f' AND cardinality(conkey) = 1"
)


@dataclass(frozen=True)
class _ListedTable:
    """A table as it is known before anything of it is read."""

    number: int
    schema: str
    table: str
    kind: str
    """r: table, p: of partitions, m: materialized view, f: foreign table, v: view."""
    estimate: float
    pages: int
    name: str
    """As it is called here."""
    usable: bool
    """Whether its schema may be used."""
    is_secured: bool
    """Whether row security applies to whoever asks."""

    @property
    def is_view(self) -> bool:
        """Whether each of its rows may take long."""
        return self.kind in ("v", "f")


@dataclass(frozen=True)
class _ListedColumn:
    place: int
    name: str
    type: str
    kind: PostgresKind
    comment: str
    readable: bool


class PostgresCatalog:
    """What a database holds."""

    def __init__(self, database: Database, ask: Callable[..., list[Row]]) -> None:
        """`ask` gives the rows of SQL as the server has it, with values in place of $1 and so on."""
        self._database = database
        self._ask = ask

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """What is there and cannot be read, or only in part; one sentence each."""
        listed = {table.number for table in self._listed}
        closed = [table.name for table in self._all if table.number not in listed]
        hidden = [f"{t.name}.{c.name}" for t in self._listed for c in self._every_column[t.number] if not c.readable]
        secured = [table.name for table in self._listed if table.is_secured]
        limits = (
            ("Tables that this user may not read", closed),
            ("Columns that this user may not read", hidden),
            ("Row security may hide rows from this user", secured),
        )
        return tuple(f"{what}: {listing(names)}." for what, names in limits if names)

    @cached_property
    def _all(self) -> tuple[_ListedTable, ...]:
        found = []
        for row in self._ask(_TABLES):
            schema, table, kind = map(str, row[1:4])
            name = table if row[6] else f"{schema}.{table}"
            size = float(str(row[4])), int(str(row[5]))
            found.append(_ListedTable(int(str(row[0])), schema, table, kind, *size, name, bool(row[7]), bool(row[8])))
        return tuple(found)

    @cached_property
    def _listed(self) -> tuple[_ListedTable, ...]:
        """Those that may be read, at least in part."""
        return tuple(table for table in self._all if table.usable and self._columns.get(table.number))

    @cached_property
    def _every_column(self) -> dict[int, list[_ListedColumn]]:
        found: dict[int, list[_ListedColumn]] = defaultdict(list)
        for number, place, name, type, base, category, readable, comment in self._ask(_COLUMNS):
            kind = PostgresKind.TEXT if category in ("S", "E") else kind_of(str(base))
            column = _ListedColumn(int(str(place)), str(name), str(type).upper(), kind, str(comment), bool(readable))
            found[int(str(number))].append(column)
        return found

    @cached_property
    def _columns(self) -> dict[int, list[_ListedColumn]]:
        found = {number: [c for c in columns if c.readable] for number, columns in self._every_column.items()}
        return {number: columns for number, columns in found.items() if columns}

    def spellings(self) -> dict[str, str]:
        """How names are to be written: those that hold a schema, by their own name in quotes, and those with capital
        letters that somebody writes without quotes, which the server would take for small ones."""
        names = {c.name for table in self._listed for c in self._columns[table.number]}
        names |= {table.table for table in self._listed if table.name == table.table}
        capital = {name: quote(name) for name in names if name != name.lower() and name.lower() not in names}
        return {name: quoted for name, quoted in capital.items() if _WORD.fullmatch(name)} | self._qualified()

    def _qualified(self) -> dict[str, str]:
        here = {quote(table.name) for table in self._listed if table.name == table.table}
        spelt = {quote(t.name): f"{quote(t.schema)}.{quote(t.table)}" for t in self._listed if t.name != t.table}
        return {name: written for name, written in spelt.items() if name not in here}

    def kinds(self) -> dict[str, PostgresKind]:
        """Kinds of columns, by "table"."column", and by "column" where all that are called so are of one kind."""
        found: dict[str, PostgresKind] = {}
        alone: dict[str, set[PostgresKind]] = defaultdict(set)
        for table in self._listed:
            for column in self._columns[table.number]:
                found[f"{quote(table.name)}.{quote(column.name)}"] = column.kind
                alone[quote(column.name)].add(column.kind)
        return {**{name: kinds.pop() for name, kinds in alone.items() if len(kinds) == 1}, **found}

    def has_tables(self) -> bool:
        """Whether there is any that may be read."""
        return bool(self._listed)

    def tables(self) -> tuple[CatalogTable, ...]:
        """All tables and materialized views, then views and foreign tables, each by name, with a sample."""
        query = self._ask
        places = {(t.number, c.place): c.name for t in self._listed for c in self._columns[t.number]}
        names = {table.number: table.name for table in self._listed}
        keys = {(int(str(n)), int(str(place))) for n, place in query(_PRIMARY)}
        unique = {(int(str(n)), int(str(place))) for n, place, _, width in query(_UNIQUE) if width == 1}
        leads: dict[tuple[int, int], tuple[str, str | None]] = {}
        for number, place, other, to in query(_LEADS):
            at, there = (int(str(number)), int(str(place))), int(str(other))
            if there in names:
                leads[at] = names[there], places.get((there, int(str(to))))
        self._wait_for_locks()
        return tuple(self._table(table, keys, unique, leads) for table in self._listed)

    def _wait_for_locks(self) -> None:
        """Locked where another program does not let a table be read: without a look at it, orders would be sought in
        the others."""
        locked = {int(str(number)) for (number,) in self._ask(_LOCKED)}
        for table in self._listed:
            if table.number in locked and not table.is_view:
                try:
                    self._database.names(f"SELECT 1 FROM {quote(table.name)}")  # noqa: S608
                except Locked as error:
                    what = f"{table.name} in {self._database.name} is locked by another program."
                    raise Locked(what, error.mend, error.exit_code) from None

    def _table(
        self,
        table: _ListedTable,
        keys: set[tuple[int, int]],
        unique: set[tuple[int, int]],
        leads: dict[tuple[int, int], tuple[str, str | None]],
    ) -> CatalogTable:
        columns = self._columns[table.number]
        rows = None if table.is_view else self._rows(table)
        samples = self._samples(table, tuple(column.name for column in columns), rows)
        found = (
            CatalogColumn(
                column.name,
                column.type,
                pk=(table.number, column.place) in keys,
                unique=(table.number, column.place) in unique,
                references=leads.get((table.number, column.place)),
                sample=sample,
                comment=column.comment,
            )
            for column, sample in zip(columns, samples, strict=True)
        )
        return CatalogTable(table.name, tuple(found), table.is_view, rows)

    def _rows(self, table: _ListedTable) -> int:
        """Counted where that is quick, else as the server estimates it."""
        if table.estimate < COUNTED:
            try:
                counted = self._database.query(f"SELECT count(*) FROM {quote(table.name)}", seconds=COUNT_SECONDS)  # noqa: S608
                return int(str(counted[0][0]))
            except (TooSlow, LtvError):  # whoever reads it is told
                pass
        if table.estimate >= COUNTED:
            return int(table.estimate)
        size = self._ask("SELECT pg_total_relation_size($1)", (table.number,))[0][0]
        return max(COUNTED, int(str(size or 0)) // _ROW_BYTES)

    def _samples(self, table: _ListedTable, columns: tuple[str, ...], rows: int | None) -> list[tuple[Value, ...]]:
        """Values of some rows, in runs spread over a table; of a view the first ones, none where they take long."""
        listed, source = sample_columns(self._database, columns), quote(table.name)
        first = f"SELECT {listed} FROM {source} LIMIT {SAMPLE_ROWS}"  # noqa: S608
        if rows is not None and rows > SAMPLE_ROWS:
            spread: list[Row] = []
            if rows <= COUNTED:
                bare = ", ".join(map(quote, columns))
                numbered = f"(SELECT {bare}, row_number() OVER () AS ltvtui_row FROM {source}) AS numbered"  # noqa: S608
                run = SAMPLE_ROWS // SAMPLE_RUNS
                runs = (f"ltvtui_row BETWEEN {at} AND {at + run - 1}" for at in run_starts(1, rows))
                spread = self._database.query(f"SELECT {listed} FROM {numbered} WHERE {' OR '.join(runs)}")  # noqa: S608
            elif table.kind == "p":
                share = min(100.0, max(0.01, 300.0 * SAMPLE_ROWS / rows))
                blocks = f"TABLESAMPLE SYSTEM ({share}) REPEATABLE (1) LIMIT {SAMPLE_ROWS}"
                spread = self._database.query(f"SELECT {listed} FROM {source} {blocks}")  # noqa: S608
            elif table.pages > 0:
                spread = self._database.query(f"SELECT {listed} FROM {source} WHERE ctid = ANY({_places(table)})")  # noqa: S608
            if len(spread) >= SAMPLE_ROWS // 3:
                return by_column(spread, len(columns))
        if not table.is_view:
            return by_column(self._database.query(first), len(columns))
        try:
            return by_column(self._database.query(first, seconds=SAMPLE_SECONDS), len(columns))
        except (TooSlow, LtvError):  # whoever asks for the view is told
            return [()] * len(columns)

    def view_sql(self, name: str) -> str:
        """The SELECT of a view; "" where it is not known."""
        table = next((table for table in self._listed if table.name == name and table.kind in ("v", "m")), None)
        if table is None:
            return ""
        found = self._ask("SELECT pg_get_viewdef($1::oid)", (table.number,))
        return str(found[0][0] or "").strip().rstrip("; \n")

    def table_id(self, name: str) -> int | None:
        """None: changes are not told apart by table."""
        return None


def _places(table: _ListedTable) -> str:
    """SQL of the places (block, and number within it) at which the runs of a sample lie, as if by row number."""
    rows = int(table.estimate)
    each = max(1, ceil(rows / table.pages))
    run = SAMPLE_ROWS // SAMPLE_RUNS
    places = (
        f"'({row // each},{row % each + 1})'"
        for start in run_starts(0, max(rows, SAMPLE_ROWS) - 1)
        for row in range(start, start + run)
    )
    return f"ARRAY[{', '.join(places)}]::tid[]"
