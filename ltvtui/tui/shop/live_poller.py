"""Follows a shop that others write to, beside the keyboard, and posts what becomes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from textual.message import Message

from ltvtui.errors import Cancelled, LtvError
from ltvtui.session.live import Live
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.base import Torn
from ltvtui.tui.shop.messages import ShopBack, ShopChecked, ShopGrew, ShopLost

CHECK_EVERY = 0.1
"""Seconds between two looks: a commit is seen well within a second."""
PROVE_EVERY = 0.5
"""Seconds after which pieces of the shop are read again: commits go first."""
PROVE_FOR = 0.1
"""Seconds that it takes, a large shop's single piece perhaps longer."""
PROVE_AT_LEAST = 2.0
"""The same where one commit follows the other."""
SLOW = 2.0
"""Seconds from which on a look is followed by as long a rest: a shop that is read as a whole leaves time for keys."""
AGAIN_AFTER = 1.0
"""Seconds after which a shop that could not be read is looked at again."""
TORN_AT_MOST = 5
"""Times in a row that files are written over while they are read, before the screen says so."""
PATIENCE = 10.0
"""Seconds after which the screen is not waited for any longer."""


def follow(live: Live, post: Callable[[Message], object], stopped: Callable[[], bool]) -> None:
    """Look at the shop until `stopped` says so; then the database is given back."""
    poll, pause, proven, torn = _Poll(post), threading.Event(), 0.0, 0
    try:
        while not stopped():
            begun = time.monotonic()
            try:
                opened = live.poll(stopped)
                poll.show_proven(not live.to_prove)
                if opened is not None:
                    _show(opened, post, stopped)
                if begun - proven > (PROVE_EVERY if opened is None else PROVE_AT_LEAST):
                    proven = begun
                    mended = _prove(live, stopped)
                    poll.show_proven(not live.to_prove)
                    if mended is not None:
                        _show(mended, post, stopped)
            except LtvError as error:
                torn = torn + 1 if isinstance(error, Torn) else TORN_AT_MOST
                if torn >= TORN_AT_MOST:
                    poll.show_trouble(error, "cannot be read")
                pause.wait(CHECK_EVERY if torn < TORN_AT_MOST else AGAIN_AFTER)
                continue
            torn = 0
            poll.show_trouble(live.trouble, "not closed cleanly")
            elapsed = time.monotonic() - begun
            pause.wait(elapsed if elapsed > SLOW else CHECK_EVERY)
    except Cancelled:
        pass
    finally:
        live.close()


class _Poll:
    """What the screen knows of how well the shop can be followed; it is told of changes alone."""

    def __init__(self, post: Callable[[Message], object]) -> None:
        self._post = post
        self._trouble = ""
        self._is_proven = True

    def show_trouble(self, error: LtvError | None, reason: str) -> None:
        what = error.what if error is not None else ""
        if what != self._trouble:
            self._trouble = what
            self._post(ShopBack() if error is None else ShopLost(error, reason))

    def show_proven(self, is_proven: bool) -> None:
        if is_proven != self._is_proven:
            self._is_proven = is_proven
            self._post(ShopChecked(is_proven))


def _prove(live: Live, stopped: Callable[[], bool]) -> OpenedDataset | None:
    """Prove as many pieces as there is time for, one at least."""
    end = time.monotonic() + PROVE_FOR
    while live.to_prove and not stopped():
        opened = live.prove(stopped)
        if opened is not None or time.monotonic() > end:
            return opened
    return None


def _show(opened: OpenedDataset, post: Callable[[Message], object], stopped: Callable[[], bool]) -> None:
    """Post the shop and wait until it is on screen."""
    grew = ShopGrew(opened)
    post(grew)
    for _ in range(int(PATIENCE / CHECK_EVERY)):
        if grew.shown.wait(CHECK_EVERY) or stopped():
            return
