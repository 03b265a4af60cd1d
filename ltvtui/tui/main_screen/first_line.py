"""What the first line says: where the analyst is, as of which day, and what goes on."""

from __future__ import annotations

from typing import Final

from ltvtui.days import iso
from ltvtui.present.origin import origin_words
from ltvtui.present.plain import plain
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.whole import Whole
from ltvtui.tui.views.notes import note_mark
from ltvtui.tui.widgets.trail import Trail

SHOW_AFTER: Final = 0.3
"""Seconds after which an answer that is not there yet is said to be worked on."""


class FirstLine:
    """Writes the trail of a main screen."""

    def __init__(self, main_screen: Whole) -> None:
        self._main_screen = main_screen
        self._as_of: int | None = None

    def crumbs(self) -> list[str]:
        """From the shop to the location."""
        screen, location = self._main_screen, self._main_screen.location
        view = screen.registry.view(location.view)
        words = [step.describe() for step in location.query.trail] if "trail" in view.reads else []
        if location.customer is not None:
            words.append(str(screen.dataset.cleaned.customer_ids[location.customer]))
        crumbs = [screen.shop_name, *words]
        if "trail" in view.reads:
            crumbs[-1] += note_mark(screen.user_state.notes, location, screen.dataset)
        own = view.describe(location)
        return [*crumbs, own] if own else crumbs

    def rewrite(self) -> None:
        """Notes have changed, or their names."""
        if self._main_screen.state.found is not None and not self._main_screen.is_loading:
            self._trail.crumbs = tuple(plain(crumb) for crumb in self.crumbs())

    def show_day(self, as_of: int | None = None) -> None:
        """The as-of day, the same as before unless said, and what has to be known of the data beside it."""
        self._as_of = self._as_of if as_of is None else as_of
        if self._as_of is not None:
            state = self._main_screen.state
            more = "" if state.is_complete else "reading attributes… · "
            live = self._main_screen.live.describe(state.found)
            words = origin_words(state.origin) if state.origin else ""
            is_old = state.origin is not None and state.origin.read_at is not None
            old = f"{words} · " if is_old else ""  # that it may not be fresh is said where there is little room, too
            self._trail.note = f"{more}{live}{old}as of {iso(self._as_of)}"
            self._trail.origin = "" if is_old else words

    def show_progress(self, location: Location, text: str) -> None:
        """How far the complete answer of `location` is, beside the as-of day; the next location takes it away."""
        if location is self._main_screen.location:
            self.show_day()
            self._trail.note = f"{text} · {self._trail.note}"

    def show_working_soon(self, location: Location) -> None:
        """Say that an answer takes its time, unless it is there in a moment."""
        self._main_screen.frame.set_timer(SHOW_AFTER, lambda: self._show_working(location))

    def _show_working(self, location: Location) -> None:
        """What is on screen still belongs to the trail."""
        screen = self._main_screen
        if screen.navigator.is_waiting and location is not screen.location and not screen.is_loading:
            self._trail.note = "working… Esc cancels"

    @property
    def _trail(self) -> Trail:
        return self._main_screen.frame.query_one(Trail)
