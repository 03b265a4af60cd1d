"""The app's memory of a shop: saved views, notes and recorded tiers, looked up and written beside the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl
from textual import work
from textual.app import App
from textual.message import Message

from ltvtui.analytics.tier_changes import tier_state
from ltvtui.errors import LtvError
from ltvtui.present.plain import plain
from ltvtui.session.open_dataset import OpenedDataset, manner_of
from ltvtui.session.open_request import OpenRequest
from ltvtui.tui.location import Location
from ltvtui.tui.persistence_queue import ChangeWritten, HistoryRead, PersistenceQueue, Recalled
from ltvtui.tui.requests import Changed, HistoryWanted, ViewWanted
from ltvtui.tui.saved_views import in_shop, read_place
from ltvtui.tui.screens.customer import CustomerScreen
from ltvtui.tui.screens.main_screen import MainScreen
from ltvtui.user_state.state import NoteChange, SavedView, ViewChange
from ltvtui.user_state.tier_history import judged_by


@dataclass
class TiersTaken(Message):
    """What tiers the shop's customers are in on its latest day is known."""

    manner: str
    """opening.manner_of."""
    query: str
    """remembered.tiers.judged_by."""
    state: pl.DataFrame
    """analytics.tier_changes.STATE."""
    as_of: int


@dataclass
class ViewFound(Message):
    """Where a saved view stands in the shop that is read."""

    location: Location


@dataclass
class ViewLost(Message):
    """A saved view cannot be shown, and why."""

    name: str
    error: LtvError


class Remembering(App[None]):
    """What the app does about what is remembered of a shop."""

    _keeping: PersistenceQueue
    _request: OpenRequest
    _main_screen: MainScreen

    def __init__(self) -> None:
        super().__init__()
        self.first_view: SavedView | None = None
        """Gone to as soon as the shop is read."""
        self._manner = ""
        """How the shop is read and cleaned; blank until it is known."""

    @property
    def _tier_terms(self) -> str:
        """Under which tiers are recorded: the rule in force, and how the shop is read."""
        rule = judged_by(self._main_screen.wanted.query, self._main_screen.shop.margin_mapped)
        return f"{rule} {self._manner}"

    def recall(self) -> None:
        """Look up what is remembered of the shop that was opened, and go where the analyst wanted to begin."""
        self._keeping.recall(self._request.shop_key, self._tier_terms)
        view, self.first_view = self.first_view, None
        if view is not None:
            self._find(view)

    def on_recalled(self, message: Recalled) -> None:
        """Show it, unless the app is being left: then there is less on screen with every moment."""
        if self.is_running:
            self._main_screen.remember(message.user_state)

    def on_changed(self, message: Changed) -> None:
        """Keep it."""
        self._keeping.change(self._request.shop_key, self._tier_terms, message.change)

    def on_change_written(self, message: ChangeWritten) -> None:
        """Say so, now that it is."""
        match message.change:
            case ViewChange(name, view):
                told = "was deleted." if view is None else "was saved; v opens it."
                self.notify(f"“{plain(name)}” {told}", markup=False)
            case NoteChange(_, _, after):
                self.notify("Note deleted." if after.blank else "Note saved.", markup=False)

    # -- saved views ---------------------------------------------------------------------------------

    def on_view_wanted(self, message: ViewWanted) -> None:
        """Look for it in the shop."""
        self._find(message.view)

    @work(thread=True, exclusive=True, group="views", description="find a saved view")
    def _find(self, view: SavedView) -> None:
        main_screen = self._main_screen
        try:
            self.post_message(ViewFound(in_shop(read_place(view.told), main_screen.shop, main_screen.location)))
        except LtvError as error:
            self.post_message(ViewLost(view.name, error))

    def on_view_found(self, message: ViewFound) -> None:
        """Go there; Esc returns."""
        if self.is_running:
            self._main_screen.go(message.location)

    def on_view_lost(self, message: ViewLost) -> None:
        """Say why the analyst stays."""
        told = f"{message.error.what} {message.error.mend}"
        title = f"The view “{plain(message.name)}” cannot be shown."
        self.notify(plain(told), title=title, severity="error", markup=False)

    # -- tiers ---------------------------------------------------------------------------------------

    def take_tiers(self, opened: OpenedDataset, stopped: Callable[[], bool]) -> None:
        """Have tiers of the shop's latest day recorded, under the rule that was agreed on. Runs in a worker."""
        dataset, query = opened.dataset, replace(opened.query.whole(), as_of=None)
        if dataset.last_day is None or stopped():
            return
        state = tier_state(dataset.snapshot(query))
        if not stopped():
            manner = manner_of(self._request, opened.mapping)
            self.post_message(TiersTaken(manner, judged_by(query, dataset.margin_mapped), state, dataset.last_day))

    def on_tiers_taken(self, message: TiersTaken) -> None:
        """Record them."""
        self._manner = message.manner
        terms = f"{message.query} {message.manner}"
        self._keeping.record(self._request.shop_key, terms, message.state, message.as_of)

    def on_history_wanted(self, message: HistoryWanted) -> None:
        """Look it up; first what is known of the rule in force, where that is another than it was."""
        shop, terms = self._request.shop_key, self._tier_terms
        if self._main_screen.user_state.terms != terms:
            self._keeping.recall(shop, terms)
        if message.customer is not None:
            self._keeping.history(shop, terms, message.customer)

    def on_history_read(self, message: HistoryRead) -> None:
        """Show it on the card."""
        if self.is_running:
            self._main_screen.query_one(CustomerScreen).tell_history(message.customer, message.changes)
            self._main_screen.open_paint_gate()
