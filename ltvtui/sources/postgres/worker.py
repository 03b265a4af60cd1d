"""A thread in which a driver works that cannot be interrupted otherwise than from another one."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from ltvtui.errors import Cancelled
from ltvtui.sources.base import Stop, TooSlow

T = TypeVar("T")
PAUSE: Final = 0.02
"""Seconds between two looks at whether a piece of work is still wanted."""
GRACE: Final = 2.0
"""Seconds that a piece of work has to end once it was told to."""


class Worker:
    """One thread, which does one piece of work after another. It keeps no program from ending."""

    def __init__(self, name: str) -> None:
        self._waiting: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self.is_stuck = False
        """Whether a piece of work did not end when it was told to: nothing more is done then."""
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def start(self, work: Callable[[], T]) -> Future[T]:
        """Do it when all that was started before is done."""
        future: Future[T] = Future()
        self._waiting.put((future, work))
        return future

    def wait(
        self, future: Future[T], stopped: Stop, interrupt: Callable[[], object], seconds: float | None = None
    ) -> T:
        """What a started piece of work gives, or raises.

        Cancelled when `stopped`, TooSlow when `seconds` pass; it is interrupted first, by `interrupt`, in a thread
        of its own, since to interrupt can take as long as to connect.
        """
        end = None if seconds is None else time.monotonic() + seconds
        try:
            while True:
                try:
                    return future.result(PAUSE)
                except TimeoutError:
                    if future.done():
                        raise
                    if stopped():
                        raise Cancelled from None
                    if end is not None and time.monotonic() > end:
                        raise TooSlow from None
        except BaseException:
            self.interrupt(future, interrupt)
            raise

    def interrupt(self, future: Future[Any], interrupt: Callable[[], object]) -> None:
        """End a piece of work, unless it has ended. Nothing is begun before the interruption has arrived, which else
        could end the next piece."""
        if future.done():
            return
        end = time.monotonic() + GRACE
        interruption = threading.Thread(target=interrupt, daemon=True)
        interruption.start()
        interruption.join(GRACE)
        try:
            future.exception(max(0.0, end - time.monotonic()))
        except TimeoutError:
            self.is_stuck = True
        self.is_stuck = self.is_stuck or interruption.is_alive()

    def end(self) -> None:
        """No more work comes."""
        self._waiting.put(None)

    def _run(self) -> None:
        while (piece := self._waiting.get()) is not None:
            future, work = piece
            try:
                future.set_result(work())
            except BaseException as error:  # whoever waits for it is told
                future.set_exception(error)
