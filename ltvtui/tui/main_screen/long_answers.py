"""Answers that take long: a preliminary one is on screen at once, the complete one as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from ltvtui.errors import LtvError
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.answers import Answered, Refused
from ltvtui.tui.main_screen.live_status import figures_of
from ltvtui.tui.main_screen.pages import Page
from ltvtui.tui.registry import Registry


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
                partial(self._complete, page), group="long answers", description="complete the answer", thread=True
            )

    def stop(self) -> None:
        """Something else is wanted: the worker ends when it reports next how far it is."""
        self._screen.workers.cancel_group(self._screen, "long answers")

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
