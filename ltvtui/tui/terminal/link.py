"""How far away the terminal is: what it is asked comes back after a while, behind all that was typed before.

Esc is a byte with which arrow keys begin, too. A terminal that is near is asked something as soon as that byte stands
alone: if the answer comes next, it was Esc. So no arrow is torn apart, however its bytes come, and Esc waits for
nothing but the answer. From far away the answer takes too long; then Esc is what nothing follows within FAR.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Final

QUERY: Final = "\x1b[6n"
"""Where is the cursor? Every terminal knows, and what reads keys knows the answer."""
NEAR: Final = 0.04
"""Seconds within which an answer comes from a terminal that is near."""
FAR: Final = 0.1
"""Seconds after which a lone byte was Esc, where a line may part the bytes of a key."""
SILENT: Final = 0.025
"""The same on this machine, where the terminal does not answer."""
TIMES: Final = 5
"""How often it is asked at most until an answer was quick: at first the app is busy, and hears it late."""
AGAIN_AFTER: Final = 1.0
"""Seconds between two questions, and how long an answer is expected."""
EXPECTED: Final = 0.3
"""Seconds to wait behind a lone Esc while an answer is expected: it most likely is how the answer begins."""


class TerminalLink:
    """What is known of the way to the terminal."""

    def __init__(self, is_remote: bool, clock: Callable[[], float] = monotonic) -> None:
        self._is_remote = is_remote
        self._clock = clock
        self._asked_at: float | None = None
        self._asked = 0
        self._shortest: float | None = None
        self._answered = Event()

    @property
    def is_near(self) -> bool:
        """Whether an answer came within NEAR."""
        return self._shortest is not None and self._shortest <= NEAR

    @property
    def escape_delay(self) -> float:
        """Seconds to wait for what may follow a lone Esc."""
        if self._is_expecting:
            return EXPECTED
        return SILENT if self._shortest is None and not self._is_remote else FAR

    @property
    def _is_expecting(self) -> bool:
        asked_at = self._asked_at
        return asked_at is not None and not self._answered.is_set() and self._clock() - asked_at < AGAIN_AFTER

    @property
    def wants_to_know(self) -> bool:
        """Whether it is time to ask, for the first time or again."""
        waited = self._asked_at is None or self._clock() - self._asked_at >= AGAIN_AFTER
        return not self.is_near and self._asked < TIMES and waited

    def ask(self) -> str:
        """What to send now."""
        self._answered.clear()
        self._asked_at, self._asked = self._clock(), self._asked + 1
        return QUERY

    def answer(self) -> None:
        """The answer has come."""
        if self._asked_at is not None and not self._answered.is_set():
            seconds = self._clock() - self._asked_at
            self._shortest = seconds if self._shortest is None else min(seconds, self._shortest)
        self._answered.set()

    def await_answer(self) -> None:
        """Wait for an answer that is on its way, so that it does not come to whoever reads the terminal next."""
        if self._asked_at is not None and self._shortest is not None:
            self._answered.wait(2 * self._shortest)
