"""Where the analyst is, where they want to be, and the way back. Knows no widget and no dataset."""

from __future__ import annotations

import time
from collections.abc import Callable

from ltvtui.tui.location import Location, Way


class Navigator:
    """One location is on screen, another one may be wanted; those before it are remembered."""

    def __init__(self, start: Location) -> None:
        self.location = start
        """What is on screen answers exactly this."""
        self.wanted = start
        """What was asked for last: another object than `location` while its answer is being made."""
        self._history: list[tuple[Location, Way]] = []
        """Locations that were left, and how the one after each was gone to."""
        self._way: Way = "on"
        self._asked_at = 0.0

    def want(self, location: Location, way: Way) -> None:
        """Another location is asked for."""
        self.wanted, self._way, self._asked_at = location, way, time.monotonic()

    def arrive(self, location: Location, way: Way, can_return: bool = True) -> None:
        """It is on screen; `can_return`: a key may return to the one before."""
        if way in ("on", "across") and can_return:
            self._history.append((self.location, way))
        elif way == "back" and self._history:
            self._history.pop()
        self.location = location

    def give_up(self) -> None:
        """What is wanted is what is on screen."""
        self.wanted = self.location

    def restart(self, location: Location) -> None:
        """Begin anew: nothing leads back."""
        self.location = location
        self._history.clear()

    def carry(self, carried: Callable[[Location], Location | None]) -> None:
        """Take the way back over into another reading; locations that are not there any more are left out."""
        self._history = [(there, way) for left, way in self._history if (there := carried(left)) is not None]

    @property
    def is_waiting(self) -> bool:
        """Whether something else than what is on screen is wanted."""
        return self.wanted is not self.location

    @property
    def way(self) -> Way:
        """How the location that is being asked for is gone to."""
        return self._way if self.is_waiting else "stay"

    @property
    def previous_location(self) -> Location | None:
        """The location before this one, to which Backspace returns."""
        return self._history[-1][0] if self._history else None

    @property
    def stepped_from(self) -> Location | None:
        """The location from which one step led to this one; None where it was not gone to by a step."""
        return self._history[-1][0] if self._history and self._history[-1][1] == "on" else None

    @property
    def quiet_for(self) -> float:
        """Seconds since something was last asked for."""
        return time.monotonic() - self._asked_at
