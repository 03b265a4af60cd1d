"""Asking ahead: while nobody presses a key, what one will probably lead to is asked.

Whatever is begun is done to its end, with both cores at work; so it is begun in small steps, and none of them while
something is wanted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from itertools import takewhile
from threading import Lock

from textual.timer import Timer
from textual.worker import get_current_worker

from ltvtui.errors import LtvError
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.expected import LARGE, Steps
from ltvtui.tui.main_screen.frame import Frame
from ltvtui.tui.registry import Registry
from ltvtui.tui.views.spec import Expected

IDLE_DELAY = 0.1
"""Seconds without a key after which the next questions are asked ahead."""
ENTER_DELAY = 0.04
"""The same where it is known what Enter would ask; a key that is held down comes sooner again."""


FAR_DELAY = 0.4
"""Seconds after that in which what is less likely waits: who presses several keys a second needs both cores."""
Turn = AbstractContextManager[object]


class Prefetch:
    """Has locations asked by `ask`, in a worker of `frame`, one after another; the dataset remembers the answers."""

    def __init__(self, frame: Frame, registry: Registry, ask: Callable[[Dataset, Location], object]) -> None:
        self._frame = frame
        self._registry = registry
        self._ask = ask
        self._idle: Timer | None = None
        self._turn = Lock()
        """Held by the one step that is being done. Of two at once each would take twice as long, and so would the
        key that comes meanwhile."""

    def ask_when_idle(
        self,
        dataset: Dataset | None,
        day: int | None,
        expected: Callable[[], Expected],
        later: Callable[[], Sequence[Callable[[], object]]],
        prepared: bool,
    ) -> None:
        """Ask what is `expected` then, when no key is pressed for a moment, and what is later after a longer one.
        Small shops answer at once anyway.

        `day` is the one that the location on screen asks for; `later` gives steps that make the rest of what is
        shown, after what is likely. `prepared`: what questions of other days need is made before these are asked.
        """

        def steps(dataset: Dataset) -> tuple[Steps, Steps]:
            there = expected()
            near, far = (self._order_steps(dataset, day, some, prepared) for some in (there.soon, there.later))
            return [*near, *later()], far

        self._start_after(IDLE_DELAY, dataset, steps, self._turn)

    def ask_soon(self, dataset: Dataset | None, location: Location) -> None:
        """Ask `location`, to which Enter would lead, in a moment, whatever else is being asked."""
        self._start_after(
            ENTER_DELAY, dataset, lambda dataset: (list(self._steps(dataset, location)), []), nullcontext()
        )

    def make_of_small(self, dataset: Dataset, make: Callable[[], object]) -> None:
        """Make at once what a large shop has to be idle for: of a small one no key would feel it."""
        if dataset.people.frame.height < LARGE:
            self._frame.run_worker(make, group="small", description="make ahead", thread=True, exit_on_error=False)

    def _start_after(
        self, moment: float, dataset: Dataset | None, steps: Callable[[Dataset], tuple[Steps, Steps]], turn: Turn
    ) -> None:
        """Begin with `steps` in so many seconds, each in its `turn`."""
        self.stop()
        if dataset is not None and dataset.people.frame.height >= LARGE:
            self._idle = self._frame.set_timer(moment, lambda: self._begin(*steps(dataset), turn))

    def stop(self) -> None:
        """Something is wanted now: it must not wait for what only might be."""
        if self._idle is not None:
            self._idle.stop()
        self._frame.workers.cancel_group(self._frame, "ahead")

    def _begin(self, near: Steps, far: Steps, turn: Turn) -> None:
        work = partial(_make_each, near, far, turn)
        self._frame.run_worker(
            work, group="ahead", description="prefetch answers", exclusive=True, thread=True, exit_on_error=False
        )

    def _order_steps(self, dataset: Dataset, day: int | None, locations: Sequence[Location], prepared: bool) -> Steps:
        """To ask `locations`; those of another day last, after what they need."""
        now = len(list(takewhile(lambda location: location.query.as_of == day, locations)))
        steps = [step for location in locations[:now] for step in self._steps(dataset, location)]
        if prepared and locations[now:]:
            steps += dataset.preparations(locations[0].query)
        return [*steps, *(partial(self._ask, dataset, location) for location in locations[now:])]

    def _steps(self, dataset: Dataset, location: Location) -> Iterator[Callable[[], object]]:
        yield from self._registry.view(location.view).preparations(dataset, location)
        yield partial(self._ask, dataset, location)


def _make_each(near: Steps, far: Steps, turn: Turn) -> None:
    worker, calm = get_current_worker(), time.monotonic() + FAR_DELAY
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
