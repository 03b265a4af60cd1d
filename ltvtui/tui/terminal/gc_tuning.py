"""No pause that is felt between a key and its picture.

Python stops everything to look for garbage, and the longest of these stops grow with all that is alive: 60 to
100 ms in an app of widgets and style sheets. What the app is made of stays to its end, so it need not be visited.
What a picture leaves behind is looked through when it stands on the screen: in the midst of painting that would take
up to 15 ms. And a thread that answers a question hands over to the one that paints every 5 ms only; 1 ms costs it
nothing.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

from textual.app import App
from textual.timer import Timer

YOUNG: Final = (100_000, 20, 20)
"""Objects after which the youngest are collected at once, and how often until older ones are (gc.set_threshold)."""
TIDY_FROM: Final = 5_000
"""Young objects from which on it is worth it after a picture; a large one makes 20,000."""
TIDY_AFTER: Final = 0.03
"""Seconds after a picture, when its last byte is on its way."""
REST: Final = 0.5
"""Seconds without a picture after which everything is looked through."""
OLD_FROM: Final = 20
"""How often it was tidied up until that is worth it: what outlived a picture and is part of a cycle, as a worker that
is done, is found by it alone."""
OLD_AT_ONCE: Final = 400
"""How often until it is done without a rest."""
HAND_OVER: Final = 0.001
"""Seconds after which a thread gives way to another one that waits."""


class GcTuning:
    """Keeps the pauses of an app short."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._short = False
        self._tidying: Timer | None = None
        self._resting: Timer | None = None
        self._tidied = 0
        """How often since everything was looked through."""

    def shorten(self) -> None:
        """Set the process to short pauses; call it when the app stands and no data is read yet.

        Data that is alive now would never be let go where it is part of a cycle.
        """
        self._short = True
        gc.freeze()
        gc.set_threshold(*YOUNG)
        sys.setswitchinterval(HAND_OVER)

    def after_picture(self) -> None:
        """Something was painted: soon is the time to tidy up."""
        if self._short and self._tidying is None and gc.get_count()[0] >= TIDY_FROM:
            self._tidying = self._app.set_timer(TIDY_AFTER, self._tidy)
        if self._resting is not None:
            self._resting.reset()
        elif self._tidied >= OLD_FROM:
            self._resting = self._app.set_timer(REST, self._tidy_all)

    def _tidy(self) -> None:
        self._tidying = None
        self._tidied += 1
        if self._tidied >= OLD_AT_ONCE:
            self._tidy_all()
        else:
            gc.collect(1)

    def _tidy_all(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting, self._tidied = None, 0
        gc.collect()
