"""Questions and their answers: asked in a worker, one at a time, and stored for the next time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from ltvtui.errors import LtvError
from ltvtui.session.dataset import Dataset
from ltvtui.tui.latest import Latest
from ltvtui.tui.location import Location, Way
from ltvtui.tui.main_screen.live_status import LiveStatus, figures_of
from ltvtui.tui.main_screen.pages import Page, Pages
from ltvtui.tui.main_screen.reading_state import ReadingState
from ltvtui.tui.registry import Registry

Question = tuple[Location, Way]


@dataclass
class Answered(Message):
    """A location has its answer."""

    question: Question
    page: Page


@dataclass
class Refused(Message):
    """A location could not be answered."""

    question: Question
    error: LtvError


class Answers:
    """Asks for pages in a worker of `screen`, which is told by Answered or Refused."""

    def __init__(
        self,
        screen: Screen[None],
        registry: Registry,
        state: ReadingState,
        live: LiveStatus,
        begun: Callable[[Location], object],
    ) -> None:
        """`begun` is called on the UI thread with each location that begins to be asked."""
        self._screen = screen
        self._registry = registry
        self._state = state
        self._live = live
        self._begun = begun
        self._latest: Latest[Question] = Latest(self._begin)
        self.pages = Pages(registry.question)
        """What was seen or expected lately: to show it nothing is asked."""

    def find(self, location: Location) -> Page | None:
        """The page of `location` where it is there already."""
        return self.pages.get(self._state.dataset, location) if self._state.is_ready else None

    def want(self, question: Question) -> None:
        """Ask, as soon as what runs is answered and nothing later has come."""
        self._latest.want(question)

    def done(self, question: Question) -> None:
        """It is answered, or refused."""
        self._latest.done(question)

    def drop(self) -> None:
        """Whatever is being answered is not wanted any more."""
        self._screen.workers.cancel_group(self._screen, "answers")
        self._latest.forget()

    def make(self, dataset: Dataset, location: Location) -> Page:
        """The key figures of `location`, and what its view shows. Raises LtvError."""
        view = self._registry.view(location.view)
        answer = view.compute(dataset, location)
        return Page(
            dataset,
            location,
            figures_of(dataset, location, answer),
            dataset.as_of(location.query),
            answer,
            self._live.before(dataset, location, view.compute),
            "spend" in view.reads,
        )

    def expect(self, dataset: Dataset, location: Location) -> None:
        """Make the page of a location that may be wanted."""
        if self.pages.get(dataset, location) is None:
            page = self.make(dataset, location)
            if dataset is self._state.found:  # else it would hold a shop that is over
                self.pages.put(page)

    def prepare(self, dataset: Dataset, locations: Sequence[Location]) -> None:
        """Ask `dataset`, which is to be shown, for `locations`: in the thread that calls."""
        for location in locations:
            with suppress(LtvError):  # said when it is really asked
                self.make(dataset, location)

    def _begin(self, question: Question) -> None:
        self._screen.run_worker(
            partial(self._answer, question), group="answers", description="answer", exclusive=True, thread=True
        )
        self._begun(question[0])

    def _answer(self, question: Question) -> None:
        worker = get_current_worker()
        dataset = self._state.dataset  # no argument: what a worker is given lives on until garbage is collected
        try:
            message: Message = Answered(question, self.make(dataset, question[0]))
        except LtvError as error:
            message = Refused(question, error)
        if not worker.is_cancelled:
            self._screen.post_message(message)
