"""A SELECT in the making, to be given as orders table: rows of a table with what other tables know of them.

What a mapping of columns cannot say, a SELECT can, and the analyst can read it, change it and keep it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog import SAMPLE_ROWS
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.relation import SELECT_NAME
from ltvtui.sources.sql import quote

SECONDS: Final = 3.0
"""Longest time that a SELECT is given for its sample."""


@dataclass(frozen=True)
class FromItem:
    """What can stand after FROM under a name: a table, or several of one shape read together."""

    table: CatalogTable
    """Its name is that under which columns are asked for."""
    sql: str
    members: tuple[str, ...]
    """Names of the tables that it is made of."""


@dataclass(frozen=True)
class ChosenColumn:
    """A column of the SELECT."""

    sql: str
    column: CatalogColumn
    """As the SELECT calls it."""


@dataclass(frozen=True)
class Draft:
    """A SELECT that is not written yet."""

    title: str
    """The table whose rows these are."""
    source: str
    """SQL after FROM."""
    chosen: tuple[ChosenColumn, ...]
    notices: tuple[str, ...] = ()
    """What the analyst should know about it."""

    @classmethod
    def of(cls, source: FromItem) -> Draft:
        """All columns of a source."""
        name = source.table.name
        return cls(name, source.sql, tuple(ChosenColumn(_column(name, c.name), c) for c in source.table.columns))

    def has(self, name: str) -> bool:
        """Whether the SELECT has a column of that name already."""
        return any(one.column.name.lower() == name.lower() for one in self.chosen)

    def free(self, name: str, owner: str) -> str:
        """`name`, or one with its `owner` before it where that is taken."""
        if not self.has(name):
            return name
        number, wanted = 2, f"{owner}_{name}"
        while self.has(wanted):
            number, wanted = number + 1, f"{owner}_{name}_{number}"
        return wanted

    def sql_of(self, name: str) -> str:
        """SQL of one of its columns."""
        return next(one.sql for one in self.chosen if one.column.name.lower() == name.lower())

    def with_columns(self, owner: str, columns: Iterable[tuple[str, CatalogColumn]]) -> Draft:
        """The same with more columns: pairs of SQL and what it gives, of the table `owner`."""
        draft = self
        for sql, column in columns:
            column_free = replace(column, name=draft.free(column.name, owner), pk=False, unique=False)
            draft = replace(draft, chosen=(*draft.chosen, ChosenColumn(sql, column_free)))
        return draft

    def joined(self, other: FromItem, key: str, to: str, wanted: Iterable[CatalogColumn]) -> Draft:
        """The same with columns of `other`, whose `key` is unique and equals the SQL `to`; null without one."""
        name = other.table.name
        source = f"{self.source} LEFT JOIN {other.sql} ON {_column(name, key)} = {to}"
        return replace(self, source=source).with_columns(name, ((_column(name, c.name), c) for c in wanted))

    def without(self, name: str) -> Draft:
        """The same without the column of that name."""
        return replace(self, chosen=tuple(one for one in self.chosen if one.column.name != name))

    def with_notice(self, notice: str) -> Draft:
        """The same, and one more sentence to say."""
        return replace(self, notices=(*self.notices, notice))

    def sql(self) -> str:
        """The SELECT, in one line."""
        listed = ", ".join(
            one.sql if one.sql.endswith("." + quote(one.column.name)) else f"{one.sql} AS {quote(one.column.name)}"
            for one in self.chosen
        )
        return f"SELECT {listed} FROM {self.source}"  # noqa: S608

    def table(self, database: Database) -> CatalogTable | None:
        """What the SELECT gives, with a sample; None where it cannot be had, or not in time."""
        return sampled(database, self.sql(), [one.column for one in self.chosen])


def sampled(database: Database, sql: str, columns: Iterable[CatalogColumn]) -> CatalogTable | None:
    """A table of what a SELECT gives in `columns`, with a sample; None where it fails, or takes long."""
    rows = glance(database, f"SELECT * FROM ({sql}\n) LIMIT {SAMPLE_ROWS}", seconds=SECONDS)  # noqa: S608
    if rows is None:
        return None
    described = list(columns)
    samples = zip(*rows, strict=True) if rows else [()] * len(described)
    return CatalogTable(
        SELECT_NAME,
        tuple(
            replace(column, sample=tuple(sample), computed=False)
            for column, sample in zip(described, samples, strict=True)
        ),
        view=True,
        rows=len(rows) or 0,
    )


def _column(table: str, name: str) -> str:
    return f"{quote(table)}.{quote(name)}"
