"""Where the analyst stands: a view and a query. Frozen; a new location is made, never a changed one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Self, TypeVar

from ltvtui.query.query import Query

Way = Literal["on", "across", "stay", "back"]
"""How a location is gone to: one step in, to another screen beside it, not at all (it shows something else), or back
from it. Backspace returns from the first two, Esc goes up from the first alone."""


@dataclass(frozen=True)
class ViewState:
    """What one view shows besides query and rows. Every field has a default: what the view begins with.

    Fields that need more than their type to be checked when a saved view is read say so in their metadata: see
    `choices` and `days` below.
    """

    def within(self, dimensions: Collection[str | None]) -> Self:
        """The same in a shop with these dimensions: what is about others is as at first."""
        return self

    def settings(self) -> dict[str, str]:
        """What of it is saved for the shop, as text."""
        return {}

    def saved_values(self) -> tuple[object, ...]:
        """The same as values, each the only one of its class, for views that depend on it."""
        return ()

    def with_saved(self, here: Self) -> Self:
        """The same with what the shop has agreed on, which is taken from `here`."""
        return self


def choices(values: Collection[object]) -> dict[str, Any]:
    """Metadata of a field that is one of `values`, such as the keys of a registry."""
    return {"choices": values}


def days() -> dict[str, Any]:
    """Metadata of a field that is a day since 1970-01-01: JSON has it as a date."""
    return {"day": True}


def unsaved() -> dict[str, Any]:
    """Metadata of a field that saved views leave out."""
    return {"unsaved": True}


def saved_as(name: str) -> dict[str, Any]:
    """Metadata of a field that has another name in saved views."""
    return {"saved_as": name}


State = TypeVar("State", bound=ViewState)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Show:
    """What of its figures a location shows, wherever one goes."""

    intervals: bool | None = None
    """95 % intervals of LTV; None: where they cost little (INTERVALS_UP_TO)."""
    ages: bool = False
    """LTV at equal ages in place of its factors."""

    def with_intervals(self, customers: int) -> bool:
        """Whether intervals are shown of so many customers."""
        return customers <= INTERVALS_UP_TO if self.intervals is None else self.intervals


INTERVALS_UP_TO: Final = 300_000
"""Customers up to which an interval takes less than 100 ms."""


@dataclass(frozen=True)
class Location:
    """One place on the main screen."""

    view: str
    """Name of a registered view."""
    query: Query = field(default_factory=Query, metadata=unsaved())
    by: tuple[str, ...] = ("tier",)
    """One dimension or two, of tables of segments."""
    customer: int | None = field(default=None, metadata=unsaved())
    """Customer code, of the card."""
    search: str = ""
    """Text that narrows the rows."""
    sort: tuple[str, bool] | None = None
    """Column and whether it falls; None: the table's own order."""
    states: frozenset[ViewState] = field(default=frozenset(), metadata=unsaved())
    """What views show, or showed last: one of a class, and none that is as at first. Read and changed by `state`,
    `having` and `changed`."""
    show: Show = field(default_factory=Show)
    """What of the figures is shown; it stays wherever one goes."""
    own_terms: bool = field(default=False, compare=False, metadata=unsaved())
    """It brought its terms with it, as a saved view does: who goes back from it leaves them behind."""

    def state(self, kind: type[State]) -> State:
        """What the view with states of that class shows, or showed last."""
        return next((state for state in self.states if isinstance(state, kind)), kind())

    def having(self, *states: ViewState) -> Location:
        """The same location with these states of views."""
        kinds = {type(state) for state in states}
        others = (state for state in self.states if type(state) not in kinds)
        return replace(self, states=frozenset((*others, *(state for state in states if state != type(state)()))))

    def changed(self, kind: type[State], **changes: Any) -> Location:
        """The same location with other fields in the state of that class."""
        return self.having(replace(self.state(kind), **changes))

    @property
    def settings(self) -> dict[str, str]:
        """What is saved for the shop, as text: of the query, and of what views show."""
        settings = self.query.terms()
        for state in self.states:
            settings |= state.settings()
        return settings

    def saved_value(self, kind: type[Value]) -> Value:
        """What is saved for the shop, of that class; its default where no view has any."""
        values = (value for state in self.states for value in state.saved_values())
        return next((value for value in values if isinstance(value, kind)), kind())

    def at(self, view: str, query: Query, by: tuple[str, ...] = ("tier",)) -> Location:
        """Another view or query, begun anew; views show what they showed last."""
        return Location(view, query, by, states=self.states, show=self.show)

    def card(self, customer: int) -> Location:
        """The card of a customer (code)."""
        return replace(self.at("customer", self.query, self.by), customer=customer)

    def under(self, query: Query) -> Location:
        """The same view and trail, under the settings of `query`."""
        return replace(self, query=replace(query, trail=self.query.trail))

    def within(self, dimensions: Collection[str | None]) -> Location:
        """The same in a shop with these dimensions, as far as states of views are about them."""
        return self.having(*(state.within(dimensions) for state in self.states))


def after(choices: Sequence[str], now: str, step: int = 1) -> str:
    """The next of `choices`, or the one before; behind the last stands the first."""
    return choices[(choices.index(now) + step) % len(choices)]
