"""Opened shops, kept on disk, so that the next opening need not read and clean them again.

An entry is believed only for the very state of the database that it was made of. Where the database has changed
since, its pages tell whether rows were only added; then those are read and cleaned with the others, and else
everything is. Small shops are not kept: they are read faster than looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from ltvtui.analytics.clean import CleanOrders
from ltvtui.analytics.data_quality import RuleCount, StatusCount
from ltvtui.analytics.facts import Facts
from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals, Precomputed
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.analytics.kernel.calendar_sums import Periods
from ltvtui.analytics.people import People
from ltvtui.session.dataset import Dataset, bound
from ltvtui.sources.base import Database, Source, StateVersion, TableChange
from ltvtui.sources.cache import Cache, CacheEntry
from ltvtui.sources.detection.detect import Guess, Proposal
from ltvtui.sources.incremental import read_on
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.mapping_file import SavedMapping, dump, parse
from ltvtui.sources.read import ReadCheckpoint, Reading, Shop

FORM: Final = 10
"""Of what is kept; another one is not understood."""
LEAST_ROWS: Final = 200_000
"""Rows from which on a shop is kept."""
WEEK_START: Final = 0
"""Weeks are kept as they usually begin."""
_STANDING: Final = ("customer", "orders", "revenue", "value", "days", "first", "last")
_SPECIAL: Final = frozenset(
    {"status", "currency", "rate", "refund_of", "copy", "refunded", "undone", "row_type", "same", "changed"}
)
"""Columns of rows that cleaning uses up."""

Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class CachedDataset:
    """A shop as it was opened before."""

    dataset: Dataset
    mapping: Mapping
    proposal: Proposal | None
    notices: tuple[str, ...]
    reading: Reading
    """What it was made of, without the customer table."""


class DatasetCache:
    """The place of one shop, opened in one way, in the cache."""

    def __init__(self, cache: Cache, key: str, source: Source, named: Path) -> None:
        self._cache = cache
        self._key = key
        self._source = source
        self._named = named
        self._changes = source.changes()
        self._old: CacheEntry | None = None
        try:
            self._version: StateVersion | None = source.version()
        except OSError:
            self._version = None  # whoever opens the source says what is wrong

    def find(self, today: int) -> CachedDataset | None:
        """The shop, if nothing was committed since it was kept."""
        entry = self._cache.load(self._key, FORM)
        if entry is None or self._version is None or entry.facts["version"] != self._version.told():
            self._old = entry
            return None
        return _kept(entry, today)

    def change(self) -> TableChange | None:
        """How the shop's table differs from the state in which it was kept; None where that cannot be told.

        To be asked before the database is opened.
        """
        entry = self._old
        if entry is None or entry.facts["extent"] is None or self._version is None or self._changes is None:
            return None
        try:
            prints = _prefixed(entry.frames, "prints ")
            return self._changes.since(entry.facts["version"], prints, entry.facts["extent"]["root"])
        except OSError:
            return None

    def read_on(
        self,
        database: Database,
        change: TableChange,
        zone: str | None,
        progress: Callable[[int, int], None] | None,
        cancelled: Stop | None,
    ) -> tuple[Shop, Mapping, Proposal | None] | None:
        """The shop as it was kept, in `zone`, with what came later; None where it has to be read as a whole.

        Within a transaction: what `change` tells of has to be the state that is read.
        """
        assert self._old is not None
        assert self._version is not None
        if not self._source.stands(self._version):
            return None
        mapping = parse(self._old.facts["mapping"])
        known = Shop(
            _rows(self._old), None, None, (), _extent(self._old.facts["extent"]), Facts.of(self._old.facts["around"])
        )
        shop = read_on(database, mapping, known, change, progress=progress, cancelled=cancelled, zone=zone)
        return None if shop is None else (shop, mapping, _proposal(self._old, mapping))

    def keep(self, kept: CachedDataset, shop: Shop, horizon: int, stopped: Stop | None = None) -> str | None:
        """Keep what was just opened, for the state in which it was found. None when it is kept, else why not."""
        if shop.rows.height < LEAST_ROWS:
            return "it is small"
        try:
            if self._version is None or not self._version.settled or self._source.version() != self._version:
                return "the database has changed in the meantime"
            extent, frames = shop.extent, {}
            if extent is not None:
                prints = self._changes.prints(self._version, stopped) if self._changes is not None else None
                extent = extent if prints is not None else None
                frames = {f"prints {name}": frame for name, frame in (prints or {}).items()}
        except OSError as error:
            return f"the database cannot be read ({error.strerror})"
        facts: dict[str, Any] = {
            "version": self._version.told(),
            "mapping": dump(SavedMapping(kept.mapping)),
            "guesses": [list(astuple(guess)) for guess in kept.proposal.guesses] if kept.proposal else None,
            "said": list(kept.proposal.notices) if kept.proposal else [],
            "notices": list(kept.notices),
            "around": asdict(kept.dataset.facts),
            "extent": None if extent is None else {**vars(extent), "pieces": [list(p) for p in extent.pieces]},
        }
        plain = _is_plain(shop, kept.dataset)
        if extent is not None and not plain:
            frames["rows"] = shop.rows
        frames |= _frames(kept.dataset, horizon)
        facts |= {"dataset": _account(kept.dataset, horizon), "numbered": "order_id" in shop.rows.columns}
        return self._cache.store(self._key, FORM, frames, facts, self._named.resolve())


def _frames(dataset: Dataset, horizon: int) -> dict[str, pl.DataFrame]:
    cleaned, activity_index = dataset.cleaned, dataset.activity_index
    digest = activity_index.digested(dataset.default_day, horizon)
    valued = {
        "activity": activity_index.activity,
        "refunds": activity_index.refunds,
        "customers": digest.standing.customers,
    }
    frames = {
        "orders": cleaned.orders,
        "by customer": cleaned.by_customer.to_frame("row"),
        **{name: frame if dataset.margin_mapped else frame.drop("value") for name, frame in valued.items()},
        "by day": digest.by_day,
        "gaps": digest.standing.gaps,
        "ages": digest.ages,
        "people": dataset.people.frame,
    }
    for bucket in BUCKETS:
        frames[f"together {bucket}"] = Periods(activity_index, bucket, WEEK_START).together
    frames["begins"] = pl.DataFrame(
        {bucket: Periods(activity_index, bucket, WEEK_START).begins for bucket in BUCKETS}
    )
    if dataset.people.known is not None and dataset.people.leads is not None:
        frames |= {"known": dataset.people.known.to_frame("known"), "leads": dataset.people.leads}
    return frames if dataset.spend is None else frames | {"spend": dataset.spend}


def _account(dataset: Dataset, horizon: int) -> dict[str, Any]:
    """What a dataset is made of beside its frames."""
    cleaned, people = dataset.cleaned, dataset.people
    return {
        "counts": [list(astuple(count)) for count in cleaned.counts],
        "statuses": [list(astuple(status)) for status in cleaned.statuses],
        "rows_read": cleaned.rows_read,
        "line_level": cleaned.line_level,
        "attributes": list(cleaned.attributes),
        "currency": cleaned.currency,
        "people": list(people.attributes),
        "of_first_order": sorted(people.of_first_order),
        "as_of": dataset.default_day,
        "time_zone": dataset.time_zone,
        "horizon": horizon,
    }


def _kept(entry: CacheEntry, today: int) -> CachedDataset:
    frames, told = entry.frames, entry.facts["dataset"]
    margin = "margin" in frames["orders"].columns
    valued = {
        name: frames[name] if margin else frames[name].with_columns(pl.col("revenue").alias("value"))
        for name in ("activity", "refunds", "customers")
    }
    known = frames["known"]["known"] if "known" in frames else None
    described, firsts = tuple(told["people"]), frozenset(told["of_first_order"])
    people = People(frames["people"], described, firsts, known, frames.get("leads"))
    cleaned = CleanOrders(
        frames["orders"],
        frames["by customer"]["row"],
        None,
        valued["activity"],
        people.frame["id"],
        tuple(RuleCount(*count) for count in told["counts"]),
        told["rows_read"],
        told["line_level"],
        tuple(told["attributes"]),
        told["currency"],
        tuple(StatusCount(*status) for status in told["statuses"]),
    )
    standing = CustomerTotals(told["as_of"], valued["customers"].select(_STANDING), frames["gaps"])
    together = {(bucket, WEEK_START): frames[f"together {bucket}"] for bucket in BUCKETS}
    begins = {(bucket, WEEK_START): frames["begins"][bucket] for bucket in BUCKETS}
    ages, refunds = frames["ages"], valued["refunds"]
    digest = Precomputed(frames["by day"], standing, ages, told["horizon"], together, begins, refunds)
    activity_index = ActivityIndex(valued["activity"], margin, digest)
    mapping = parse(entry.facts["mapping"])
    dataset = bound(cleaned, activity_index, people, frames.get("spend"), today, told["time_zone"])
    dataset = replace(dataset, facts=Facts.of(entry.facts["around"]))
    extent = None if entry.facts["extent"] is None else _extent(entry.facts["extent"])
    height = sum(count for _, count in extent.pieces) if extent else 0
    reading = Reading(partial(_rows, entry), height, None, extent)
    return CachedDataset(dataset, mapping, _proposal(entry, mapping), tuple(entry.facts["notices"]), reading)


def _proposal(entry: CacheEntry, mapping: Mapping) -> Proposal | None:
    guesses = entry.facts["guesses"]
    if guesses is None:
        return None
    said = tuple(entry.facts["said"])
    return Proposal(mapping, (), tuple(Guess(*guess) for guess in guesses), notices=said)


def _extent(told: dict[str, Any]) -> ReadCheckpoint:
    return ReadCheckpoint(told["root"], tuple((last, rows) for last, rows in told["pieces"]), tuple(told["manner"]))


def _is_plain(shop: Shop, dataset: Dataset) -> bool:
    """Whether cleaning left every row as it was: then the rows can be had from the orders."""
    return shop.rows.height == dataset.cleaned.orders.height and not _SPECIAL & set(shop.rows.columns)


def _rows(entry: CacheEntry, start: int = 0, count: int | None = None) -> pl.DataFrame:
    """The rows that were read: all, or `count` of them from `start` on."""
    if "rows" in entry.frames:
        return entry.frames["rows"].slice(start, count)
    orders, ids = entry.frames["orders"].slice(start, count), entry.frames["people"]["id"]
    order_id = ["order_id"] if entry.facts["numbered"] else []
    customer = ids.gather(orders["customer"]).alias("customer_id")
    rest = pl.exclude("customer", "kind", "order_id", "day", "second", "amount")
    return orders.select(customer, "day", "second", "amount", *order_id, rest)


def _prefixed(frames: dict[str, pl.DataFrame], prefix: str) -> dict[str, pl.DataFrame]:
    return {name.removeprefix(prefix): frame for name, frame in frames.items() if name.startswith(prefix)}
