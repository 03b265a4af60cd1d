"""From a path to the first figures, phase by phase; and how soon a reading that is not wanted ends."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Final

from ltvtui.analytics.segments import profile
from ltvtui.errors import Cancelled
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.overview.compute import overview

PHASES: Final = ("read", "clean", "snapshot", "questions")
CANCEL_AT: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Shares of the time of an opening at which it is cancelled."""


def first_figures(path: str, cache: str = "") -> dict[str, float]:
    """Seconds of each phase up to what Overview shows first; with `cache` what is kept may be used.

    The PHASES: `read` up to the last row, `clean` up to an open shop, `snapshot`, `questions` (the strip of key
    figures and all that Overview asks), and `all`. `whole` is the same with everything else that is read of a
    large shop after its first figures.
    """
    started = time.perf_counter()
    read = [started]
    told: list[dict[str, float]] = []

    def show(opened: OpenedDataset) -> None:
        at = [started, read[-1], time.perf_counter()]
        opened.dataset.snapshot(opened.query)
        at.append(time.perf_counter())
        opened.dataset.ask(profile, opened.query)
        overview(opened.dataset, Location("overview", opened.query))
        at.append(time.perf_counter())
        phases = {name: b - a for name, (a, b) in zip(PHASES, pairwise(at), strict=True)}
        told.append({**phases, "all": at[-1] - started})

    request = OpenRequest(Path(path), cache=bool(cache))
    opened = open_shop(request, lambda done, total: read.append(time.perf_counter()), early=show)
    show(opened)
    if opened.store is not None and cache:
        opened.store(lambda: False)
    return {**told[0], "whole": told[-1]["all"]}


def cancelled(path: str) -> list[float]:
    """Seconds from the wish to leave an opening to its end, at several moments of it."""
    started = time.perf_counter()
    open_shop(OpenRequest(Path(path), cache=False))
    whole = time.perf_counter() - started
    return [_cancelled_at(Path(path), whole * share) for share in CANCEL_AT]


def _cancelled_at(path: Path, seconds: float) -> float:
    wish = threading.Event()
    wished: list[float] = []

    def ask() -> None:
        wished.append(time.perf_counter())
        wish.set()

    timer = threading.Timer(seconds, ask)
    timer.start()
    with suppress(Cancelled):
        open_shop(OpenRequest(path, cache=False), cancelled=wish.is_set)
    ended = time.perf_counter()
    timer.cancel()
    timer.join()
    return max(ended - wished[0], 0.0) if wished else 0.0
