"""What fills a role: a column, how surely, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.content import content_of
from ltvtui.sources.detection.vocabulary import System

LEAST_SCORE: Final = 0.55
"""Score from which an optional role is filled without being asked for."""
BY_SYSTEM: Final = 0.97
"""Score of a column that a known system calls so."""


@dataclass(frozen=True)
class Find:
    """What fills one role."""

    column: str
    """Column or expression; "" where nothing does."""
    score: float
    why: str
    rivals: tuple[tuple[str, float], ...] = ()
    """Other columns with their scores, best first."""


def fill(
    role: str,
    given: str | None,
    table: CatalogTable,
    score: Callable[[CatalogColumn], float],
    system: System | None = None,
) -> Find:
    """The column of `table` that plays `role` best: the one that was `given`, the one that a known `system` calls so,
    else the one with the highest `score`."""
    if given is not None:
        column = table.column(given)
        return Find(column.name if column else given, 1.0 if given else 0.0, "as given")
    if system is not None and (native := table.column(system.columns.get(role, ""))) is not None:
        content = content_of(native)
        if not content.empty and (role != "amount" or content.money) and (role != "date" or scoring.is_dated(native)):
            return Find(native.name, BY_SYSTEM, f"{system.name}'s name for the {role.replace('_', ' ')}")
    scored = [(column.name, score(column)) for column in table.columns]
    ranked = sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: -pair[1])
    if not ranked:
        return Find("", 0.0, "no column fits")
    name, best = ranked[0]
    return Find(name, best, f"name and content fit {role.replace('_', ' ')}", tuple(ranked[1:]))


def column_of(table: CatalogTable, name: str) -> CatalogColumn:
    """The column of that name; a nameless one where there is none, which nothing fits."""
    return table.column(name) or CatalogColumn("", "")
