"""Opened shops, kept on disk, so that the next opening need not read and clean them again.

An entry is believed only for the very state of the database that it was made of. Where the database has changed
since, its pages tell whether rows were only added; then those are read and cleaned with the others, and else
everything is. Small shops are not kept: they are read faster than looked up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.stored_dataset import (
    StoredDataset,
    rows_of,
    rows_to_store,
    stored_datasets,
    stored_part,
    whole_dataset,
)
from ltvtui.sources.base import Database, Likeness, Source, StateVersion, Stop, TableChange, UncertainVersion
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.incremental import read_on
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.shop import Reading, Shop
from ltvtui.storage.cache.cache import Cache
from ltvtui.storage.cache.later import Later

UNSURE_SECONDS: Final = 600.0
"""Longest time after its reading that a shop is shown again of which it is not certain that nothing was committed
since; it is said then."""
LEAST_ROWS: Final = 200_000
"""Rows from which on a shop is stored."""


@dataclass(frozen=True, eq=False)
class CachedDataset:
    """A shop as it was opened before."""

    dataset: Dataset
    mapping: Mapping
    proposal: Proposal | None
    notices: tuple[str, ...]
    reading: Reading
    """What it was made of, without the customer table."""
    read_at: float | None = None
    """When it was read, seconds since 1970, where it is not certain that nothing was committed since."""


class DatasetCache:
    """The place of one shop, opened in one way, in the cache."""

    def __init__(self, cache: Cache, key: str, source: Source, identity: str) -> None:
        """`identity`: of the locator that the user knows the source by."""
        self._cache = stored_datasets(cache)
        self._key = key
        self._source = source
        self._identity = identity
        self._begun = time.time()
        self._changes = source.changes()
        self._old: StoredDataset | None = None
        try:
            self._version: StateVersion | None = source.version()
        except OSError:
            self._version = None  # opening the source raises what is wrong

    def find(self, today: int, certain: bool = False) -> CachedDataset | None:
        """The shop, if nothing was committed since it was stored; or unless it has to be `certain`, if it was read
        a short while ago and nothing hints at a change."""
        stored = self._cache.load(self._key)
        if stored is None or self._version is None:
            return None
        if stored.version == _as_json(self._version):
            return _cached(stored, today)
        if not certain and self._is_alike(stored):
            return replace(_cached(stored, today), read_at=stored.read_at)
        self._old = stored
        return None

    def _is_alike(self, stored: StoredDataset) -> bool:
        version, age = self._version, time.time() - stored.read_at
        if not isinstance(version, UncertainVersion) or not 0 <= age < UNSURE_SECONDS:
            return False
        return version.likeness(json.loads(stored.version)) is Likeness.ALIKE

    def change(self) -> TableChange | None:
        """How the shop's table differs from the state in which it was stored; None where that is unknown.

        To be asked before the database is opened.
        """
        stored = self._old
        if stored is None or stored.checkpoint is None or self._version is None or self._changes is None:
            return None
        try:
            return self._changes.since(json.loads(stored.version), stored.prints, stored.checkpoint.root)
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
        """The shop as it was stored, in `zone`, with later rows; None where it has to be read as a whole.

        Within a transaction: `change` has to be of the state that is read.
        """
        assert self._old is not None
        assert self._version is not None
        if not self._source.is_current(self._version):
            return None
        stored = self._old
        before = Shop(rows_of(stored), None, None, (), stored.checkpoint, stored.dataset.facts)
        shop = read_on(database, stored.mapping, before, change, progress=progress, cancelled=cancelled, zone=zone)
        return None if shop is None else (shop, stored.mapping, _proposal(stored))

    def store(self, opened: CachedDataset, shop: Shop, horizon: int, stopped: Stop | None = None) -> str | None:
        """Store what was just opened, for the state in which it was found. None when it is stored, else why not."""
        if shop.rows.height < LEAST_ROWS:
            return "it is small"
        try:
            if self._version is None or not self._version.is_quiet or self._has_changed():
                return "the database has changed in the meantime"
            checkpoint, prints = shop.extent, {}
            if checkpoint is not None:
                found = self._changes.prints(self._version, stopped) if self._changes is not None else None
                checkpoint = checkpoint if found is not None else None
                prints = found or {}
        except OSError as error:
            return f"the database cannot be read ({error.strerror})"
        stored = StoredDataset(
            _as_json(self._version),
            opened.mapping,
            opened.proposal.guesses if opened.proposal else None,
            opened.proposal.notices if opened.proposal else (),
            opened.notices,
            checkpoint,
            prints,
            stored_part(opened.dataset, horizon),
            Later(opened.dataset.cleaned.orders),
            opened.dataset.default_day,
            opened.dataset.quality(Query(as_of=opened.dataset.default_day)),
            opened.dataset.doubts,
            rows_to_store(shop, opened.dataset) if checkpoint else None,
            "order_id" in shop.rows.columns,
            self._begun,
        )
        return self._cache.store(self._key, stored, self._identity)

    def _has_changed(self) -> bool:
        """Whether another state can have been read. Where states are uncertain, the one of before the reading is
        stored: what was committed since is another one, and then hints at it."""
        return not isinstance(self._version, UncertainVersion) and self._source.version() != self._version


def _as_json(version: StateVersion) -> str:
    return json.dumps(version.as_json(), sort_keys=True)


def _cached(stored: StoredDataset, today: int) -> CachedDataset:
    height = sum(count for _, count in stored.checkpoint.pieces) if stored.checkpoint else 0
    reading = Reading(partial(rows_of, stored), height, None, stored.checkpoint)
    dataset = whole_dataset(stored, today)
    return CachedDataset(dataset, stored.mapping, _proposal(stored), stored.notices, reading)


def _proposal(stored: StoredDataset) -> Proposal | None:
    if stored.guesses is None:
        return None
    return Proposal(stored.mapping, (), stored.guesses, notices=stored.proposal_notices)
