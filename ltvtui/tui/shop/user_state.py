"""The app's memory of a shop: saved views, notes and recorded tiers, looked up and written beside the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from textual.app import App
from textual.message import Message

from ltvtui.analytics.tiers.changes import tier_state
from ltvtui.errors import LtvError
from ltvtui.present.plain import plain
from ltvtui.session.find_mapping import manner_of
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.requests import Changed, HistoryWanted, ViewWanted
from ltvtui.tui.shop.current_shop import CurrentShop
from ltvtui.tui.shop.messages import ChangeWritten, HistoryRead, Recalled, TiersTaken, ViewFound, ViewLost
from ltvtui.tui.shop.persistence_queue import PersistenceQueue
from ltvtui.user_state.state import NoteChange, PlanChange, SavedView, ViewChange
from ltvtui.user_state.tier_history import tier_rule_key

Recorder = Callable[[OpenedDataset, Callable[[], bool]], object]


class UserStateKeeper:
    """Saved views, notes and recorded tiers of the shop."""

    def __init__(
        self, app: App[Any], shop: CurrentShop, main_screen: MainScreen, saving: PersistenceQueue, records: bool
    ) -> None:
        """`records`: whether tiers are recorded."""
        self._app = app
        self._shop = shop
        self._main_screen = main_screen
        self._saving = saving
        self._records = records
        self.first_view: SavedView | None = None
        """Gone to as soon as the shop is read."""
        self._manner = ""
        """How the shop is read and cleaned; blank until it is known."""

    def recall(self) -> None:
        """Look up what is remembered of the shop that was opened, and go where the analyst wanted to begin."""
        self._saving.recall(self._shop.key, self._tier_terms)
        view, self.first_view = self.first_view, None
        if view is not None:
            self._find(view)

    def recorder(self) -> Recorder | None:
        """What records tiers of the shop's latest day, in a worker; None where they are not recorded."""
        return self._record_tiers if self._records else None

    def receive(self, message: Message) -> None:
        """Store it, look it up, or show it; while the app is being left there is less on screen with every moment."""
        match message:
            case Recalled(user_state) if self._app.is_running:
                self._main_screen.show_user_state(user_state)
            case Changed(change):
                self._saving.change(self._shop.key, self._tier_terms, change)
            case ChangeWritten():
                self._confirm(message)
            case HistoryRead() if self._app.is_running:
                self._main_screen.frame.views.show_history(message.customer, message.changes)
                self._main_screen.open_paint_gate()
            case HistoryWanted(customer):
                self._read_history(customer)
            case ViewWanted(view):
                self._find(view)
            case ViewFound(location) if self._app.is_running:
                self._main_screen.go(location)
            case ViewLost(name, error):
                title = f"The view “{plain(name)}” cannot be shown."
                text = plain(f"{error.what} {error.mend}")
                self._app.notify(text, title=title, severity="error", markup=False)
            case TiersTaken(manner, query, state, as_of):
                self._manner = manner
                self._saving.record(self._shop.key, f"{query} {manner}", state, as_of)

    @property
    def _tier_terms(self) -> str:
        """Under which tiers are recorded: the rule in force, and how the shop is read."""
        rule = tier_rule_key(self._main_screen.wanted.query, self._main_screen.dataset.margin_mapped)
        return f"{rule} {self._manner}"

    def _confirm(self, message: ChangeWritten) -> None:
        match message.change:
            case ViewChange(name, view):
                done = "was deleted." if view is None else "was saved; v opens it."
                self._app.notify(f"“{plain(name)}” {done}", markup=False)
            case NoteChange(_, _, after):
                self._app.notify("Note deleted." if after.blank else "Note saved.", markup=False)
            case PlanChange(plan):
                self._app.notify("Plan deleted." if plan is None else "Plan saved.", markup=False)

    def _find(self, view: SavedView) -> None:
        self._app.run_worker(
            partial(self._find_in_shop, view),
            group="views", description="find a saved view", exclusive=True, thread=True,
        )  # fmt: skip

    def _find_in_shop(self, view: SavedView) -> None:
        from ltvtui.tui.saved_views import in_shop, read_location  # loaded where there is a view to be found

        screen = self._main_screen
        try:
            saved = read_location(view.location_json, screen.registry)
            self._app.post_message(ViewFound(in_shop(saved, screen.registry, screen.dataset, screen.location)))
        except LtvError as error:
            self._app.post_message(ViewLost(view.name, error))

    def _record_tiers(self, opened: OpenedDataset, stopped: Callable[[], bool]) -> None:
        """Have tiers of the shop's latest day recorded, under the rule that was agreed on. Runs in a worker."""
        dataset, query = opened.dataset, replace(opened.query.whole(), as_of=None)
        if dataset.last_day is None or stopped():
            return
        try:
            state = tier_state(dataset.snapshot(query))
        except LtvError:  # tiers by expected LTV, and no forecast: there is nothing to record
            return
        if not stopped():
            manner = manner_of(self._shop.request, opened.mapping)
            rule = tier_rule_key(query, dataset.margin_mapped)
            self._app.post_message(TiersTaken(manner, rule, state, dataset.last_day))

    def _read_history(self, customer: str | None) -> None:
        """First what is known of the rule in force, where that is another than it was."""
        terms = self._tier_terms
        if self._main_screen.user_state.terms != terms:
            self._saving.recall(self._shop.key, terms)
        if customer is not None:
            self._saving.history(self._shop.key, terms, customer)
