"""The one place where answers are remembered: what was made once and may be asked again, within a room of bytes."""

from __future__ import annotations

import math
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final, TypeVar, cast

import polars as pl

from ltvtui.analytics.kernel.activity_index import CustomerTotals
from ltvtui.analytics.kernel.memo import Memo
from ltvtui.analytics.listing import Listing
from ltvtui.analytics.snapshot import Snapshot

R = TypeVar("R")
_ORDERED: Final = 12
"""Bytes that an order takes for each row: what it compares, and the numbers of the rows."""
_LEAST: Final = 256
"""Bytes that an answer takes at the least, with its key."""


@dataclass
class _Entry:
    """An answer that is held."""

    made: Any
    size: int
    """Bytes."""
    rank: float
    """What has the lowest gives way first."""


class ResultCache:
    """Answers, shared by the threads that ask. The latest is kept however large it is.

    What gives way is told by GreedyDual-Size (Cao and Irani 1997): of equal size it is what was used longest ago, and
    what is large goes before what is small. A table of ten rows may have taken as long as a frame of all customers,
    and to let it go gains nothing.

    A cache is of one version of the data: keys say what is asked and under which terms. It lives as long as its
    dataset: answers know it by a `memo` that does not hold it.
    """

    def __init__(self, room: int) -> None:
        """`room` is in bytes of frames, about."""
        self._room = room
        self._used = 0
        self._passed = 0.0
        """The highest rank that gave way: what is used now ranks above it."""
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._making: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()
        self.memo: Memo = _WeakMemo(self)
        """The same cache for what it holds itself, such as snapshots: so no state of the data outlives its dataset
        until garbage is collected."""

    def recall(self, key: Hashable, make: Callable[[], R], *, lasting: bool = False) -> R:
        """The answer stored under `key`, or what `make` gives; a call while it is being made waits for it.

        A `lasting` answer has no size and is never evicted.
        """
        with self._lock:
            if (entry := self._used_now(key)) is not None:
                return cast(R, entry.made)
            begun = self._making.get(key)
            if begun is None:
                promise = self._making[key] = Future()
        if begun is not None:
            return cast(R, begun.result())
        try:
            made = make()
        except BaseException as error:
            promise.set_exception(error)
            raise
        else:
            if lasting:
                self.pin(key, made)
            else:
                self.add(key, made, made)
            promise.set_result(made)
            return made
        finally:
            with self._lock:
                del self._making[key]

    def find(self, key: Hashable) -> Any:
        """What is kept under `key`; None where nothing is."""
        with self._lock:
            entry = self._used_now(key)
        return None if entry is None else entry.made

    def add(self, key: Hashable, made: object, weighed: object) -> None:
        """Store `made`, as large as the frames in `weighed`; the least recently used is evicted."""
        size = max(_size(weighed), _LEAST)
        with self._lock:
            self._set(key, _Entry(made, size, self._passed + 1 / size))
            while self._used > self._room and self._give_way(key):
                pass

    def pin(self, key: Hashable, made: object) -> None:
        """Store `made` in place of what `key` had, never to be evicted."""
        with self._lock:
            self._set(key, _Entry(made, 0, math.inf))

    def carried(self, change: Callable[[Hashable, Any, Memo], object | None]) -> ResultCache:
        """A cache with as much room, for another version of the data. `change` gives what an answer is there, by its
        key, its present value and the memo of the other cache; None where it is asked anew."""
        other = ResultCache(self._room)
        with self._lock:
            entries = list(self._entries.items())
        for key, entry in entries:
            now = change(key, entry.made, other.memo)
            if now is None:
                continue
            if entry.size:
                other.add(key, now, now)
            else:
                other.pin(key, now)
        return other

    def __contains__(self, key: Hashable) -> bool:
        """Whether an answer is kept under `key`; that is no use of it."""
        with self._lock:
            return key in self._entries

    def clear(self) -> None:
        """Nothing is kept any more."""
        with self._lock:
            self._entries.clear()
            self._used = 0

    def _used_now(self, key: Hashable) -> _Entry | None:
        entry = self._entries.get(key)
        if entry is not None and entry.size:
            entry.rank = self._passed + 1 / entry.size
            self._entries.move_to_end(key)
        return entry

    def _set(self, key: Hashable, entry: _Entry) -> None:
        before = self._entries.pop(key, None)
        self._used += entry.size - (before.size if before else 0)
        self._entries[key] = entry

    def _give_way(self, latest: Hashable) -> bool:
        """Let the entry of the lowest rank go, of several the one used longest ago; False where there is none but the
        `latest` and those that last."""
        others = (key for key, entry in self._entries.items() if entry.size and key != latest)
        lowest = min(others, key=lambda key: self._entries[key].rank, default=None)
        if lowest is None:
            return False
        entry = self._entries.pop(lowest)
        self._used -= entry.size
        self._passed = entry.rank
        return True


class _WeakMemo:
    """A cache as long as it lives, and then no memory at all."""

    def __init__(self, cache: ResultCache) -> None:
        self._cache = weakref.ref(cache)

    def recall(self, key: Hashable, make: Callable[[], R], *, lasting: bool = False) -> R:
        cache = self._cache()
        return make() if cache is None else cache.recall(key, make, lasting=lasting)

    def find(self, key: Hashable) -> Any:
        cache = self._cache()
        return None if cache is None else cache.find(key)

    def pin(self, key: Hashable, made: object) -> None:
        cache = self._cache()
        if cache is not None:
            cache.pin(key, made)


def _size(made: object) -> int:
    """Bytes of the frames in it, about."""
    match made:
        case pl.DataFrame() | pl.Series():
            return int(made.estimated_size())
        case tuple():
            return sum(_size(part) for part in made)
        case Snapshot():
            whole = _size(made.counted) / max(made.counted.height, 1)
            return int(2 * _size(made.customers) + (whole * made.customers.height if made.selected else 0))
        case Listing():
            whole = 0 if not made.narrowed else _size(made.frame)
            return whole + _ORDERED * made.frame.height
        case CustomerTotals():
            return 2 * _size(made.customers)
    if is_dataclass(made) and not isinstance(made, type):
        return sum(_size(getattr(made, part.name)) for part in fields(made))
    return 0
