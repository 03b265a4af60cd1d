"""Answers that take long: a preliminary one is on screen at once, the complete one as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from ltvtui.errors import LtvError
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.answers import Answered, Refused
from ltvtui.tui.main_screen.live_status import figures_of
from ltvtui.tui.main_screen.pages import Page
from ltvtui.tui.registry import Registry

GROUP: Final = "long answers"
"""Of the workers."""
STOPPED: Final = "Stopped: what is shown is the first answer. Leave and come back to go on."


class _NotAwaited(Exception):
    """Nobody waits for the answer any more."""


class LongAnswers:
    """Completes the page on screen in a worker of `screen`, which is told by Answered or Refused."""

    def __init__(
        self, screen: Screen[None], registry: Registry, show_progress: Callable[[Location, str], object]
    ) -> None:
        """`show_progress` is called on the UI thread: how far the complete answer of a location is."""
        self._screen = screen
        self._registry = registry
        self._show_progress = show_progress

    def begin(self, page: Page) -> None:
        """Complete `page`, unless it is complete; what was being completed is given up."""
        self.stop()
        if page.answer.is_preliminary:
            self._screen.run_worker(
                partial(self._complete, page), group=GROUP, description="complete the answer", thread=True
            )

    def stop(self) -> None:
        """Something else is wanted: the worker ends when it reports next how far it is."""
        self._screen.workers.cancel_group(self._screen, GROUP)

    def cancel(self, location: Location) -> bool:
        """Stop as the analyst wishes: the preliminary answer of `location` stays; False where nothing is running."""
        running = [each for each in self._screen.workers if each.group == GROUP and not each.is_finished]
        if not running or all(each.is_cancelled for each in running):
            return False
        self.stop()
        self._show_progress(location, "stopped")
        self._screen.app.notify(STOPPED, markup=False)
        return True

    def _complete(self, page: Page) -> None:
        worker: Worker[None] = get_current_worker()
        dataset, location = page.dataset, page.location

        def report(text: str) -> None:
            if worker.is_cancelled:
                raise _NotAwaited
            self._screen.call_later(self._show_progress, location, text)

        try:
            answer = self._registry.view(location.view).complete(dataset, location, report)
        except _NotAwaited:
            return
        except LtvError as error:
            message: Message = Refused((location, "stay"), error)
        else:
            figures = figures_of(dataset, location, answer)
            message = Answered((location, "stay"), replace(page, answer=answer, figures=figures))
        if not worker.is_cancelled:
            self._screen.post_message(message)
