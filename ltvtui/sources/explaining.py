"""A database that writes down what it is asked, and answers from the first rows of its tables alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ltvtui.sources.base import Catalog, Database
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.reduction.chain import Chain, ChainedSelect
from ltvtui.sources.relation import Relation
from ltvtui.sources.sql import Row, Value, quote

if TYPE_CHECKING:
    import polars as pl

FEW: Final = 1_000
"""Rows of a table that are looked at: enough to see how values are written."""
_BOUNDED: Final = re.compile(r"\bLIMIT \d{1,4}\s*\Z")
"""The end of what looks at some rows alone; views are read up to a limit, too, but of millions."""


@dataclass(frozen=True)
class Statement:
    """A SELECT over all rows of a table."""

    purpose: str
    """What it is for."""
    sql: str


class Explaining:
    """The `database`, but for one thing: of the rows of `relations`, each one table, it only ever sees the first."""

    def __init__(self, database: Database, relations: Sequence[Relation], in_ranges: bool) -> None:
        """`in_ranges`: whether rows are asked for by their row ids; else each table is asked for at once."""
        self._database = database
        self._in_ranges = in_ranges
        self._few = {f"FROM {relation.source}": f"FROM {_first_rows(relation)}" for relation in relations}
        self._all = re.compile(rf"(?:{'|'.join(map(re.escape, self._few))})(?![\w.\"])")
        self.purpose = ""
        """What is being done now."""
        self.asked: list[Statement] = []
        """In the order in which it was asked; what looks at a bounded number of rows is left out."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    @property
    def readers(self) -> int:
        """Nothing is asked beside something else."""
        return 0

    @property
    def catalog(self) -> Catalog:
        """Without row ids where they are not asked for."""
        return self._database.catalog if self._in_ranges else _WithoutRowIds(self._database.catalog)

    def query(self, sql: str, values: Sequence[Value] = (), *, seconds: float | None = None) -> list[Row]:
        """As Database.query."""
        return self._database.query(self._noted(sql), values, seconds=seconds)

    def batches(self, sql: str, size: int, seconds: float | None = None) -> Iterator[list[Row] | pl.DataFrame]:
        """As Database.batches."""
        return self._database.batches(self._noted(sql), size, seconds)

    def frame(self, sql: str) -> pl.DataFrame:
        """As Reducing.frame."""
        few = self._noted(sql)
        if isinstance(sql, ChainedSelect):
            steps = ((name, self._limited(step)) for name, step in sql.steps)
            few = Chain(tuple(steps)).select(self._limited(sql.asked))
        return self._database.frame(few)  # type: ignore[attr-defined, no-any-return]

    def _noted(self, sql: str) -> str:
        if self._all.search(sql) and not _BOUNDED.search(sql):
            is_arranged = isinstance(sql, ChainedSelect)
            sent = self._database.engine.arranged(sql) if is_arranged else sql  # type: ignore[attr-defined]
            self.asked.append(Statement(self.purpose, sent))
        return self._limited(sql)

    def _limited(self, sql: str) -> str:
        return self._all.sub(lambda found: self._few[found[0]], sql)


def _first_rows(relation: Relation) -> str:
    table = relation.tables[0]
    cells = "*" if table.rowid is None else f"*, {table.rowid} AS {table.rowid}"
    return f"(SELECT {cells} FROM {relation.source} LIMIT {FEW}) AS {quote(table.name)}"  # noqa: S608 - as it is read


class _WithoutRowIds:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalog, name)

    def tables(self) -> tuple[CatalogTable, ...]:
        return tuple(replace(table, rowid=None, rowid_column=None) for table in self._catalog.tables())
