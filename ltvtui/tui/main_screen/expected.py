"""What the analyst will probably ask next, so that it is answered before they do.

The keys that lead on from a location are few: into the row under the cursor, to the people behind it, to another
view or dimension, a month back or on. What each view expects stands in its ViewSpec.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Final

from ltvtui.query.query import Step
from ltvtui.session.dataset import Dataset
from ltvtui.session.months import by_months
from ltvtui.tui.location import Location
from ltvtui.tui.registry import Registry
from ltvtui.tui.views.spec import Expected, Outlook

LARGE: Final = 50_000
"""Customers from which on looking ahead is worth it: small shops answer at once anyway."""
Steps = list[Callable[[], object]]


def cheap(registry: Registry, location: Location) -> tuple[Location, ...]:
    """Locations one key away that cost so little that there is time for them while a large shop is read on."""
    views = [view for view in registry.views if view.is_cheap]
    if location.view not in {view.name for view in views}:
        return ()
    usable = [view for view in views if not ("by" in view.reads and location.query.trail)]
    return tuple(location.at(view.name, location.query, ("tier",)) for view in usable if view.name != location.view)


def expected(registry: Registry, outlook: Outlook) -> Expected:
    """Where keys lead from a location; what of the figures is shown stays wherever one goes."""
    location, view = outlook.location, registry.view(outlook.location.view)
    elsewhen = [replace(location, query=other) for other in outlook.months] if view.is_grouped else []
    by_day = sorted(elsewhen, key=lambda to: to.query.as_of or 0, reverse=outlook.direction > 0)
    own = view.expected(outlook)
    entries = [other.entry(outlook) for other in registry.views] if view.is_hub else []
    soon = (*(by_day if outlook.direction else ()), *own.soon, *(to for entry in entries for to in entry.soon))
    later = (*own.later, *(to for entry in entries for to in entry.later), *(() if outlook.direction else elsewhen))
    return Expected(*(tuple(replace(to, show=location.show) for to in some) for some in (soon, later)))


class Walk:
    """How the analyst came to the location on screen: who walks through time or periods goes on walking."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._seen: tuple[Location, int] | None = None
        self._direction = 0
        self._changed: frozenset[str] = frozenset()

    def arrive(self, location: Location, day: int) -> None:
        """`location` is on screen, as of `day`."""
        if self._seen is not None:
            self._direction, self._changed = _step(*self._seen, location, day), self._changes(self._seen[0], location)
        self._seen = location, day

    @property
    def day_asked(self) -> int | None:
        """As-of day that the location on screen asks for; None: the latest."""
        return None if self._seen is None else self._seen[0].query.as_of

    def outlook(
        self,
        dataset: Dataset,
        location: Location,
        row: tuple[Step, ...],
        customer: int | None,
        last_dimension: tuple[str, ...],
    ) -> Outlook:
        """What is ahead of `location`; `row` and the rest as Outlook has them."""
        others = (by_months(dataset, location.query, step) for step in (-1, 1))
        months = tuple(other for other in others if other != location.query)
        return Outlook(dataset, location, row, customer, months, last_dimension, self._direction, self._changed)

    def _changes(self, before: Location, location: Location) -> frozenset[str]:
        """Fields in which the view's state differs, where nothing else does."""
        kind = self._registry.view(location.view).state
        if kind is None or before == location or before.having(location.state(kind)) != location:
            return frozenset()
        was, now = before.state(kind), location.state(kind)
        names: Sequence[str] = [each.name for each in fields(now)]
        return frozenset(name for name in names if getattr(was, name) != getattr(now, name))


def _step(before: Location, was: int, location: Location, day: int) -> int:
    """-1 or 1 where the view goes back or on in time, 0 where something else changes."""
    then = replace(before, query=replace(before.query, as_of=location.query.as_of))
    return (day > was) - (day < was) if then == location else 0
