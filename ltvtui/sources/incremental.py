"""Reads on where a shop has only grown: the rows that are new, and proof that the others are as they were."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.sources.base import Database, Progress, TableChange
from ltvtui.sources.customers_table import read_people
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read import extent_of, may_repeat
from ltvtui.sources.read_plan import ReadPlan, order_relation
from ltvtui.sources.relation import Relation
from ltvtui.sources.scan import Scanned, joined, scan
from ltvtui.sources.shop import ReadCheckpoint, Shop
from ltvtui.sources.spend.table import read_spend
from ltvtui.sources.sql import Value
from ltvtui.sources.values.placeholders import may_have_placeholders
from ltvtui.sources.values.whole_numbers import whole_numbers
from ltvtui.sources.values.zones import in_zone

LOWEST: Final = -(2**63)
"""Row ids begin here."""


def read_on(
    database: Database,
    mapping: Mapping,
    before: Shop,
    change: TableChange,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    zone: str | None = None,
) -> Shop | None:
    """`before` with the rows that came later; None where any of its own rows is not as it was.

    `change` is what ChangeLog.since found of the table; for SQLite page_diff.py explains why this proves it.
    `zone` is that in which `before` was read. The tables of customers and of spend are read anew. LtvError and
    Cancelled as from `read`.
    """
    extent = before.extent
    reader = follower(database, mapping, extent, zone, cancelled) if extent is not None else None
    if extent is None or reader is None:
        return None
    pieces = extent.pieces
    if not all(reader.same(before.rows.slice(*rows_of(pieces, at)), pieces, at) for at in _met(change, pieces)):
        return None
    last = reader.last() or 0
    scanned = reader.between(pieces[-1][0] + 1, last, max(change.rows - change.rows_before, 0), progress)
    if scanned.mixed or change.rows - scanned.frame.height != change.rows_before:
        return None
    rows = whole_numbers(joined([before.rows, scanned.frame]))
    if reader.may_repeat and repeats(rows):
        return None  # copies are told from lines by the whole row, which was not read
    notices = list(database.notices)
    people = read_people(database, mapping.customers, notices) if mapping.customers else None
    spend = read_spend(database, mapping.spend, notices) if mapping.spend else None
    further = replace(extent, pieces=extent.pieces + scanned.pieces)
    return Shop(rows, people, spend, tuple(notices), further, before.facts)


def _met(change: TableChange, pieces: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    return suspects(change.ranges, [last for last, _ in pieces])


def suspects(ranges: Iterable[tuple[int, int]], ends: Sequence[int]) -> tuple[int, ...]:
    """Places of the chunks that any range meets.

    `ends` is the last row id of each chunk, ascending. A chunk begins after the end of the one before, the
    first at the lowest row id there can be; what lies above the last end belongs to none.
    """
    met: set[int] = set()
    for first, last in ranges:
        met.update(range(bisect_left(ends, first), min(bisect_left(ends, last) + 1, len(ends))))
    return tuple(sorted(met))


def _on_its_clock(rows: pl.DataFrame, zone: str | None) -> pl.DataFrame:
    """Rows of a part of the shop; a shop of days alone, which a zone does not move, is never read on."""
    return rows if zone is None else in_zone(rows, zone)


def rows_of(pieces: tuple[tuple[int, int], ...], place: int) -> tuple[int, int]:
    """Where the rows of one piece begin among all, and how many they are."""
    return sum(count for _, count in pieces[:place]), pieces[place][1]


def repeats(rows: pl.DataFrame) -> bool:
    """Whether an order id stands in two of `rows`."""
    ids = rows["order_id"].drop_nulls()
    return ids.n_unique() < ids.len()


class Follower:
    """Reads on in a table of which some rows are known."""

    def __init__(
        self, relation: Relation, plan: ReadPlan, zone: str | None, cancelled: Callable[[], bool] | None = None
    ) -> None:
        self._relation = relation
        self._plan = plan
        self._zone = zone
        self._cancelled = cancelled

    @property
    def may_repeat(self) -> bool:
        """Whether an order id can stand in two rows of the table."""
        mapping = self._plan.mapping
        return mapping.order_id is not None and may_repeat(self._relation, mapping)

    def between(self, first: int, last: int, rows: int, progress: Progress | None = None) -> Scanned:
        """The rows with ids from `first` to `last`, of which there are about so many."""
        part = replace(self._relation, span=(first, last), rows=rows)
        scanned = scan(part, self._plan.sure, self._plan.typed, progress, self._cancelled)
        mixed = scanned.mixed + may_have_placeholders(
            scanned.frame
        )  # what only the whole decides is read with the whole
        return replace(scanned, frame=_on_its_clock(scanned.frame, self._zone), mixed=mixed)

    def last(self) -> int | None:
        """The highest row id there is now; None where the table is empty."""
        relation = self._relation
        found = relation.database.query(f"SELECT max({relation.rowid}) FROM {relation.source}")[0][0]  # noqa: S608
        return found if isinstance(found, int) else None

    @property
    def has_change_column(self) -> bool:
        """Whether the shop has a column that rises whenever a row is changed."""
        return self._plan.mapping.updated_at is not None

    def last_change(self) -> Value:
        """The highest value of that column, as it lies there; None where there is none."""
        relation = self._relation
        return relation.database.query(f"SELECT max({self._updated}) FROM {relation.source}")[0][0]  # noqa: S608

    def changed(self, since: Value, last: int) -> list[int]:
        """Ids, rising, of rows up to the id `last` that were changed at `since` or later."""
        relation = self._relation
        sql = f"SELECT {relation.rowid} FROM {relation.source} WHERE {self._updated} >= ? AND {relation.rowid} <= ?"  # noqa: S608
        return sorted(int(str(row[0])) for row in relation.database.query(sql, (since, last)))

    @property
    def _updated(self) -> str:
        return self._relation.expression(self._plan.mapping.updated_at or "", "time of the last change")

    def piece(self, pieces: tuple[tuple[int, int], ...], place: int) -> pl.DataFrame:
        """The rows that one of the `pieces` holds now."""
        first = pieces[place - 1][0] + 1 if place else LOWEST
        return self.between(first, *pieces[place]).frame

    def same(self, then: pl.DataFrame, pieces: tuple[tuple[int, int], ...], place: int) -> bool:
        """Whether one of the `pieces` still holds the rows `then`."""
        now = self.piece(pieces, place)
        if now.height != then.height:
            return False
        texts = pl.col([c for c in then.columns if then.schema[c] != now.schema[c]]).cast(pl.String)
        return then.with_columns(texts).equals(now.with_columns(texts))


def place_of(pieces: tuple[tuple[int, int], ...], row: int) -> int:
    """Which of the `pieces` holds the row of that id."""
    return bisect_left([last for last, _ in pieces], row)


def follower(
    database: Database,
    mapping: Mapping,
    extent: ReadCheckpoint,
    zone: str | None,
    cancelled: Callable[[], bool] | None = None,
) -> Follower | None:
    """Who reads on behind `extent`; None where the table is another one, or is understood otherwise now."""
    relation = order_relation(database, mapping)
    plan = ReadPlan(relation, mapping, False, zone=zone)
    if extent_of(relation, mapping, plan, extent.pieces) != extent:
        return None
    return Follower(relation, plan, zone, cancelled)
