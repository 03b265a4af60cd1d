"""What an action may ask of the main screen, and of the screens there are: actions know no more of either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from textual.app import App
from textual.message import Message

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.session.dataset import Dataset
from ltvtui.tui.command import Command
from ltvtui.tui.location import Location, ViewState, Way
from ltvtui.tui.views.view import View
from ltvtui.user_state.state import UserState


class ScreenFacts(Protocol):
    """What is written of one screen: of a ViewSpec what actions and saved views read."""

    @property
    def title(self) -> str:
        """Its name in the footer."""

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Words that help explains."""

    @property
    def needs_customer(self) -> bool:
        """Whether its location names one customer."""

    @property
    def describe(self) -> Callable[[Location], str]:
        """What it adds to the trail."""

    @property
    def order(self) -> Callable[[Location], tuple[str, bool] | None]:
        """Column by which its rows are sorted unless another is chosen, and whether it falls."""

    @property
    def dimensions(self) -> Callable[[Location], tuple[str | None, ...]]:
        """Dimensions without which a saved view of it cannot be shown."""


class Screens(Protocol):
    """The screens there are: the registry."""

    @property
    def first(self) -> str:
        """Name of the view from which no way leads up."""

    @property
    def states(self) -> Mapping[str, type[ViewState]]:
        """Classes of what views show, by the view's name."""

    def view(self, name: str) -> ScreenFacts:
        """The view of that name. Raises KeyError where there is none."""

    def has_view(self, name: str) -> bool:
        """Whether there is a view of that name."""

    def commands_of(self, view: str) -> Iterable[Command]:
        """Commands that work in the view of that name."""


class History(Protocol):
    """Where the analyst came from."""

    @property
    def way(self) -> Way:
        """How the wanted location is gone to."""

    @property
    def previous_location(self) -> Location | None:
        """The location before this one."""

    @property
    def stepped_from(self) -> Location | None:
        """The location whose row or cell led here."""


class FrameControl(Protocol):
    """The parts around a view that commands open and close; each says whether there was something to close."""

    @property
    def clauses(self) -> Sequence[str]:
        """The sentence over the view, clause by clause, whether there is room for all or not."""

    @property
    def notes(self) -> Sequence[str]:
        """What stands beside the figures of the view, whether there is room for all or not."""

    def open_search(self, text: str) -> object:
        """Open the search with that text in it."""

    def close_search(self) -> bool:
        """Close the search."""

    def stop_export(self) -> bool:
        """Stop the export that is running."""

    def end_tour(self) -> bool:
        """Close the tour."""


class ChangeCount(Protocol):
    """The changes of a shop that is watched."""

    @property
    def on(self) -> bool:
        """Whether the shop is watched."""

    def count_from(self, dataset: Dataset) -> object:
        """Count changes from that state on."""


class Expectation(Protocol):
    """What is asked ahead of keys."""

    def expect(self, location: Location) -> object:
        """A dialog would lead there."""


class Completing(Protocol):
    """The complete answer that is to follow a preliminary one."""

    def cancel(self, location: Location) -> bool:
        """The preliminary answer of `location` stays; False where nothing is running."""


class ShopInput(Protocol):
    """What actions change of the shop on screen."""

    def type_in(self, typed: ManualSpend) -> object:
        """The analyst typed in something about spend."""

    def show_again(self) -> object:
        """Show the same location, compared with another state."""


class ActionContext(Protocol):
    """The main screen, as actions see it."""

    last_dimension: tuple[str, ...]
    """What was divided by last: offered first the next time."""
    expressions: tuple[str, ...]
    """Filters that were typed, the last one first."""

    @property
    def app(self) -> App[Any]:
        """For dialogs and notices."""

    @property
    def registry(self) -> Screens:
        """The screens there are."""

    @property
    def location(self) -> Location:
        """Where the analyst is."""

    @property
    def wanted(self) -> Location:
        """The location that was asked for last."""

    @property
    def dataset(self) -> Dataset:
        """The dataset that is asked."""

    @property
    def view(self) -> str:
        """Name of the view on screen."""

    @property
    def active(self) -> View:
        """The view on screen."""

    @property
    def is_loading(self) -> bool:
        """Whether no view is on screen."""

    @property
    def user_state(self) -> UserState:
        """Saved views, notes and recorded tiers of this shop."""

    @property
    def navigator(self) -> History:
        """Where the analyst came from."""

    @property
    def frame(self) -> FrameControl:
        """The parts around the view."""

    @property
    def live(self) -> ChangeCount:
        """Changes of a shop that is watched."""

    @property
    def lookahead(self) -> Expectation:
        """What is asked ahead of keys."""

    @property
    def long_answers(self) -> Completing:
        """What completes a preliminary answer."""

    @property
    def updates(self) -> ShopInput:
        """What actions change of the shop on screen."""

    def go(self, location: Location, *, way: Way = "on") -> object:
        """Ask for a location; it is shown when its answer is there."""

    def cancel(self) -> bool:
        """Stop what is running; False where nothing is."""

    def post_message(self, message: Message) -> bool:
        """Hand a message to the app."""

    def show_user_state(self, user_state: UserState) -> object:
        """Saved views, notes and recordings from now on."""


Action = Callable[[ActionContext], object]
"""What carries a command out, on the UI thread."""
