"""What a code means, asked of the table that it leads to: a store its city, a city its country.

Asked row by row, so that the orders are read as they lie; only of tables where that is quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ltvtui.analytics.schema import RESERVED
from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.attributes import attribute_columns
from ltvtui.sources.detection.draft import FromItem
from ltvtui.sources.detection.links import is_unique, refers, singular
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.mapping import Attribute
from ltvtui.sources.relation import FEW
from ltvtui.sources.sql import quote

DEPTH: Final = 3
"""Tables one behind the other."""
MOST: Final = 8
"""Dimensions at most that lookups add to one table."""
MOST_NAMES: Final = 300
"""Rows of a table up to which their names make a dimension."""
_BARE: Final = word_set("name title label description value text")
_NAMES: Final = word_set("name title label description")
_HANDS: Final = word_set(
    "employee employees staff staffs user users rep reps agent agents seller sellers shipper shippers "
    "carrier carriers courier couriers supplier suppliers vendor vendors"
)
"""Whose hands an order went through says little of who bought."""


@dataclass(frozen=True)
class Step:
    """From a column to the row of another table."""

    column: str
    table: CatalogTable
    key: str


def lookup_attributes(
    database: Database,
    table: CatalogTable,
    qualifier: str,
    sources: Sequence[FromItem],
    existing: Iterable[str],
    left: set[str],
) -> tuple[Attribute, ...]:
    """Dimensions of the tables that codes of `table`, called `qualifier` in SQL, lead to.

    `existing` are names of dimensions that there are, `left` names of tables and columns to leave out.
    """
    used = {*existing, *RESERVED}
    found: list[Attribute] = []
    quick = [s for s in sources if len(s.members) == 1 and s.table.rows and _is_asked(s.table, left)]
    ways = [[step] for step in _steps(database, table, quick, left)]
    for _ in range(DEPTH):
        for way in ways:
            for column in _descriptive_columns(way[-1]):
                name = _name(column, way[-1].table, used)
                if name is not None and len(found) < MOST:
                    used.add(name)
                    found.append(Attribute(name, asked(qualifier, way, column.name)))
        ways = [
            [*way, step]
            for way in ways
            for step in _steps(database, way[-1].table, quick, {way[-1].key.lower()})
            if step.table.name not in (one.table.name for one in way)
        ]
    return tuple(found)


def asked(qualifier: str, way: Sequence[Step], column: str) -> str:
    """SQL for a column at the end of a way that begins in the table called `qualifier`."""
    first, last = way[0], way[-1]
    joins = "".join(
        f" JOIN {quote(step.table.name)} ON {_of(step.table, step.key)} = {_of(before.table, step.column)}"
        for before, step in pairwise(way)
    )
    start = f"{_of(first.table, first.key)} = {quote(qualifier)}.{quote(first.column)}"
    return f"(SELECT {_of(last.table, column)} FROM {quote(first.table.name)}{joins} WHERE {start})"  # noqa: S608


def step_of(database: Database, column: CatalogColumn, sources: Sequence[FromItem]) -> Step | None:
    """The table that a column leads to, where a row of it is found quickly."""
    for source in sources:
        key = refers(column, source)
        found = source.table.column(key) if key else None
        if found is None or not (found.unique or (source.table.rows or 0) <= FEW):
            continue
        keys = {str(value) for value in found.sample}
        few = (source.table.rows or 0) <= FEW
        there = {str(value) for value in column.sample if value not in (None, "")}
        if few and len(there & keys) * 2 < len(there):
            continue
        if is_unique(database, source, found.name):
            return Step(column.name, source.table, found.name)
    return None


def _steps(database: Database, table: CatalogTable, sources: Sequence[FromItem], left: set[str]) -> Iterator[Step]:
    for column in table.columns:
        if column.name.lower() in left or not any(value not in (None, "") for value in column.sample):
            continue
        step = step_of(database, column, [s for s in sources if s.table.name != table.name])
        if step is not None:
            yield step


def _is_asked(table: CatalogTable, left: set[str]) -> bool:
    name_words = set(words(table.name))
    people = bool(name_words & _HANDS) or bool(scoring.is_party_table(table))
    paid = any(scoring.amount_score(c) > 0.55 for c in table.columns)
    sales = paid and any(scoring.date_score(c)[0] > 0.55 for c in table.columns)
    return not people and table.name.lower() not in left and not sales


def _descriptive_columns(step: Step) -> list[CatalogColumn]:
    """The columns that describe a row: its name, where there are few, and what makes a dimension of any table."""
    names = [
        c
        for c in step.table.columns
        if c.name != step.key
        and words(c.name)[-1:]
        and words(c.name)[-1] in _NAMES
        and (step.table.rows or 0) <= MOST_NAMES
        and any(isinstance(v, str) and v for v in c.sample)
        and not {"first", "last", "user", "file"} & set(words(c.name))
        and all(len(str(v)) <= 60 for v in c.sample if v is not None)
    ][:1]
    priced = [c.name for c in step.table.columns if scoring.unit_price_score(c) or scoring.amount_score(c)]
    return [*names, *attribute_columns(step.table.columns, [step.key, *(c.name for c in names), *priced])]


def _name(column: CatalogColumn, table: CatalogTable, used: set[str]) -> str | None:
    *before, last = words(table.name) or (table.name.lower(),)
    one = " ".join((*before, singular(last)))
    plain = " ".join(words(column.name))
    if set(words(column.name)) <= _BARE:
        plain = one
    wanted = (plain,) if plain.startswith(one) else (plain, f"{one} {plain}")
    return next((name for name in wanted if name not in used), None)


def _of(table: CatalogTable, column: str) -> str:
    return f"{quote(table.name)}.{quote(column)}"
