"""Asking ahead: while nobody presses a key, what one will probably lead to is asked.

Whatever is begun is done to its end, with both cores at work; so it is begun in small steps, and none of them while
something is wanted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from itertools import takewhile
from threading import Lock

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import get_current_worker

from ltvtui.errors import LtvError
from ltvtui.query.query import Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.likely_questions import LARGE, by_months, likely, possible
from ltvtui.tui.location import BOARDS, Location

AHEAD_AFTER = 0.1
"""Seconds without a key after which the next questions are asked ahead."""
SURE_AFTER = 0.04
"""The same where it is known what Enter would ask; a key that is held down comes sooner again."""


FAR_AFTER = 0.4
"""Seconds after that in which what is less likely waits: who presses several keys a second needs both cores."""
Steps = list[Callable[[], object]]
Turn = AbstractContextManager[object]


class Prefetch:
    """Has places asked by `ask`, in a worker of `screen`, one after another; the dataset remembers the answers."""

    def __init__(self, screen: Screen[None], ask: Callable[[Dataset, Location], object]) -> None:
        self._screen = screen
        self._ask = ask
        self._idle: Timer | None = None
        self._turn = Lock()
        """Held by the one step that is being done. Of two at once each would take twice as long, and so would the
        key that comes meanwhile."""
        self._seen: tuple[Location, int] | None = None
        self._stepping = 0
        """-1 or 1 where a month back or on was what led to the place on screen."""
        self._turning = False
        """Whether another period of cohorts was."""

    def arrive(self, location: Location, day: int) -> None:
        """`place` is on screen, as of `day`: who walks through time or periods goes on walking."""
        if self._seen is not None:
            before = self._seen[0]
            turned = replace(before, cohorts=replace(before.cohorts, bucket=location.cohorts.bucket))
            self._stepping, self._turning = _step(*self._seen, location, day), before != location == turned
        self._seen = location, day

    def from_here(
        self,
        dataset: Dataset,
        location: Location,
        row: tuple[Step, ...],
        customer: int | None,
        last_cut: tuple[str, ...],
    ) -> tuple[list[Location], list[Location]]:
        """Where a key probably leads to from `place`, and where it may; `row`, `customer` and `last_cut` as
        ahead.likely takes them."""
        months = tuple(
            other for step in (-1, 1) if (other := by_months(dataset, location.query, step)) != location.query
        )
        near = likely(dataset, location, row, months, last_cut, self._stepping, self._turning, customer)
        far = possible(dataset, location, months, self._stepping)
        # What is shown of the figures stays wherever one goes.
        return [replace(to, show=location.show) for to in near], [replace(to, show=location.show) for to in far]

    def after_a_moment(
        self,
        dataset: Dataset | None,
        places: Callable[[], tuple[Sequence[Location], Sequence[Location]]],
        later: Callable[[], Sequence[Callable[[], object]]],
        prepared: bool,
    ) -> None:
        """Ask `places`, as they are then, when no key is pressed for a moment, and the others after a longer one.
        Small shops answer at once anyway.

        `later` gives steps that make the rest of what is shown, after what is likely. `prepared`: what questions of
        other days need is made before these are asked.
        """

        def steps(dataset: Dataset) -> tuple[Steps, Steps]:
            near, far = (self._in_turn(dataset, some, prepared) for some in places())
            return [*near, *later()], far

        self._in(AHEAD_AFTER, dataset, steps, self._turn)

    def surely(self, dataset: Dataset | None, location: Location) -> None:
        """Ask `place`, to which Enter would lead, in a moment, whatever else is being asked."""
        self._in(SURE_AFTER, dataset, lambda dataset: (list(self._steps(dataset, location)), []), nullcontext())

    def _in(
        self, moment: float, dataset: Dataset | None, steps: Callable[[Dataset], tuple[Steps, Steps]], turn: Turn
    ) -> None:
        """Begin with `steps` in so many seconds, each in its `turn`."""
        self.stop()
        if dataset is not None and dataset.people.frame.height >= LARGE:
            self._idle = self._screen.set_timer(moment, lambda: self._begin(*steps(dataset), turn))

    def stop(self) -> None:
        """Something is wanted now: it must not wait for what only might be."""
        if self._idle is not None:
            self._idle.stop()
        self._screen.workers.cancel_group(self._screen, "ahead")

    def _begin(self, near: Steps, far: Steps, turn: Turn) -> None:
        work = partial(_make_each, near, far, turn)
        self._screen.run_worker(
            work, group="ahead", description="prefetch answers", exclusive=True, thread=True, exit_on_error=False
        )

    def _in_turn(self, dataset: Dataset, places: Sequence[Location], prepared: bool) -> Steps:
        """To ask `places`; those of another day last, after what they need."""
        day = None if self._seen is None else self._seen[0].query.as_of
        now = len(list(takewhile(lambda location: location.query.as_of == day, places)))
        steps = [step for location in places[:now] for step in self._steps(dataset, location)]
        if prepared and places[now:]:
            steps += dataset.preparations(places[0].query)
        return [*steps, *(partial(self._ask, dataset, location) for location in places[now:])]

    def _steps(self, dataset: Dataset, location: Location) -> Iterator[Callable[[], object]]:
        if location.view == "cohorts":
            yield from dataset.cohorts_prepared(location.cohorts.bucket, location.query)
        elif _looks_far(location):
            yield from dataset.activity_index.preparations
        yield partial(self._ask, dataset, location)


def _looks_far(location: Location) -> bool:
    """Whether it tells of the gaps between orders, or of other days."""
    board = location.matrix.board if location.view == "matrix" else BOARDS[0]
    return location.view == "customer" or "XYZ" in location.by or board != BOARDS[0]


def _make_each(near: Steps, far: Steps, turn: Turn) -> None:
    worker, calm = get_current_worker(), time.monotonic() + FAR_AFTER
    for steps in (near, far):
        steps.reverse()
        while steps:
            with turn, suppress(LtvError):  # said when it is really asked
                if worker.is_cancelled:
                    break
                steps.pop()()
        while far and time.monotonic() < calm and not worker.is_cancelled:
            time.sleep(0.02)
    near.clear()  # they hold the dataset, and a worker lives on until garbage is collected
    far.clear()


def _step(before: Location, was: int, location: Location, day: int) -> int:
    """-1 or 1 where the view goes back or on in time, 0 where something else changes."""
    then = replace(before, query=replace(before.query, as_of=location.query.as_of))
    return (day > was) - (day < was) if then == location else 0
