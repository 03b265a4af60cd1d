"""A table of what visitors did: of its views, carts and purchases only the purchases are orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.candidates import reread
from ltvtui.sources.detection.vocabulary import group, meaning, words
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import is_select, listing
from ltvtui.sources.sql import quote

_MOST_KINDS: Final = 40
"""Different things that visitors do; more make a text."""
_SECONDS: Final = 2.0


@dataclass(frozen=True)
class EventTable:
    """What only the analyst knows."""

    text: str
    choices: tuple[str, ...]


def purchases_only(database: Database, best: Candidate, overrides: Overrides) -> tuple[Candidate, EventTable | None]:
    """`best` with the purchases of a table of events alone, and what to ask where they cannot be recognised."""
    if best.table.view or is_select(best.orders) or overrides.status is not None:
        return best, None
    used = {find.column for role, find in best.finds.items() if role != "status"}
    for column in best.columns:
        if column.name in used or {"status", "state"} & set(meaning(column.name)) or not _has_views(column):
            continue
        kinds = _kinds(database, best.table.name, column)
        bought = [kind for kind in kinds if _is(kind, "purchase_events")]
        name, where = column.name, quote(best.table.name)
        if not bought:
            text = (
                f"{best.title} is a table of events, and no value of {name} is known as a purchase: "
                f"{listing(kinds, 8)}."
            )
            left = [kind for kind in kinds if not _is(kind, "browse_events") and not _is(kind, "visit_events")]
            picks = tuple(_select(where, column, [kind]) for kind in left)
            return best, EventTable(text, picks or (_select(where, column, ["PURCHASE"]),))
        left = [kind for kind in kinds if kind not in bought]
        notice = (
            f"{best.title} is a table of events: only rows whose {name} is {listing(bought)} count as orders, not "
            f"{listing(left, 6)}. If this is wrong, choose the rows: --orders 'SELECT …'."
        )
        return reread(database, best, _select(where, column, bought), overrides, notice), None
    return best, None


def _select(table: str, column: CatalogColumn, kinds: list[str]) -> str:
    values = ", ".join("'" + kind.replace("'", "''") + "'" for kind in kinds)
    return f"SELECT * FROM {table} WHERE {quote(column.name)} IN ({values})"  # noqa: S608


def _has_views(column: CatalogColumn) -> bool:
    """Whether the sample of a column tells of looking at things, or putting them into a cart."""
    values = {v for v in column.sample if isinstance(v, str) and v.strip()}
    if not values or len(values) > _MOST_KINDS or max(map(len, values)) > 40:
        return False
    browsed = [v for v in values if _is(v, "browse_events")]
    if {"event", "action", "behavior", "behaviour", "activity"} & set(meaning(column.name)):
        return bool(browsed) or any(_is(v, "visit_events") for v in values)
    bought = any(_is(v, "purchase_events") for v in values)
    return bought and len(browsed) > 0 and len(browsed) + 1 >= len(values) / 2


def _is(kind: str, what: str) -> bool:
    plain = "_".join(words(kind))
    return plain in group(what) or plain.removesuffix("s") in group(what)


def _kinds(database: Database, table: str, column: CatalogColumn) -> list[str]:
    name = quote(column.name)
    sql = f"SELECT {name} FROM {quote(table)} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {_MOST_KINDS}"  # noqa: S608
    try:
        rows = database.query(sql, seconds=_SECONDS)
    except TooSlow:
        rows = [(value,) for value in dict.fromkeys(column.sample)]
    return [value for (value,) in rows if isinstance(value, str) and value.strip()]
