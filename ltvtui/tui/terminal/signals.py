"""Leaving in order when the terminal or the system says so."""

from __future__ import annotations

import asyncio
import signal
from abc import ABC, abstractmethod
from typing import Any, Final

from textual.app import App
from textual.driver import Driver

HANG_UP: Final = int(getattr(signal, "SIGHUP", 1))
"""The terminal is gone. On Windows, which has no such signal, nobody sends it."""
QUIT: Final = int(getattr(signal, "SIGQUIT", 3))
"""Ctrl-\\."""
CHECK_EVERY: Final = 2.0
"""Seconds between two looks at whether the terminal is still there."""


class Disconnectable(ABC):
    """A driver that sees whether its terminal is still there; one that does not answer is never made."""

    @property
    @abstractmethod
    def is_disconnected(self) -> bool:
        """True when nobody is at the other end of the terminal."""


class Signals:
    """Ends an app on SIGTERM, SIGHUP and SIGQUIT, so that the terminal is as it was found."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.hung_up = False
        """Whether the terminal went away."""

    def listen(self) -> None:
        """From now on."""
        for number in (int(signal.SIGTERM), HANG_UP, QUIT):
            try:
                asyncio.get_running_loop().add_signal_handler(number, self.leave, number)
            except (NotImplementedError, RuntimeError, ValueError):
                return  # not the main thread, or a platform without signals

    def watch(self, driver: Driver | None) -> None:
        """Look at the terminal now and then: one that is not of our session goes without SIGHUP, and then reads as
        endless nothing."""
        self._app.set_interval(CHECK_EVERY, lambda: self._leave_when_alone(driver))

    def leave(self, number: int) -> None:
        """End the app as that signal asks."""
        self.hung_up = number == HANG_UP
        self._app.exit(return_code=128 + number)

    def _leave_when_alone(self, driver: Driver | None) -> None:
        if isinstance(driver, Disconnectable) and driver.is_disconnected:
            self.leave(HANG_UP)
