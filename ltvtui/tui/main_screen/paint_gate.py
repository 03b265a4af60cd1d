"""One picture where there would be two: a dialog that closes and what it asked for, a card and its history."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

from textual.screen import Screen
from textual.timer import Timer

PAINT_DELAY: Final = 0.03
"""Seconds for which the screen may stay as it is; what comes later is worth a picture of its own."""
LAYOUT_DELAY: Final = 0.002
"""Seconds after which widgets that have just changed have told the screen what room they need."""


class PaintGate:
    """Keeps the terminal as it is until there is something to show, for a moment at most."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._batch = ExitStack()
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Paint nothing for a moment."""
        if self._timer is None:
            self._batch.enter_context(self._screen.app.batch_update())
            self._timer = self._screen.set_timer(PAINT_DELAY, self._paint)

    def end(self) -> None:
        """Paint what there is now."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = self._screen.set_timer(LAYOUT_DELAY, self._paint)

    def _paint(self) -> None:
        self._timer = None
        self._batch.close()
        self._screen.check_idle()  # else a screen without messages would not notice
