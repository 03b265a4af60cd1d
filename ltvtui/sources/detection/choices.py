"""What could play a role, best first, with what stands there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.candidates import OPTIONAL
from ltvtui.sources.values.amounts import DECIMALS
from ltvtui.sources.values.dates import FORMATS

TABLES: Final = frozenset({"orders", "lines"})
"""Roles that a table plays."""
WORDS: Final[dict[str, dict[str, str]]] = {
    "date_format": FORMATS,
    "decimal": dict(zip(DECIMALS, ("1,234.50", "1.234,50"), strict=True)),
}
"""Roles that a word plays, with an example of what each word means."""
SHOWN: Final = 3
"""Different values that are shown of a column."""


@dataclass(frozen=True)
class Choice:
    """One column, table or word."""

    name: str
    score: float | None = None
    """How well it fits the role by name and content, 0 to 1; None where that is not judged."""
    values: tuple[str, ...] = ()
    """Some of what stands there; of a table its columns, of a word an example."""


def choices(role: str, tables: Sequence[CatalogTable], orders: str) -> list[Choice]:
    """What could play `role`, best first; columns are those of the table `orders`."""
    if role in WORDS:
        return [Choice(word, values=(example,)) for word, example in WORDS[role].items()]
    if role in TABLES:
        found = [
            Choice(table.name, scoring.table_score(table), tuple(column.name for column in table.columns))
            for table in tables
            if table.columns
        ]
    else:
        score = _score(role, tables)
        columns = (column for table in tables if table.name == orders for column in table.columns)
        found = [Choice(column.name, score(column), _values(column)) for column in columns]
    return sorted(found, key=lambda choice: -(choice.score or 0.0))


def _score(role: str, tables: Sequence[CatalogTable]) -> Callable[[CatalogColumn], float]:
    if role == "customer":
        parties = frozenset(table.name.lower() for table in tables if scoring.is_party_table(table))
        return lambda column: scoring.customer_score(column, parties)
    if role == "date":
        return lambda column: scoring.date_score(column)[0]
    return scoring.amount_score if role == "amount" else OPTIONAL[role]


def _values(column: CatalogColumn) -> tuple[str, ...]:
    present = (str(value) for value in column.sample if value is not None and not isinstance(value, bytes))
    return tuple(dict.fromkeys(text for text in present if text.strip()))[:SHOWN]
