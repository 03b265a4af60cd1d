"""The dataset of a shop that is reduced where it lies: figures are made here, single orders are asked there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.clean import CleaningPolicy, CleanOrders
from ltvtui.analytics.kernel.activity_index import ActivityIndex
from ltvtui.analytics.people import described
from ltvtui.errors import LtvError, thousands
from ltvtui.session.dataset import Dataset, bound, nothing_left
from ltvtui.sources.base import Database, Likeness, Source, StateVersion, UncertainVersion
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read_plan import order_relation
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.orders_there import Opener, OrdersThere
from ltvtui.sources.reduction.reduce import reduce_shop
from ltvtui.sources.reduction.where import Compute, reduces
from ltvtui.sources.shop import Shop

Doing = Callable[[str, int, int], None]
"""Told what is being done, the how manyth step of how many it is."""
_READ_HERE: Final = "Only DuckDB databases and parquet files are reduced where they lie: use --compute here."


def reducing(database: Database, mapping: Mapping, compute: Compute) -> Reducing | None:
    """The `database` where the shop is to be reduced in it; None where it is to be read.

    LtvError (exit code 2) where it cannot do what was asked for.
    """
    if not isinstance(database, Reducing):
        if compute == "there":
            raise LtvError(f"{database.name} is read into memory.", _READ_HERE, 2)
        return None
    if compute != "auto" or database.is_never_read:
        return None if compute == "here" else database
    relation = order_relation(database, mapping)
    rows = relation.rows
    if rows is None:
        rows = int(database.frame(f"SELECT COUNT(*) AS n FROM {relation.source}").item())  # noqa: S608 - as it is read
    return database if reduces(compute, rows) else None


def reduced_dataset(
    source: Source, database: Reducing, mapping: Mapping, policy: CleaningPolicy, today: int, doing: Doing
) -> tuple[Dataset, Shop]:
    """The dataset, and around it a shop without rows. Within a transaction.

    LtvError, also where no order is left; Cancelled when the database is stopped.
    """
    version = source.version()
    reduced = reduce_shop(database, mapping, policy, doing)
    engine = database.engine.name
    notice = f"{engine} reduced {thousands(reduced.rows_read)} rows where they lie; single orders are asked there."
    shop = Shop(pl.DataFrame(), reduced.people, reduced.spend, (*reduced.notices, notice), None, reduced.facts)
    cleaned = CleanOrders(
        None,
        None,
        None,
        reduced.activity,
        reduced.customer_ids,
        reduced.counts,
        reduced.rows_read,
        reduced.line_level,
        reduced.attributes,
        reduced.currency,
        reduced.statuses,
    )
    if not (reduced.activity["orders"] > 0).any():
        raise nothing_left(cleaned)
    opened = _in_the_same_state(source, version)
    store = OrdersThere(opened, reduced.orders, reduced.attributes, reduced.customer_ids, reduced.days)
    cleaned = replace(cleaned, elsewhere=store)
    people = described(cleaned, reduced.people, reduced.first_orders)
    index = ActivityIndex(reduced.activity, reduced.orders.margin)
    zone = None if reduced.days_only else policy.time_zone
    dataset = bound(cleaned, index, people, reduced.spend, today, zone)
    return replace(dataset, reduced_by=engine), shop


def _holds(before: StateVersion, now: StateVersion | None) -> bool:
    """Whether nothing hints at a change."""
    if isinstance(now, UncertainVersion):
        return now.likeness(before.as_json()) is not Likeness.OTHER
    return now == before


def _in_the_same_state(source: Source, version: StateVersion | None) -> Opener:
    """Opens the source once more, as long as it is as it was."""

    alone = Lock()  # two openings of one file at once would have to agree on all their settings

    @contextmanager
    def opened() -> Iterator[Reducing]:
        with alone:
            yield from _open()

    def _open() -> Iterator[Reducing]:
        if version is not None and not _holds(version, source.version()):
            raise LtvError(
                f"{source.name} has changed since it was opened: its single orders are not those of these figures.",
                "Open it again.",
            )
        with source.open() as database, database.transaction():
            assert isinstance(database, Reducing), "it was reduced"
            yield database

    return opened
