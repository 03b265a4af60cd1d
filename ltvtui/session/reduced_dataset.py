"""The dataset of a shop that is reduced where it lies: figures are made here, single orders are asked there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Final

import polars as pl

from ltvtui.analytics.cleaning.clean import CleaningPolicy, CleanOrders
from ltvtui.analytics.kernel.activity_index import ActivityIndex
from ltvtui.analytics.people import described
from ltvtui.errors import LtvError, thousands
from ltvtui.session.dataset import Dataset, bound, nothing_left
from ltvtui.sources.base import Database, Source, StateVersion, UncertainVersion
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.read_plan import order_relation
from ltvtui.sources.reduction.engine import Reducing
from ltvtui.sources.reduction.where import Compute, reduces
from ltvtui.sources.shop import Shop

if TYPE_CHECKING:
    from ltvtui.sources.reduction.orders_there import Opener
    from ltvtui.sources.reduction.reduce import Reduced

Doing = Callable[[str, int, int], None]
"""Told what is being done, the how manyth step of how many it is."""
_READ_HERE: Final = "DuckDB, PostgreSQL, Spark and parquet files reduce shops where they lie: use --compute here."


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
    from ltvtui.sources.reduction.orders_there import OrdersThere
    from ltvtui.sources.reduction.reduce import reduce_shop

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
    opened = _in_the_same_state(source, version, database.state, reduced)
    store = OrdersThere(opened, reduced.orders, reduced.attributes, reduced.customer_ids, reduced.days)
    cleaned = replace(cleaned, elsewhere=store)
    people = described(cleaned, reduced.people, reduced.first_orders)
    index = ActivityIndex(reduced.activity, reduced.orders.margin)
    zone = None if reduced.days_only else policy.time_zone
    dataset = bound(cleaned, index, people, reduced.spend, today, zone)
    return replace(dataset, reduced_by=engine), shop


def _in_the_same_state(source: Source, version: StateVersion | None, state: int, reduced: Reduced) -> Opener:
    """Opens the source once more, as long as it is as it was: by its version where that is certain, else by the sums
    of its days, unless the state was seen before."""

    alone = Lock()  # two openings of one file at once would have to agree on all their settings

    @contextmanager
    def opened() -> Iterator[Reducing]:
        with alone:
            yield from _open()

    seen: set[object] = {state if version is None else version}
    if isinstance(version, UncertainVersion):
        seen.clear()  # others may have written between its reading and that of the orders

    def _open() -> Iterator[Reducing]:
        before = source.version() if version is not None else None
        if version is not None and before != version and not isinstance(version, UncertainVersion):
            raise _changed(source)
        with source.open() as database, database.transaction():
            assert isinstance(database, Reducing), "it was reduced"
            verified: object = database.state if version is None else before
            if verified not in seen or (isinstance(before, UncertainVersion) and source.version() != before):
                from ltvtui.sources.reduction.reduce import sums_of_days

                if not sums_of_days(database, reduced.orders).equals(reduced.days):
                    raise _changed(source)
                if version is None or source.version() == before:  # else others wrote while it was opened
                    seen.add(verified)
            yield database

    return opened


def _changed(source: Source) -> LtvError:
    return LtvError(
        f"{source.name} has changed since it was opened: its single orders are not those of these figures.",
        "Open it again.",
    )
