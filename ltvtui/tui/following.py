"""Follows a shop that others write to, beside the keyboard, and posts what becomes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from textual.message import Message

from ltvtui.errors import LtvError
from ltvtui.live import Live
from ltvtui.opening import Opened
from ltvtui.sources.scan import Cancelled

LOOK_EVERY = 0.1
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
PATIENCE = 10.0
"""Seconds after which the screen is not waited for any longer."""


@dataclass
class ShopGrew(Message):
    """Somebody committed something, and this is the shop with it."""

    opened: Opened
    shown: threading.Event = field(default_factory=threading.Event)
    """Set when it is on screen: a newer one is not made before."""


@dataclass
class ShopLost(Message):
    """The shop cannot be read any more, and why; what is shown stays."""

    error: LtvError


@dataclass
class ShopBack(Message):
    """It can be read again, and nothing has changed."""


def follow(live: Live, post: Callable[[Message], object], stopped: Callable[[], bool]) -> None:
    """Look at the shop until `stopped` says so; then the database is given back."""
    pause, lost, proven = threading.Event(), "", 0.0
    try:
        while not stopped():
            begun = time.monotonic()
            try:
                opened = live.look(stopped)
                if opened is not None:
                    _show(opened, post, stopped)
                if begun - proven > (PROVE_EVERY if opened is None else PROVE_AT_LEAST):
                    proven = begun
                    mended = _prove(live, stopped)
                    if mended is not None:
                        _show(mended, post, stopped)
            except LtvError as error:
                if error.what != lost:
                    lost = error.what
                    post(ShopLost(error))
                pause.wait(AGAIN_AFTER)
                continue
            if lost:
                post(ShopBack())
            lost = ""
            took = time.monotonic() - begun
            pause.wait(took if took > SLOW else LOOK_EVERY)
    except Cancelled:
        pass
    finally:
        live.close()


def _prove(live: Live, stopped: Callable[[], bool]) -> Opened | None:
    """Prove as many pieces as there is time for, one at least."""
    end = time.monotonic() + PROVE_FOR
    while live.to_prove and not stopped():
        opened = live.prove(stopped)
        if opened is not None or time.monotonic() > end:
            return opened
    return None


def _show(opened: Opened, post: Callable[[Message], object], stopped: Callable[[], bool]) -> None:
    """Post the shop and wait until it is on screen."""
    grew = ShopGrew(opened)
    post(grew)
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        if grew.shown.wait(LOOK_EVERY) or stopped():
            return
