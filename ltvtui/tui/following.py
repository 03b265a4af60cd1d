"""Follows a shop that others write to, beside the keyboard, and posts what becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from textual.message import Message

from ltvtui.errors import LtvError
from ltvtui.live import Live
from ltvtui.opening import Opened
from ltvtui.sources.scan import Cancelled

LOOK_EVERY = 0.2
"""Seconds between two looks: a commit is seen well within a second."""
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
    pause, lost = threading.Event(), ""
    try:
        while not stopped():
            try:
                opened = live.look(stopped)
            except LtvError as error:
                if error.what != lost:
                    lost = error.what
                    post(ShopLost(error))
                pause.wait(AGAIN_AFTER)
                continue
            if opened is not None:
                grew = ShopGrew(opened)
                post(grew)
                _wait(grew.shown, stopped)
            elif lost:
                post(ShopBack())
            lost = ""
            pause.wait(LOOK_EVERY)
    except Cancelled:
        pass
    finally:
        live.close()


def _wait(shown: threading.Event, stopped: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        if shown.wait(LOOK_EVERY) or stopped():
            return
