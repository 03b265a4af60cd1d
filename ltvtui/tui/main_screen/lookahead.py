"""While nobody presses a key: what one will probably ask is asked ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ltvtui.session.strongest_dimension import find_strongest_dimension, has_strongest_dimension
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.expected import Walk, cheap, expected
from ltvtui.tui.main_screen.prefetch import Prefetch
from ltvtui.tui.main_screen.whole import Whole
from ltvtui.tui.views.spec import Expected


class Lookahead:
    """Has prefetched what is expected of a main screen."""

    def __init__(self, main_screen: Whole) -> None:
        self._main_screen = main_screen
        self._walk = Walk(main_screen.registry)
        self._prefetch = Prefetch(main_screen.frame, main_screen.registry, main_screen.answers.expect)

    def stop(self) -> None:
        """Something is wanted now."""
        self._prefetch.stop()

    def arrive(self, location: Location, as_of: int) -> None:
        """`location` is on screen, as of that day."""
        self._walk.arrive(location, as_of)
        if self._is_strongest_wanted:
            self._prefetch.make_of_small(self._main_screen.dataset, self._find_strongest)
        self.begin()

    @property
    def _is_strongest_wanted(self) -> bool:
        state = self._main_screen.state
        return state.is_ready and state.is_complete and not has_strongest_dimension(state.dataset)

    def _find_strongest(self) -> None:
        """What Explore is to begin with: found in a worker, so that whoever comes before it is there sees tiers."""
        screen = self._main_screen
        find_strongest_dimension(screen.state.dataset, screen.location.query)

    def begin(self) -> None:
        """Look ahead as soon as no key is pressed for a moment."""
        state = self._main_screen.state
        self._prefetch.ask_when_idle(
            state.found, self._walk.day_asked, self._expected, self._later, prepared=state.is_complete
        )

    def expect(self, location: Location) -> None:
        """A dialog would lead there: it is asked ahead."""
        self._prefetch.ask_soon(self._main_screen.state.found, location)

    def _expected(self) -> Expected:
        """Where keys probably lead; nowhere while something else is on its way."""
        screen = self._main_screen
        if screen.state.is_reading or screen.navigator.is_waiting or screen.live.on:
            return Expected()  # of a shop that is watched the next state may come before the next key
        if not screen.state.is_complete:
            return Expected(cheap(screen.registry, screen.location))
        row, customer = screen.active.steps(), screen.active.customer()
        outlook = self._walk.outlook(screen.dataset, screen.location, row, customer, screen.last_dimension)
        return expected(screen.registry, outlook)

    def _later(self) -> Sequence[Callable[[], object]]:
        if self._main_screen.is_loading:
            return ()
        strongest = (self._find_strongest,) if self._is_strongest_wanted else ()
        return (*strongest, *self._main_screen.active.later())
