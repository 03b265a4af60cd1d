"""What waits until the figures of a shop stand, beside the keyboard: it is kept for the next opening, and more.

In a large shop this takes both cores for a second or two, so it waits for a pause between keys.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from math import inf
from threading import Event
from typing import Final

from textual.message import Message

from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.main_screen.expected import LARGE
from ltvtui.tui.on_demand import modules_on_demand
from ltvtui.tui.shop.messages import ShopStored

GLANCE: Final = 0.1
"""Seconds between two looks at whether there is somebody left to be shown something."""
LOAD_AFTER: Final = 0.2
"""Seconds without a question after which a module is loaded: beside a key it would take half of its time."""
LOAD_AT_LAST: Final = 10.0
"""Seconds after which all are loaded though there was no such pause."""
PAUSE: Final = 3.0
"""Seconds without a question after which what can wait is done in a large shop."""
CACHE_AFTER: Final = 1.0
"""The same for keeping it, which the next opening is glad of."""
CACHE_AT_LAST: Final = 20.0
"""Seconds after which it is kept though there was no such pause."""


def do_deferred_work(
    opened: OpenedDataset,
    shown: Event,
    then: Callable[[OpenedDataset, Callable[[], bool]], object] | None,
    quiet_for: Callable[[], float],
    post: Callable[[Message], object],
    stopped: Callable[[], bool],
) -> None:
    """Once figures are `shown`, load what other screens need, keep the shop, and do `then`, until `stopped` says so.

    `quiet_for` gives seconds since the last question.
    """
    large = opened.dataset.people.frame.height >= LARGE

    def wait(pause: float, at_last: float = inf) -> None:
        end = time.monotonic() + at_last
        while large and quiet_for() < pause and time.monotonic() < end and not stopped():
            time.sleep(pause / 10)

    while not shown.wait(GLANCE) and not stopped():
        pass
    shown.set()  # others wait for it too, and where this is stopped they wait in vain
    end = time.monotonic() + LOAD_AT_LAST
    for module in modules_on_demand():
        while quiet_for() < LOAD_AFTER and time.monotonic() < end and not stopped():
            time.sleep(LOAD_AFTER / 10)
        if stopped():
            return
        import_module(module)
    if opened.store is not None:
        wait(CACHE_AFTER, CACHE_AT_LAST)
        if not stopped():
            opened.store(stopped)
    if not stopped():
        post(ShopStored(opened))
    if then is not None:
        wait(PAUSE)
        then(opened, stopped)
