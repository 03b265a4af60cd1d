"""Tables of attributes, one a row (entity, attribute, value), as content systems keep what their records say.

What orders need is pivoted into columns: a record whose attributes name a customer and an amount is an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog import SAMPLE_ROWS
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.completing import SURE, Completed
from ltvtui.sources.detection.draft import Draft, FromItem
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.links import has_most_values, is_unique, refers
from ltvtui.sources.detection.scoring import word_set
from ltvtui.sources.detection.vocabulary import group, meaning
from ltvtui.sources.sql import quote

_KEY: Final = word_set("key name attribute field property meta code")
_VALUE: Final = word_set("value val content data")
_MOST: Final = 400
"""Different attributes; more are no names of any."""
_MOST_COLUMNS: Final = 12
"""Attributes that are made columns, at most."""


@dataclass(frozen=True)
class _Attributes:
    """A table of attributes, and whose they are."""

    table: CatalogTable
    of: CatalogColumn
    key: CatalogColumn
    value: CatalogColumn
    records: FromItem
    record_id: str


def pivoted(database: Database, sources: Sequence[FromItem], parties: frozenset[str]) -> Iterator[Completed]:
    """Records that are orders by their attributes, those as columns."""
    for source in sources:
        if len(source.members) == 1 and source.table.rows and not source.table.view:
            found = _attributes(database, source.table, sources)
            done = _pivot(database, found, parties) if found else None
            if done is not None:
                yield done


def _attributes(database: Database, table: CatalogTable, sources: Sequence[FromItem]) -> _Attributes | None:
    key, value = _called(table, _KEY), _called(table, _VALUE)
    if key is None or value is None or key is value or len(table.columns) > 8:
        return None
    names = [v for v in key.sample if v not in (None, "")]
    if not all(isinstance(v, str) for v in names) or len(set(names)) * 2 > len(names):
        return None
    for column in table.columns:
        if column in (key, value):
            continue
        for other in sources:
            record_id = refers(column, other) if other.table.name != table.name and other.table.rows else None
            if record_id is None or not any(scoring.date_score(c)[0] >= SURE for c in other.table.columns):
                continue
            if is_unique(database, other, record_id) and has_most_values(database, other, record_id, column):
                return _Attributes(table, column, key, value, other, record_id)
    return None


def _called(table: CatalogTable, wanted: frozenset[str]) -> CatalogColumn | None:
    return next((c for c in table.columns if {*meaning(c.name)[-1:]} & wanted and not c.pk), None)


def _pivot(database: Database, found: _Attributes, parties: frozenset[str]) -> Completed | None:
    def customer(column: CatalogColumn) -> float:
        return scoring.customer_score(column, parties)

    people = _best(_described(database, found, None), customer)
    if people is None:
        return None
    beside = _described(database, found, people.name)
    amount = _best(beside, scoring.amount_score)
    if amount is None:
        return None
    scores = (customer, scoring.currency_score, scoring.status_score, scoring.amount_score)
    others = [c for c in beside if max(s(c) for s in scores) > 0 or _is_relevant(c)]
    chosen = [*dict.fromkeys((people, amount, *others))][:_MOST_COLUMNS]
    draft = _joined(found, chosen, amount)
    table = draft.table(database)
    return Completed(draft, table, None, True) if table is not None else None


def _joined(found: _Attributes, chosen: Sequence[CatalogColumn], amount: CatalogColumn) -> Draft:
    """The records that have the amount, with the `chosen` attributes as columns."""
    name, value, key = found.table.name, quote(found.value.name), quote(found.key.name)
    columns = ", ".join(f"max(CASE {key} WHEN {_text(c.name)} THEN {value} END) AS {quote(c.name)}" for c in chosen)
    listed = ", ".join(_text(c.name) for c in chosen)
    of = quote(found.of.name)
    wide = (
        f"(SELECT {of}, {columns} FROM {quote(name)} WHERE {key} IN ({listed}) GROUP BY {of}"  # noqa: S608
        f" HAVING max({key} = {_text(amount.name)})) AS told"
    )
    draft = Draft.of(found.records)
    draft = replace(draft, source=f"{draft.source} JOIN {wide} ON told.{of} = {draft.sql_of(found.record_id)}")
    draft = draft.with_columns(name, ((f"told.{quote(c.name)}", c) for c in chosen))
    parent = next((c for c in found.records.table.columns if meaning(c.name)[-1:] == ("parent",)), None)
    if parent is not None:
        sql = f"CASE WHEN CAST(told.{quote(amount.name)} AS REAL) < 0 THEN {draft.sql_of(parent.name)} END"
        draft = draft.with_columns(name, [(sql, CatalogColumn("refund_of", ""))])
    names = ", ".join(c.name for c in chosen)
    return draft.with_notice(
        f"Values of {found.records.table.name} come from {name}, one attribute per row: {names}."
    )


def _described(database: Database, found: _Attributes, beside: str | None) -> list[CatalogColumn]:
    """Attributes as columns, with a sample; `beside`: those alone of records that have this one."""
    name, key, of = quote(found.table.name), quote(found.key.name), quote(found.of.name)
    where = f" WHERE {of} IN (SELECT {of} FROM {name} WHERE {key} = ?)" if beside else ""  # noqa: S608
    sql = f"SELECT {key} FROM {name}{where} GROUP BY 1 LIMIT {_MOST + 1}"  # noqa: S608
    rows = glance(database, sql, [beside] if beside else [])
    if rows is None or len(rows) > _MOST:
        return []
    described = []
    for attribute in (key for (key,) in rows if isinstance(key, str) and key.strip()):
        if not _may_matter(attribute):
            continue
        sql = f"SELECT {quote(found.value.name)} FROM {name} WHERE {key} = ? LIMIT {SAMPLE_ROWS}"  # noqa: S608
        sample = glance(database, sql, [attribute]) or []
        described.append(CatalogColumn(attribute, "", sample=tuple(value for (value,) in sample)))
    return described


def _may_matter(attribute: str) -> bool:
    """Whether the name of an attribute is of a customer, an amount, or a status."""
    groups = ("party", "amount", "currency", "reach", "status", "cost", "refund")
    return any(set(meaning(attribute)) & {*group(name)} for name in groups)


def _best(columns: Sequence[CatalogColumn], score: Callable[[CatalogColumn], float]) -> CatalogColumn | None:
    best = max(columns, key=score, default=None)
    return best if best is not None and score(best) >= SURE else None


def _is_relevant(column: CatalogColumn) -> bool:
    return bool(set(meaning(column.name)) & {*group("reach")})


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
