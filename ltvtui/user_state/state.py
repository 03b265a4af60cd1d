"""All that is remembered of one shop, and changes of it: made on screen at once, and written when that can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ltvtui.user_state.notes import Note, Notebook
from ltvtui.user_state.plans import MarketingPlan
from ltvtui.user_state.tier_history import Recording


@dataclass(frozen=True)
class SavedView:
    """A place that was given a name."""

    name: str
    location_json: str
    """The location as JSON: tui.saved_views writes and reads it."""
    saved: str = ""
    """When: ISO, UTC, to the second."""


@dataclass(frozen=True)
class UserState:
    """Saved views, notes, the plan and recordings of tiers of one shop."""

    views: tuple[SavedView, ...] = ()
    """By name."""
    notes: Notebook = field(default_factory=Notebook)
    recordings: tuple[Recording, ...] = ()
    """Of one tier rule, the newest first."""
    plan: MarketingPlan | None = None
    """None: none was kept."""
    terms: str = field(default="", compare=False)
    """Which: tier_history.tier_rule_key and, behind a space, how the shop is read."""

    def recorded(self, rule: str) -> tuple[Recording, ...]:
        """Recordings under `rule` (tier_history.tier_rule_key); none where those of another one are known."""
        return self.recordings if self.terms.rpartition(" ")[0] == rule else ()

    def view(self, name: str) -> SavedView | None:
        """The view of that name: to the letter, else whatever the case."""
        return find_view(self.views, name)

    def after(self, changes: Iterable[Change]) -> UserState:
        """With `changes` made, one after the other."""
        done = self
        for change in changes:
            done = change.of(done)
        return done


@dataclass(frozen=True)
class ViewChange:
    """A view is saved, or none of that name is wanted any more."""

    name: str
    view: SavedView | None

    def of(self, before: UserState) -> UserState:
        """What is remembered then."""
        others = [view for view in before.views if view.name != self.name]
        both = [*others, self.view] if self.view is not None else others
        return replace(before, views=tuple(sorted(both, key=lambda view: (view.name.casefold(), view.name))))


@dataclass(frozen=True)
class NoteChange:
    """Something else is noted."""

    key: str
    """Subject.key."""
    before: Note
    """What was known when it was written."""
    after: Note

    def of(self, before: UserState) -> UserState:
        """What is remembered then."""
        return replace(before, notes=before.notes.noting(self.key, self.after))


@dataclass(frozen=True)
class PlanChange:
    """A plan is kept in place of the one before, or none is wanted any more."""

    plan: MarketingPlan | None

    def of(self, before: UserState) -> UserState:
        """What is remembered then."""
        return replace(before, plan=self.plan)


Change = ViewChange | NoteChange | PlanChange


def find_view(views: Iterable[SavedView], name: str) -> SavedView | None:
    """The view of that name: to the letter, else whatever the case."""
    listed = tuple(views)
    for same in (str, str.casefold):
        for view in listed:
            if same(view.name) == same(name):
                return view
    return None
