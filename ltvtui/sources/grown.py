"""Reads on where a shop has only grown: the rows that are new, and proof that the others are as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.sources.cards import read_people
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.pages import Touched, suspects
from ltvtui.sources.read import Plan, Shop, extent_of, may_repeat, order_relation, whole_numbers
from ltvtui.sources.relation import Relation
from ltvtui.sources.scan import Progress, joined, scan
from ltvtui.sources.spend import read_spend
from ltvtui.sources.sqlite import Database
from ltvtui.sources.zones import in_zone

LOWEST: Final = -(2**63)
"""Row ids that SQLite has begin here."""


def read_on(
    database: Database,
    mapping: Mapping,
    known: Shop,
    change: Touched,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    zone: str | None = None,
) -> Shop | None:
    """`known` with the rows that came later; None where any of its own rows is not as it was.

    `change` is what pages.touched told of the file between then and now; why this proves it, stands there.
    `zone` is that in which `known` was read. The tables of customers and of spend are read anew. LtvError and
    Cancelled as from `read`.
    """
    relation = order_relation(database, mapping)
    plan = Plan(relation, mapping, False, zone=zone)
    extent = known.extent
    if extent is None or extent_of(relation, mapping, plan, extent.pieces) != extent:
        return None
    reader = _Reader(relation, plan, zone, cancelled)
    if not all(reader.same(known.rows, extent.pieces, place) for place in _met(change, extent.pieces)):
        return None
    last = extent.pieces[-1][0]
    new = replace(relation, span=(last + 1, relation.span[1]), rows=max(change.rows - change.rows_before, 0))
    scanned = scan(new, plan.sure, plan.typed, progress, cancelled)
    if scanned.mixed or change.rows - scanned.frame.height != change.rows_before:
        return None
    rows = whole_numbers(joined([known.rows, _on_its_clock(scanned.frame, zone)]))
    if mapping.order_id is not None and may_repeat(relation, mapping) and _repeats(rows):
        return None  # copies are told from lines by the whole row, which was not read
    notices = list(database.notices)
    people = read_people(database, mapping.customers, notices) if mapping.customers else None
    spend = read_spend(database, mapping.spend, notices) if mapping.spend else None
    further = replace(extent, pieces=extent.pieces + scanned.pieces)
    return Shop(rows, people, spend, tuple(notices), further)


def _met(change: Touched, pieces: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    return suspects(change.ranges, [last for last, _ in pieces])


def _on_its_clock(rows: pl.DataFrame, zone: str | None) -> pl.DataFrame:
    """Rows of a part of the shop; a shop of days alone, which a zone does not move, is never read on."""
    return rows if zone is None else in_zone(rows, zone)


def _repeats(rows: pl.DataFrame) -> bool:
    ids = rows["order_id"].drop_nulls()
    return ids.n_unique() < ids.len()


class _Reader:
    """Reads single pieces again."""

    def __init__(
        self, relation: Relation, plan: Plan, zone: str | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self._relation = relation
        self._plan = plan
        self._zone = zone
        self._cancelled = cancelled

    def same(self, rows: pl.DataFrame, pieces: tuple[tuple[int, int], ...], place: int) -> bool:
        """Whether one piece still holds the rows that it held."""
        first = pieces[place - 1][0] + 1 if place else max(LOWEST, self._relation.span[0])
        last, height = pieces[place]
        start = sum(count for _, count in pieces[:place])
        then = rows.slice(start, height)
        piece = replace(self._relation, span=(first, last), rows=height)
        now = _on_its_clock(scan(piece, self._plan.sure, self._plan.typed, None, self._cancelled).frame, self._zone)
        if now.height != then.height:
            return False
        texts = pl.col([c for c in then.columns if then.schema[c] != now.schema[c]]).cast(pl.String)
        return then.with_columns(texts).equals(now.with_columns(texts))
