"""What was made once and may be wanted again, within a room of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar, cast

import polars as pl

from ltvtui.analytics.kernel.activity_index import CustomerTotals
from ltvtui.analytics.listing import Listing
from ltvtui.analytics.snapshot import Snapshot

R = TypeVar("R")
_ORDERED: Final = 12
"""Bytes that an order takes for each row: what it compares, and the numbers of the rows."""


class ResultCache:
    """The things used last, shared by the threads that ask. The latest is kept however large it is."""

    def __init__(self, room: int) -> None:
        """`room` is in bytes of frames, about."""
        self._room = room
        self._used = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    def recall(self, key: Hashable, make: Callable[[], R]) -> R:
        """What is kept under `key`, or what `make` gives; who asks while it is being made waits for that."""
        with self._lock:
            if key in self._kept:
                return cast(R, self._use(key))
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
            self.keep(key, made, made)
            promise.set_result(made)
            return made
        finally:
            with self._lock:
                del self._making[key]

    def find(self, key: Hashable) -> Any:
        """What is kept under `key`; None where nothing is."""
        with self._lock:
            return self._use(key) if key in self._kept else None

    def keep(self, key: Hashable, made: object, weighed: object) -> None:
        """Keep `made`, whose room is that of the frames in `weighed`; what was used longest ago gives way."""
        size = _size(weighed)
        with self._lock:
            self._used -= self._kept.pop(key, (None, 0))[1]
            self._kept[key] = (made, size)
            self._used += size
            while self._used > self._room and len(self._kept) > 1:
                self._used -= self._kept.popitem(last=False)[1][1]

    def carried(self, change: Callable[[Any], object]) -> ResultCache:
        """A memory with as much room, and in it what is kept here as `change` makes it."""
        other = ResultCache(self._room)
        with self._lock:
            kept = [(key, made) for key, (made, _) in self._kept.items()]
        for key, made in kept:
            now = change(made)
            other.keep(key, now, now)
        return other

    def clear(self) -> None:
        """Nothing is kept any more."""
        with self._lock:
            self._kept.clear()
            self._used = 0

    def _use(self, key: Hashable) -> object:
        self._kept.move_to_end(key)
        return self._kept[key][0]


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
