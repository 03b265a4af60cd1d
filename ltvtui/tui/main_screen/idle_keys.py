"""Keys that would do nothing at this moment: the footer leaves them out, and they say why when they are pressed."""

from __future__ import annotations

from collections.abc import Iterator

from ltvtui.session.months import by_months
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.whole import Whole


def idle_keys(main_screen: Whole) -> frozenset[str]:
    """Ids of the commands that mean nothing on what is shown: of the view's own, of the ways up and back, and of the
    ways through time. None of them while no view is on screen."""
    if main_screen.is_loading:
        return frozenset()
    return main_screen.active.idle | frozenset(_ways(main_screen))


def _ways(main_screen: Whole) -> Iterator[str]:
    location, navigator = main_screen.location, main_screen.navigator
    if not _has_way_up(main_screen, location):
        yield "up"
    if navigator.previous_location is None:
        yield "back"
    dataset, query = main_screen.dataset, location.query
    if by_months(dataset, query, 1).as_of == dataset.as_of(query):
        yield "later"
    if (by_months(dataset, query, -1).as_of or 0) < dataset.first_day:
        yield "earlier"


def _has_way_up(main_screen: Whole, location: Location) -> bool:
    """Whether Esc leads out of here, or ends what is going on."""
    plots = main_screen.active.plots
    return (
        bool(location.query.trail)
        or location.view != main_screen.registry.first
        or main_screen.navigator.stepped_from is not None
        or main_screen.state.is_reading
        or main_screen.frame.is_searching
        or (plots is not None and plots.is_big)
    )
