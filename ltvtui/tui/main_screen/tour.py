"""The tour for newcomers: four things to try, one at a time, each named in a line above the keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from textual.message import Message

from ltvtui.tui.location import Location
from ltvtui.tui.widgets.hint_line import HintLine


@dataclass(frozen=True)
class TourStep:
    """Something to try."""

    hint: str
    is_done: Callable[[Location, Location], bool]
    """Whether going from one location to another is it."""


class TourEnded(Message):
    """It was gone through, or closed: it is not to come again."""


STEPS: Final = (
    TourStep(
        "Who are they? ⏎ on a row opens its customers by another dimension.",
        lambda before, now: len(now.query.trail) > len(before.query.trail),
    ),
    TourStep(
        "Where do they come from? d groups them by channel, country and more.",
        lambda before, now: now.view == "explore" == before.view and now.by != before.by,
    ),
    TourStep(
        "Who exactly? c lists the customers of the row, ⏎ opens one of them.",
        lambda before, now: now.view in ("customers", "customer"),
    ),
    TourStep(
        "What may one more cost? 5 shows the budget; Esc goes up again.",
        lambda before, now: now.view == "budget",
    ),
)
"""In this order; who does a later one needs no earlier one."""
FAREWELL: Final = "That was the tour. ? shows all keys and words, ^p finds a command by name."


class Tour(HintLine):
    """Follows what the analyst does."""

    def __init__(self) -> None:
        super().__init__()
        self.is_wanted = False
        """Whether it begins with the first location."""
        self._at = 0

    def arrive(self, before: Location | None, now: Location) -> None:
        """The analyst went from one location to another; the first of a shop comes from none."""
        if before is None and self.is_wanted:
            self.is_wanted = False
            self._show()
        if before is None or not self.is_open:
            return
        done = [place for place in range(self._at, len(STEPS)) if STEPS[place].is_done(before, now)]
        if not done:
            return
        self._at = done[0] + 1
        if self._at < len(STEPS):
            self._show()
            return
        self.end()
        self.app.notify(FAREWELL, title="Tour", timeout=8, markup=False)

    def end(self) -> bool:
        """Close it for good; False where it is not shown."""
        if not self.is_open:
            return False
        self.close()
        # Sent from the screen's own turn it would stop at the screen: a message does not pass who sent it.
        self.call_later(lambda: self.post_message(TourEnded()))
        return True

    def _show(self) -> None:
        self.show(f"{self._at + 1}/{len(STEPS)}", STEPS[self._at].hint)
