"""Tables of one shape that are split by year, quarter or month: orders_2022, orders_2023 … are read together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final
from weakref import WeakKeyDictionary

from ltvtui.sources.base import Database
from ltvtui.sources.catalog import SAMPLE_ROWS, tables_of
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.draft import FromItem
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.scoring import date_score, order_id_score
from ltvtui.sources.sql import Value, quote

_MONTHS: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_PERIOD: Final = re.compile(
    r"(?:^|[^A-Za-z0-9]|(?<=[A-Za-z]))"
    rf"(?:fy\d\d|(?:{_MONTHS})?(?:y|fy)?(?:19|20)\d\d"
    rf"(?:[ _.-]?(?:q[1-4]|h[12]|(?:m|w)?\d\d?|{_MONTHS}))?(?:[ _.-]?\d\d)?"
    rf"|(?:q[1-4]|h[12]|(?<![A-Za-z])(?:{_MONTHS}))(?:[ _.-]?(?:(?:19|20)\d\d|\d\d))?)"
    r"(?=$|[^A-Za-z0-9])",
    re.IGNORECASE,
)
"""A year, a part of a year, or both, as a name tells them."""
ALIKE: Final = 0.6
"""Share of all their columns that tables of one family have in common."""
NUMBER: Final = 0.7
"""Score from which a column numbers orders."""
SAME: Final = 0.1
"""Share of rows in common from which two tables are no parts of one."""


def stem(name: str) -> str | None:
    """The name of a table without the period it is of; None where it names none."""
    found = list(_PERIOD.finditer(name))
    if not found:
        return None
    last = found[-1]
    left = (name[: last.start()] + " " + name[last.end() :]).strip(" _.-")
    return re.sub(r"[ _.-]{2,}| ", "_", left) or "orders"


_FOUND: Final[WeakKeyDictionary[Database, list[FromItem]]] = WeakKeyDictionary()
"""What was found, as long as its database is open somewhere."""


def sources_of(database: Database) -> list[FromItem]:
    """All tables, each on its own, but those of one shape that differ by their period as one source."""
    if database not in _FOUND:
        _FOUND[database] = _sources(database)
    return _FOUND[database]


def _sources(database: Database) -> list[FromItem]:
    tables = [t for t in tables_of(database) if t.columns and not t.view]
    by_stem: dict[str, list[CatalogTable]] = defaultdict(list)
    for table in tables:
        if (whole := stem(table.name)) is not None:
            by_stem[whole.lower()].append(table)
    names = {table.name.lower() for table in tables}
    families = [
        sorted(family, key=lambda t: t.name.lower())
        for whole, family in by_stem.items()
        # a table of the bare name may hold them all: which it is only the analyst knows
        if len(family) > 1 and whole not in names and any(t.rows for t in family) and _alike(family)
    ]
    families = [family for family in families if not _overlap(database, family)]
    within = {table.name for family in families for table in family}
    alone = [FromItem(t, quote(t.name), (t.name,)) for t in tables if t.name not in within]
    return alone + [_together(database, family) for family in families]


def _alike(family: Sequence[CatalogTable]) -> bool:
    """Whether they have most columns in common: one year may have a column that another lacks."""
    column_sets = [{c.name.lower() for c in table.columns} for table in family]
    common, every = set.intersection(*column_sets), set.union(*column_sets)
    return len(common) >= ALIKE * len(every)


def _overlap(database: Database, family: Sequence[CatalogTable]) -> bool:
    """Whether rows of one stand in the next too: then they are states of one table and no parts of it.

    Rows without a day say nothing: the first order of a year may have been for the same as that of the year before.
    """
    if not any(date_score(column)[0] for column in family[0].columns):
        return False
    for one, other in pairwise(table for table in family if table.rows):
        common = [c.name for c in one.columns if other.column(c.name)]
        listed = ", ".join(quote(name) for name in common)
        sql = f"SELECT {listed} FROM {quote(one.name)} INTERSECT SELECT {listed} FROM {quote(other.name)}"  # noqa: S608
        rows = glance(database, f"SELECT count(*) FROM ({sql})")  # noqa: S608
        found = rows[0][0] if rows else None
        if isinstance(found, int) and found > SAME * min(one.rows or 0, other.rows or 0):
            return True
    return False


def _restart_in_each(database: Database, family: Sequence[CatalogTable], column: str) -> bool:
    """Whether numbers of orders are in one and in the next again, so that they alone do not identify an order."""
    have = [table for table in family if table.rows and (c := table.column(column)) and order_id_score(c) >= NUMBER]
    for one, other in pairwise(have):
        numbers = f"SELECT {quote(column)} FROM {quote(other.name)}"  # noqa: S608
        rows = glance(database, f"SELECT 1 FROM {quote(one.name)} WHERE {quote(column)} IN ({numbers}) LIMIT 1")  # noqa: S608
        if rows:
            return True
    return False


def _together(database: Database, family: Sequence[CatalogTable]) -> FromItem:
    names: dict[str, CatalogColumn] = {}
    for table in family:
        for column in table.columns:
            names.setdefault(column.name.lower(), column)
    name = stem(family[0].name) or family[0].name
    restarting = {c.name for c in names.values() if _restart_in_each(database, family, c.name)}
    parts = " UNION ALL ".join(
        f"SELECT {', '.join(_part(table, column, restarting) for column in names.values())}"  # noqa: S608
        f" FROM {quote(table.name)}"
        for table in family
    )
    columns = tuple(_column(family, column, restarting) for column in names.values())
    table = CatalogTable(name, columns, view=True, rows=sum(t.rows or 0 for t in family))
    return FromItem(table, f"({parts}) AS {quote(name)}", tuple(t.name for t in family))


def _part(table: CatalogTable, column: CatalogColumn, restarting: set[str]) -> str:
    if column.name in restarting and table.column(column.name):
        return f"'{_period(table)}/' || {quote(column.name)} AS {quote(column.name)}"
    return quote(column.name) if table.column(column.name) else f"NULL AS {quote(column.name)}"


def _period(table: CatalogTable) -> str:
    return str(_PERIOD.findall(table.name)[-1]).strip(" _.-")


def _column(family: Sequence[CatalogTable], column: CatalogColumn, restarting: set[str]) -> CatalogColumn:
    """A column of all of them: what is unique in each may not be so in all."""
    share = max(1, SAMPLE_ROWS // len(family))
    sample: list[Value] = []
    for table in family:
        found = table.column(column.name)
        part = found.sample[:: max(1, len(found.sample) // share)] if found else ()
        of_period = column.name in restarting
        sample += [f"{_period(table)}/{value!s}" if of_period and value is not None else value for value in part]
    return replace(column, pk=False, unique=False, sample=tuple(sample))
