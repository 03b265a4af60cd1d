"""Asking ahead: while nobody presses a key, what one will probably lead to is asked.

Whatever is begun is done to its end, with both cores at work; so it is begun in small steps, and none of them while
something is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from itertools import takewhile
from threading import Lock

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import get_current_worker

from ltvtui.book import Book
from ltvtui.errors import LtvError
from ltvtui.lens import Step
from ltvtui.tui.ahead import LARGE, by_months, likely
from ltvtui.tui.place import BOARDS, Place

AHEAD_AFTER = 0.1
"""Seconds without a key after which the next questions are asked ahead."""
SURE_AFTER = 0.04
"""The same where it is known what Enter would ask; a key that is held down comes sooner again."""


Steps = list[Callable[[], object]]
Turn = AbstractContextManager[object]


class Foresight:
    """Has places asked by `ask`, in a worker of `screen`, one after another; the book remembers the answers."""

    def __init__(self, screen: Screen[None], ask: Callable[[Book, Place], object]) -> None:
        self._screen = screen
        self._ask = ask
        self._idle: Timer | None = None
        self._turn = Lock()
        """Held by the one step that is being done. Of two at once each would take twice as long, and so would the
        key that comes meanwhile."""
        self._seen: tuple[Place, int] | None = None
        self._stepping = 0
        """-1 or 1 where a month back or on was what led to the place on screen."""
        self._turning = False
        """Whether another period of cohorts was."""

    def arrive(self, place: Place, day: int) -> None:
        """`place` is on screen, as of `day`: who walks through time or periods goes on walking."""
        if self._seen is not None:
            before = self._seen[0]
            turned = replace(before, cohorts=replace(before.cohorts, bucket=place.cohorts.bucket))
            self._stepping, self._turning = _step(*self._seen, place, day), before != place == turned
        self._seen = place, day

    def from_here(
        self, book: Book, place: Place, row: tuple[Step, ...], customer: int | None, last_cut: tuple[str, ...]
    ) -> list[Place]:
        """Where a key probably leads to from `place`; `row`, `customer` and `last_cut` as ahead.likely takes them."""
        months = tuple(other for step in (-1, 1) if (other := by_months(book, place.lens, step)) != place.lens)
        return list(likely(book, place, row, months, last_cut, self._stepping, self._turning, customer))

    def after_a_moment(
        self,
        book: Book | None,
        places: Callable[[], Iterable[Place]],
        later: Callable[[], Iterable[Callable[[], object]]],
        prepared: bool,
    ) -> None:
        """Ask `places`, as they are then, when no key is pressed for a moment. Small shops answer at once anyway.

        `later` gives steps that make the rest of what is shown, after what is likely of its day. `prepared`: what
        questions of other days need is made before these are asked.
        """
        self._in(
            AHEAD_AFTER, book, lambda book: self._all_steps(book, tuple(places()), later(), prepared), self._turn
        )

    def surely(self, book: Book | None, place: Place) -> None:
        """Ask `place`, to which Enter would lead, in a moment, whatever else is being asked."""
        self._in(SURE_AFTER, book, lambda book: list(self._steps(book, place)), nullcontext())

    def _in(self, moment: float, book: Book | None, steps: Callable[[Book], Steps], turn: Turn) -> None:
        """Begin with `steps` in so many seconds, each in its `turn`."""
        self.stop()
        if book is not None and book.people.frame.height >= LARGE:
            self._idle = self._screen.set_timer(moment, lambda: self._begin(steps(book), turn))

    def stop(self) -> None:
        """Something is wanted now: it must not wait for what only might be."""
        if self._idle is not None:
            self._idle.stop()
        self._screen.workers.cancel_group(self._screen, "ahead")

    def _begin(self, steps: Steps, turn: Turn) -> None:
        work = partial(_make_each, steps, turn)
        self._screen.run_worker(
            work, group="ahead", description="ask ahead", exclusive=True, thread=True, exit_on_error=False
        )

    def _all_steps(
        self, book: Book, places: tuple[Place, ...], later: Iterable[Callable[[], object]], prepared: bool
    ) -> Steps:
        day = None if self._seen is None else self._seen[0].lens.as_of
        now = len(list(takewhile(lambda place: place.lens.as_of == day, places)))
        steps = [step for place in places[:now] for step in self._steps(book, place)]
        steps += later
        if places and prepared:
            steps += book.preparations(places[0].lens)
        return [*steps, *(partial(self._ask, book, place) for place in places[now:])]

    def _steps(self, book: Book, place: Place) -> Iterator[Callable[[], object]]:
        if place.view == "cohorts":
            yield from book.cohorts_prepared(place.cohorts.bucket, place.lens)
        elif "XYZ" in place.by or (place.view == "matrix" and place.matrix.board != BOARDS[0]):  # gaps, or other days
            yield from book.timeline.preparations
        yield partial(self._ask, book, place)


def _make_each(steps: Steps, turn: Turn) -> None:
    worker = get_current_worker()
    steps.reverse()
    while steps:
        with turn, suppress(LtvError):  # said when it is really asked
            if worker.is_cancelled:
                break
            steps.pop()()
    steps.clear()  # they hold the book, and a worker lives on until garbage is collected


def _step(before: Place, was: int, place: Place, day: int) -> int:
    """-1 or 1 where the view goes back or on in time, 0 where something else changes."""
    then = replace(before, lens=replace(before.lens, as_of=place.lens.as_of))
    return (day > was) - (day < was) if then == place else 0
