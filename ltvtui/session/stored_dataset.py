"""Which values make an opened shop, so that it can be stored and used again; how they are stored is storage's affair.

What can be had from the rest is left out: a value that is revenue once more, ids that stand with the people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics import schema
from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.cleaning.data_quality import Quality
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.kernel.activity_index import ActivityIndex, Precomputed
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.session.dataset import Dataset
from ltvtui.sources.detection.proposal import Guess
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.shop import ReadCheckpoint, Shop
from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.cache.fingerprint import constants, made_by
from ltvtui.storage.cache.frame_cache import FrameCache
from ltvtui.storage.cache.later import Later

WEEK_START: Final = 0
"""Weeks are stored as they usually begin."""
_CODE: Final = ("analytics", "sources", "session", "storage/cache")
"""Packages that give stored figures their meaning: an entry that other code has made is not used."""
_USED_UP: Final = frozenset(
    {"status", "currency", "rate", "refund_of", "copy", "refunded", "undone", "row_type", "same", "changed"}
)
"""Columns of rows that cleaning uses up."""


@dataclass(frozen=True, eq=False)
class StoredDataset:
    """A shop as it was opened, with the state of the source that it was made of."""

    version: str
    """Of the source, as JSON: which parts it has is the source's affair."""
    mapping: Mapping
    guesses: tuple[Guess, ...] | None
    """Of the proposal; None: the mapping was saved."""
    proposal_notices: tuple[str, ...]
    notices: tuple[str, ...]
    checkpoint: ReadCheckpoint | None
    """Where to read on; None: only the whole can be read again."""
    prints: dict[str, pl.DataFrame]
    """PagePrints.frames of the source; empty without a checkpoint."""
    dataset: Dataset
    """Without what can be had from the rest; `whole_dataset` has it all."""
    orders: Later
    """CleanOrders.frame of the dataset, which has none: figures need no single orders."""
    checked_day: int
    """The day of `quality` and `doubts`: the last one of the dataset."""
    quality: Quality
    """The account of cleaning: nearly every answer says something of it."""
    doubts: tuple[Doubt, ...]
    """What may have been read wrong."""
    other_rows: pl.DataFrame | None
    """The rows that were read, where they are needed and cannot be had from the orders."""
    with_order_ids: bool
    """Whether the rows have ids of orders."""
    read_at: float
    """When it was read, seconds since 1970."""


def stored_datasets(cache: Cache) -> FrameCache[StoredDataset]:
    """Where opened shops are stored. An entry counts for the same declarations, schemas and code alone."""
    return FrameCache(cache, StoredDataset, constants(schema), made_by(*_CODE))


def stored_part(dataset: Dataset, horizon: int) -> Dataset:
    """`dataset` with what the first questions need, `horizon` months among it, and without duplicates."""
    index, people = dataset.activity_index, dataset.people
    cleaned = replace(
        dataset.cleaned,
        frame=None,
        customer_order=dataset.cleaned.by_customer,
        ties=None,
        activity=None,
        customer_ids=dataset.cleaned.customer_ids.clear(),
    )
    periods = {(bucket, WEEK_START): dataset.activity.periods(bucket, WEEK_START) for bucket in BUCKETS}
    computed = Precomputed(
        index.by_day,
        dataset.totals(dataset.default_day),
        dataset.activity.ages(horizon),
        horizon,
        together={key: each.together for key, each in periods.items()},
        begins={key: each.begins for key, each in periods.items()},
        refunds=index.refunds,
    )
    if not index.margin_mapped:
        computed = _of_each_value(computed, lambda frame: frame.drop("value"))
    activity = index.activity if index.margin_mapped else index.activity.drop("value")
    activity_index = ActivityIndex(activity, index.margin_mapped, computed)
    return replace(dataset, cleaned=cleaned, activity_index=activity_index, people=people, typed=ManualSpend())


def whole_dataset(stored: StoredDataset, today: int) -> Dataset:
    """The dataset of which `stored_part` was stored, opened on the day `today`."""
    dataset, index = stored.dataset, stored.dataset.activity_index
    activity, computed = index.visits, index.precomputed
    assert computed is not None
    if not index.margin_mapped:
        activity, computed = _with_value(activity), _of_each_value(computed, _with_value)
    activity_index = ActivityIndex(activity, index.margin_mapped, computed)
    ids = dataset.people.frame["id"]
    cleaned = replace(dataset.cleaned, activity=activity, customer_ids=ids, read_later=stored.orders.read)
    last_day = activity_index.latest(today)
    opened = replace(dataset, cleaned=cleaned, activity_index=activity_index, last_day=last_day)
    opened.adopt(stored.checked_day, stored.quality, stored.doubts)
    return opened


def _of_each_value(computed: Precomputed, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Precomputed:
    """With another form of the frames that have a value beside the revenue."""
    totals = replace(computed.totals, customers=change(computed.totals.customers))
    assert computed.refunds is not None
    return replace(computed, totals=totals, refunds=change(computed.refunds))


def _with_value(frame: pl.DataFrame) -> pl.DataFrame:
    """With `value`, which is `revenue` where no margin is mapped."""
    return frame.clone().insert_column(frame.get_column_index("revenue") + 1, frame["revenue"].alias("value"))


def rows_to_store(shop: Shop, dataset: Dataset) -> pl.DataFrame | None:
    """The rows of a shop that can be read on; None where cleaning left them as they were: `rows_of` has them."""
    as_read = shop.rows.height == dataset.cleaned.orders.height and not _USED_UP & set(shop.rows.columns)
    return None if as_read else shop.rows


def rows_of(stored: StoredDataset, start: int = 0, count: int | None = None) -> pl.DataFrame:
    """The rows that were read: all, or `count` of them from `start` on."""
    if stored.other_rows is not None:
        return stored.other_rows.slice(start, count)
    orders, ids = stored.orders.read().slice(start, count), stored.dataset.people.frame["id"]
    order_id = ["order_id"] if stored.with_order_ids else []
    customer = ids.gather(orders["customer"]).alias("customer_id")
    rest = pl.exclude("customer", "kind", "order_id", "day", "second", "amount")
    return orders.select(customer, "day", "second", "amount", *order_id, rest)
