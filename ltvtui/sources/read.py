"""From a database and a mapping to the frames of schema.py: rows, people, spend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Final

import polars as pl

from ltvtui.sources.base import Database, Progress
from ltvtui.sources.customers_table import read_people
from ltvtui.sources.facts import facts_of
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.needed_columns import FIGURES, NeededColumns
from ltvtui.sources.read_plan import COLUMNS, MONEY, TEXTS, ReadPlan, check_names, order_relation
from ltvtui.sources.relation import Relation
from ltvtui.sources.row_prints import RowPrints
from ltvtui.sources.scan import Asked, scan
from ltvtui.sources.shop import ReadCheckpoint, Shop
from ltvtui.sources.spend.table import read_spend
from ltvtui.sources.values.placeholders import USUAL, IdRules, clear_placeholders
from ltvtui.sources.values.whole_numbers import whole_numbers
from ltvtui.sources.values.zones import DAYS_ONLY, OFFSET, has_only_days, in_zone

WAITS_FROM: Final = 1_000_000
"""Rows from which on what only describes is read when the first figures stand."""
LONG_ID: Final = 10**9
"""From here on ids may have lost digits."""
_ARITHMETIC: Final = re.compile(r'(?:[\w.]+|"[^"]*"|\s|[-+*/])+')
"""Expressions that can only be about the row itself: no function, no other table, no clock."""


def read(
    database: Database,
    mapping: Mapping,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    typed: bool = True,
    zone: str | None = None,
    ids: IdRules = USUAL,
) -> Shop:
    """Everything the mapping names, decoded and typed; nothing is dropped, unreadable values are null.

    Null is also what stands for none, as `ids` allow. Orders are of the day that it was in `zone` (an IANA name);
    None: on the shop's own clock. Without `typed`
    every cell is asked for on its own: slower, and the same answer.
    LtvError: exit code 2 when the mapping does not fit the database, 1 when the database cannot be read.
    Cancelled: `cancelled` returned True between two chunks.
    """
    with database.transaction():
        return _read(database, mapping, progress, cancelled, typed, zone, ids)


def _read(
    database: Database,
    mapping: Mapping,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    typed: bool,
    zone: str | None,
    ids: IdRules,
) -> Shop:
    check_names(mapping)
    relation = order_relation(database, mapping)
    plan = ReadPlan(relation, mapping, _has_repeats(relation, mapping), zone=zone)
    scanned = scan(relation, plan.sure, plan.typed if typed else None, progress, cancelled)
    notices = list(database.notices)
    rows, cleared = clear_placeholders(whole_numbers(scanned.frame), ids, notices)
    rows = in_its_zone(rows, zone, notices)
    if mapping.order_id is not None and not plan.copies and may_repeat(relation, mapping):
        orders = rows["order_id"].drop_nulls()
        if orders.n_unique() < orders.len():
            prints = scan(relation, _everything(relation, mapping), cancelled=cancelled).frame
            for series in prints.get_columns():
                rows = rows.insert_column(_copy_place(rows, mapping), series)
    if scanned.mixed:
        notices.append(f"Rows read cell by cell because their columns have mixed types: {scanned.mixed}.")
    people = read_people(database, mapping.customers, notices) if mapping.customers else None
    spend = read_spend(database, mapping.spend, notices) if mapping.spend else None
    # later rows may bring a time of day, and guests are recognised by all rows
    lasting = not scanned.mixed and DAYS_ONLY not in notices and not cleared
    extent = extent_of(relation, mapping, plan, scanned.pieces) if lasting else None
    return Shop(rows, people, spend, tuple(notices), extent, facts_of(relation, mapping))


def read_first(
    database: Database,
    mapping: Mapping,
    needed: NeededColumns = FIGURES,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    zone: str | None = None,
    ids: IdRules = USUAL,
) -> Shop | None:
    """Of a large shop what is `needed` first, with the same figures as of the whole.

    To be asked within a transaction. None where there is nothing to gain, or where what is left out would decide
    which order of a customer was the first. `read_rest` adds what is missing; LtvError and Cancelled as from `read`.
    """
    check_names(mapping)
    relation = order_relation(database, mapping)
    first = needed.of(mapping)
    if first == mapping or not _can_wait(relation, mapping):
        return None
    numbered = _are_row_ids(relation, mapping)
    plan = ReadPlan(relation, replace(first, order_id=None) if numbered else first, False, zone=zone)
    scanned = scan(relation, plan.sure, plan.typed, progress, cancelled)
    notices = list(database.notices)
    rows, cleared = clear_placeholders(whole_numbers(scanned.frame), ids, notices)
    if numbered and first.order_id is not None:  # they stand in the order of the ids, which are not read for that
        rows = rows.with_columns(_row_numbers(rows).alias("order_id"))
    if 0 < len(first.attributes) < len(mapping.attributes) and not _ids_decide(rows):
        return None
    rows = in_its_zone(rows, zone, notices)
    people = read_people(database, first.customers, notices) if first.customers else None
    spend = read_spend(database, first.spend, notices) if first.spend else None
    lasting = not scanned.mixed and DAYS_ONLY not in notices and not cleared
    whole = ReadPlan(relation, mapping, False, zone=zone)
    extent = extent_of(relation, mapping, whole, scanned.pieces) if lasting else None
    return Shop(rows, people, spend, tuple(notices), extent, facts_of(relation, mapping))


def read_rest(
    database: Database,
    mapping: Mapping,
    first: Shop,
    needed: NeededColumns = FIGURES,
    *,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 1,
) -> Shop:
    """What `read` gives, from what `read_first` gave of what was `needed` in the same transaction."""
    relation = order_relation(database, mapping)
    left = replace(mapping, attributes=tuple(a for a in mapping.attributes if a.name not in needed.attributes))
    rows, mixed = first.rows, 0
    has_ids = needed.order_ids and not _are_row_ids(relation, mapping)
    if not has_ids and "order_id" in rows.columns:
        rows = rows.drop("order_id")
    roles = () if has_ids else ("order_id",)
    if left.attributes or (roles and mapping.order_id is not None):
        plan = ReadPlan(relation, left, False, roles)
        scanned = scan(relation, plan.sure, plan.typed, None, cancelled, threads)
        mixed = scanned.mixed
        rows = pl.concat([rows, whole_numbers(scanned.frame)], how="horizontal")
    attributes = [attribute.name for attribute in mapping.attributes]
    rows = rows.select(*(name for name in COLUMNS if name in rows.columns), *attributes)
    notices, people, spend = list(first.notices), first.people, first.spend
    if not needed.tables:
        people = read_people(database, mapping.customers, notices) if mapping.customers else None
        spend = read_spend(database, mapping.spend, notices) if mapping.spend else None
    return Shop(rows, people, spend, tuple(notices), None if mixed else first.extent, first.facts)


def _can_wait(relation: Relation, mapping: Mapping) -> bool:
    """Whether figures can be made without all columns: no row repeats an order id, and no refund refers to one."""
    large = (relation.rows or 0) >= WAITS_FROM and relation.rowid is not None and len(relation.tables) == 1
    unique = mapping.order_id is None or not may_repeat(relation, mapping)
    return bool(large and unique and mapping.refund_of is None)


def _are_row_ids(relation: Relation, mapping: Mapping) -> bool:
    """Whether the ids of orders are the row ids, by which rows are read, and short enough to be whole."""
    column = relation.tables[0].rowid_column
    is_short = max(map(abs, relation.span)) < LONG_ID  # others are looked at: a spreadsheet may have rounded them
    return is_short and column is not None and (mapping.order_id or "").lower() == column.lower()


def _row_numbers(rows: pl.DataFrame) -> pl.Series:
    """Int32, in chunks as the other columns are: else these were moved, to be as the new one is."""
    lengths = rows["day"].chunk_lengths()
    ends = list(accumulate(lengths, initial=0))
    parts = [pl.int_range(start, end, dtype=pl.Int32, eager=True) for start, end in pairwise(ends)]
    return pl.concat(parts, rechunk=False)


def _ids_decide(rows: pl.DataFrame) -> bool:
    """Whether ids alone tell which of two orders of a moment was the first; else attributes do."""
    return "order_id" in rows.columns and rows["order_id"].null_count() == 0


def extent_of(
    relation: Relation, mapping: Mapping, plan: ReadPlan, pieces: tuple[tuple[int, int], ...]
) -> ReadCheckpoint | None:
    """The extent of what was read in `pieces`; None unless every row can be judged on its own."""
    table = relation.tables[0]
    roles = ("customer", "date", "order_id", "rate", "refund_of", "cancelled", *TEXTS, *MONEY)
    wanted = [*(getattr(mapping, role) for role in roles), *(a.column for a in mapping.attributes)]
    plain = all(column is None or table.column(column) or _ARITHMETIC.fullmatch(column) for column in wanted)
    if relation.rowid is None or len(relation.tables) > 1 or plan.copies or not plain or not pieces:
        return None
    found = relation.database.catalog.table_id(table.name)
    return None if found is None else ReadCheckpoint(found, pieces, plan.manner)


def _everything(relation: Relation, mapping: Mapping) -> Asked:
    prints = RowPrints(relation, mapping)
    return Asked(prints.columns, frozenset(), lambda raw: pl.DataFrame(prints.of(raw)))


def in_its_zone(rows: pl.DataFrame, zone: str | None, notices: list[str]) -> pl.DataFrame:
    """Rows of a whole shop on the clocks of `zone`; `notices` get one where there is no time of day to move."""
    if zone is None:
        return rows
    if has_only_days(rows):
        notices.append(DAYS_ONLY)
        return rows.drop(OFFSET)
    return in_zone(rows, zone)


def _copy_place(rows: pl.DataFrame, mapping: Mapping) -> int:
    return rows.width - len(mapping.attributes)


def may_repeat(relation: Relation, mapping: Mapping) -> bool:
    """Whether an order id can stand in two rows: always, unless the table itself forbids it."""
    if len(relation.tables) > 1:
        return True
    column = relation.tables[0].column(mapping.order_id or "")
    return column is None or not column.unique


def _has_repeats(relation: Relation, mapping: Mapping) -> bool:
    """Whether the sample already shows repeated order ids: then fingerprints come in the first pass."""
    if mapping.order_id is None:
        return False
    if len(relation.tables) > 1:
        return True
    column = relation.tables[0].column(mapping.order_id)
    if column is None or column.unique:
        return False
    present = [value for value in column.sample if value is not None]
    return len(set(present)) < len(present)
