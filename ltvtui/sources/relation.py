"""What stands behind FROM: a table, a view, a SELECT, or orders joined with their lines.

Names come from the user or from the database and are either matched with a column that exists and quoted, or
taken for the user's own SQL expression and tried out before use. Values from the data never become SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, NotPermitted
from ltvtui.sources.catalog import selected, tables_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.sql import quote

SELECT_NAME: Final = "orders"
"""The name under which a SELECT given as orders table can be named in expressions."""

_SELECT = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*(?:select|with|values)\b", re.IGNORECASE | re.DOTALL)
_CALLED = re.compile(r"(\w+)\s*\(|\b(select)\b", re.IGNORECASE)
_WORDS: Final = "case when then else and or not in between like is cast blob typeof coalesce ifnull nullif iif"
_FUNCTIONS: Final = (
    "abs round min max lower upper trim ltrim rtrim substr substring instr length date time datetime julianday "
    "unixepoch strftime"
)
_QUICK: Final = frozenset(f"{_WORDS} {_FUNCTIONS}".split())
"""What may stand before a parenthesis in an expression that takes no longer than the cells it is made of."""
FEW: Final = 300
"""Rows that are looked through in no time, again and again."""
_Q: Final = r'"(?:[^"]|"")*"'
_KEY: Final = re.compile(rf"(?:ON|WHERE) ({_Q})\.({_Q}) =")
_LOOKUP: Final = re.compile(
    rf"\(SELECT {_Q}\.{_Q} FROM {_Q}"  # noqa: S608 - a pattern
    rf"(?: JOIN {_Q} ON {_Q}\.{_Q} = {_Q}\.{_Q})* WHERE {_Q}\.{_Q} = {_Q}\.{_Q}\)"
)
"""What a code means, asked of the table that it leads to (lookups.py)."""
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"((?:[^\"]|\"\")*)\"")


@dataclass(frozen=True)
class Relation:
    """A readable source of rows."""

    database: Database
    tables: tuple[CatalogTable, ...]
    """One, or orders and lines; a column of the first hides one of the same name in the second."""
    source: str
    """SQL that stands after FROM."""
    rowid: str | None = None
    """SQL of the row id by which the source can be read in ranges; None: only as a whole."""
    span: tuple[int, int] = (0, -1)
    """First and last row id."""
    rows: int | None = None
    """Rows, as far as that is known cheaply."""

    def expression(self, text: str, role: str, otherwise: Callable[[], str] | None = None) -> str:
        """SQL for a mapped column or expression; `role` is the word for it in the LtvError (exit code 2).

        `otherwise` gives other SQL for it where the engine refuses it: one of static types does not multiply text.
        """
        for table in self.tables:
            column = table.column(text)
            if column is not None:
                return f"{quote(table.name)}.{quote(column.name)}"
        # SQLite takes an unknown "name" for a string: a mistyped column would be read as one constant
        tables = (*self.tables, *(tables_of(self.database) if re.search(r"\bselect\b", text, re.IGNORECASE) else ()))
        names = {c.name.lower() for t in tables for c in t.columns} | {t.name.lower() for t in tables}
        for match in _QUOTED.finditer(text):
            if match[1] is not None and match[1].replace('""', '"').lower() not in names:
                raise self._missing(match[1].replace('""', '"'), role)
        try:
            self.database.names(f"SELECT ({text}\n) FROM {self.source} LIMIT 0")  # noqa: S608
        except LtvError as error:
            if otherwise is not None:
                with suppress(LtvError):
                    sql = otherwise()
                    self.database.names(f"SELECT {sql} FROM {self.source} LIMIT 0")  # noqa: S608
                    return sql
            if re.fullmatch(r"\s*[\w ]+\s*", text):
                raise self._missing(text.strip(), role) from error
            found = re.search(r"no such column: (?:\w+\.)?(.+?)\.?$", error.what)
            if found:
                raise self._missing(found[1], role) from error
            raise LtvError(
                f"The {role} {text!r} is not a column and not an SQL expression of {self.title}.",
                f"{error.what.rpartition('query: ')[2] or error.what} Its columns: {self._columns()}",
                2,
            ) from error
        return f"({text}\n)"

    def is_quick(self, expressions: Iterable[str]) -> bool:
        """Whether no row takes long: stored columns and what is simply made of them, so that reading a few thousand
        rows need not be interrupted."""
        text = "\n".join(expressions)
        computed = (quote(c.name) for t in self.tables for c in t.columns if c.computed)
        if any(name in text for name in computed):
            return False
        text = _LOOKUP.sub(lambda match: "0" if self._is_found_quickly(match) else match[0], text)
        return all((match[1] or match[2]).lower() in _QUICK for match in _CALLED.finditer(_QUOTED.sub("", text)))

    def _is_found_quickly(self, lookup: re.Match[str]) -> bool:
        """Whether each table that is looked into has few rows, or an index that leads to the one that is meant."""
        tables = {quote(t.name): t for t in tables_of(self.database)}
        for name, key in _KEY.findall(lookup[0]):
            table = tables.get(name)
            column = table.column(key[1:-1].replace('""', '"')) if table else None
            if table is None or column is None or not (column.unique or (table.rows or 0) <= FEW):
                return False
        return True

    def everything(self) -> tuple[str, ...]:
        """SQL of every column of every table."""
        return tuple(f"{quote(t.name)}.{quote(c.name)}" for t in self.tables for c in t.columns)

    @property
    def title(self) -> str:
        """What the source is called in a message."""
        return " and ".join(table.name for table in self.tables)

    def _columns(self) -> str:
        return listing([c.name for t in self.tables for c in t.columns])

    def _missing(self, name: str, role: str) -> LtvError:
        names = [c.name for t in self.tables for c in t.columns]
        return LtvError(
            f"{self.title} has no column {name!r} for the {role}.",
            f"Choose from: {listing(closest_first(name, names))}",
            2,
        )


def is_select(text: str) -> bool:
    """Whether `text` is a SELECT rather than the name of a table."""
    return _SELECT.match(text) is not None


def closest_first(name: str, names: Iterable[str]) -> list[str]:
    """`names` with those that resemble `name` in front."""
    by_lower = {n.lower(): n for n in names}
    close = [by_lower[n] for n in get_close_matches(name.lower(), list(by_lower), n=5, cutoff=0.5)]
    return close + [n for n in by_lower.values() if n not in close]


def listing(names: list[str], limit: int = 12) -> str:
    """Names in one line, the first few of them."""
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")


def find_table(database: Database, name: str, role: str) -> CatalogTable:
    """The table, view or SELECT the user means. LtvError (exit code 2) when there is none."""
    tables = tables_of(database)
    for table in tables:
        if table.name == name:
            return table
    for table in tables:
        if table.name.lower() == name.lower():
            return table
    if is_select(name):
        return selected(database, SELECT_NAME, name.strip().rstrip(";").rstrip())
    _refuse_closed(database, name)
    raise LtvError(
        f"{database.name} has no table {name!r} for the {role}.",
        f"Choose from: {listing(closest_first(name, [t.name for t in tables]))}",
        2,
    )


def _refuse_closed(database: Database, name: str) -> None:
    """NotPermitted of a table that is there and may not be read."""
    try:
        database.query(f"SELECT 1 FROM {'.'.join(map(quote, name.split('.')))} LIMIT 0")  # noqa: S608
    except NotPermitted:
        raise
    except LtvError:
        return  # there is none


def single(database: Database, name: str, role: str) -> Relation:
    """One table, view or SELECT as a source."""
    table = find_table(database, name, role)
    if not table.columns:
        raise LtvError(f"The view {table.name} cannot be read.", "Correct the view, or name another table.", 2)
    if table not in tables_of(database):
        sql = name.strip().rstrip(";").rstrip()
        return Relation(database, (table,), f"({sql}\n) AS {quote(SELECT_NAME)}")
    source = quote(table.name)
    if table.rowid is None:
        return Relation(database, (table,), source, rows=table.rows)
    rowid = f"{source}.{table.rowid}"
    return Relation(database, (table,), source, rowid, _span(database, source, rowid), table.rows)


def joined(database: Database, orders: str, order_id: str, lines: str, lines_order_id: str | None) -> Relation:
    """Orders with their lines: one row per line, in the order of the lines."""
    header = single(database, orders, "orders")
    line = single(database, lines, "order lines")
    head, tail = header.tables[0], line.tables[0]
    left = header.expression(order_id, "order id")
    right = line.expression(lines_order_id or order_id, "order id of the lines")
    source = database.dialect.join_lookup(line.source, header.source, f"{left} = {right}")
    column = head.column(order_id)
    if line.rowid is None or column is None or not column.unique or head.view:
        return Relation(database, (head, tail), source, rows=tail.rows)
    return Relation(database, (head, tail), source, line.rowid, line.span, tail.rows)


def rows_of(database: Database, orders: str, order_id: str | None, lines: str | None, key: str | None) -> Relation:
    """Orders, or the `lines` that lead to them by their `key`. LtvError (exit code 2) where one does not exist."""
    if lines is None:
        return single(database, orders, "orders")
    if order_id is None:
        raise LtvError(
            "Order lines are mapped, but no order id to join them by.",
            "Name the column with the order id: --order-id COLUMN",
            2,
        )
    return joined(database, orders, order_id, lines, key)


def _span(database: Database, source: str, rowid: str) -> tuple[int, int]:
    sql = f"SELECT (SELECT min({rowid}) FROM {source}), (SELECT max({rowid}) FROM {source})"  # noqa: S608
    low, high = database.query(sql)[0]
    return (int(low), int(high)) if isinstance(low, int) and isinstance(high, int) else (0, -1)
