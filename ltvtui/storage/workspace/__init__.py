"""What the analyst adds to a shop: one small database per user, never the shop's own.

It lies in the platform's data directory, or in LTVTUI_DATA_DIR, for its owner's eyes only. Several sessions may use
it at once: each call opens it, does one thing whole or not at all, and closes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.analytics.tiers.changes import tier_changes
from ltvtui.storage.sqlite_errors import is_locked
from ltvtui.storage.sqlite_transaction import transaction
from ltvtui.storage.workspace.database import NOT_UNDERSTOOD, later, opened, opened_to_read
from ltvtui.storage.workspace.notes import change_note, notes_of
from ltvtui.storage.workspace.plans import lead_order_of, plan_of, save_lead_order, save_plan
from ltvtui.storage.workspace.spend import save_changes, typed_of
from ltvtui.storage.workspace.tiers import history_of, last_number, last_state, packed, record, recordings_of
from ltvtui.storage.workspace.views import change_view, views_of
from ltvtui.user_state.lead_order import LeadOrder
from ltvtui.user_state.notes import Note, Notebook, notebook_of
from ltvtui.user_state.plans import MarketingPlan
from ltvtui.user_state.state import Change, NoteChange, PlanChange, SavedView, UserState, ViewChange
from ltvtui.user_state.tier_history import Recording, TierChange

if TYPE_CHECKING:
    from sqlite_utils import Database

Found = TypeVar("Found")


class Workspace:
    """The database at `path`; it is made when something is first kept.

    Every method raises LtvError (exit code 1) where the database is there and cannot be used. One of a later version
    is read as far as it is understood, and never written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice = ""
        """What is to be known of what was read last, one sentence; blank where there is nothing."""

    def _read(self, what: Callable[[Database], Found], nothing: Found) -> Found:
        """What `what` finds; `nothing` where there is no workspace yet."""
        self.notice = ""
        with opened_to_read(self.path) as found:
            if found is None:
                if self.path.parent.parent.is_file() or self.path.parent.is_file():
                    self.notice = f"{self.path.parent} is not a folder: nothing is saved there."
                return nothing
            database, ahead = found
            self.notice = later(self.path) if ahead else ""
            return what(database)

    def _readable_part(self, what: Callable[[], Found], nothing: Found) -> Found:
        """A part of what is remembered; `nothing`, and a notice, where it is damaged or not understood."""
        try:
            return what()
        except (*NOT_UNDERSTOOD, sqlite3.DatabaseError) as error:
            if is_locked(error):
                raise
            self.notice = self.notice or f"The workspace {self.path} is damaged: some of it cannot be read."
            return nothing

    def typed(self, shop: str) -> ManualSpend:
        """What was typed in about spend for `shop`; nothing where there is no workspace yet."""
        return self._read(lambda database: typed_of(database, shop), ManualSpend())

    def save_spend(self, shop: str, before: ManualSpend, after: ManualSpend) -> None:
        """Save what changed from `before` to `after` for `shop`; what another session has typed meanwhile stays."""
        with opened(self.path) as database, transaction(database.conn):
            save_changes(database, shop, before, after)

    def user_state(self, shop: str, terms: str) -> UserState:
        """Views, notes and the plan of `shop`, and recordings of its tiers under `terms`
        (tier_history.tier_rule_key)."""

        def all_of_it(database: Database) -> UserState:
            readable = self._readable_part
            views: tuple[SavedView, ...] = readable(lambda: tuple(view for _, view in views_of(database, shop)), ())
            notes = readable(
                lambda: notebook_of((key, note) for _, key, note in notes_of(database, shop)), Notebook()
            )
            recordings: tuple[Recording, ...] = readable(lambda: tuple(recordings_of(database, shop, terms)), ())
            plan = readable(lambda: plan_of(database, shop), None)
            return UserState(views, notes, recordings, plan, terms)

        return self._read(all_of_it, UserState(terms=terms))

    def change(self, shop: str, change: Change) -> None:
        """Make a change of the views, notes or the plan of `shop`."""
        with opened(self.path) as database, transaction(database.conn):
            match change:
                case ViewChange():
                    change_view(database, shop, change)
                case NoteChange():
                    change_note(database, shop, change)
                case PlanChange(plan):
                    save_plan(database, shop, plan)

    def views(self, shop: str | None = None) -> list[tuple[str, SavedView]]:
        """(shop, view) of one shop, or of all."""
        return self._read(lambda database: views_of(database, shop), [])

    def notes(self, shop: str | None = None) -> list[tuple[str, str, Note]]:
        """(shop, Subject.key, note) of one shop, or of all."""
        return self._read(lambda database: notes_of(database, shop), [])

    def plan(self, shop: str) -> MarketingPlan | None:
        """The plan that was kept for `shop`; None, and a notice, where it is damaged."""
        found: MarketingPlan | None = self._read(
            lambda database: self._readable_part(lambda: plan_of(database, shop), None), None
        )
        return found

    def lead_order(self, shop: str) -> LeadOrder:
        """The order of lead stages that was kept for `shop`; a blank one where none was."""
        nothing = LeadOrder()
        return self._read(
            lambda database: self._readable_part(lambda: lead_order_of(database, shop), nothing), nothing
        )

    def save_lead_order(self, shop: str, order: LeadOrder, at: str) -> None:
        """Keep the order of the lead stages of `shop`; `at` is the time (ISO, UTC)."""
        with opened(self.path) as database, transaction(database.conn):
            save_lead_order(database, shop, order, at)

    def record_tiers(self, shop: str, terms: str, state: pl.DataFrame, as_of: int, at: str) -> Recording | None:
        """Record what changed in tiers since they were last recorded under `terms`; None where nothing did.

        `state` is a tier_changes.STATE of the day `as_of`, `at` the time (ISO, UTC). Of several sessions that record
        at once each compares with what the one before has recorded.
        """
        piece = packed(state)
        while True:
            with opened(self.path) as database:
                last = last_state(database, shop, terms)
                # Without an earlier recording there are no changes, only the state.
                changes = tier_changes(state if last is None else last.frame, state)
                if last is not None and changes.is_empty():
                    return None
                recording = Recording(as_of, at, state.height, None if last is None else changes.height)
                with transaction(database.conn):
                    if last_number(database, shop, terms) == (None if last is None else last.recording):
                        record(database, shop, terms, recording, piece, changes)
                        return recording

    def tier_history(self, shop: str, terms: str, customer: str) -> list[TierChange]:
        """Recorded changes of one customer (the shop's own id), the newest first."""
        return self._read(lambda database: history_of(database, shop, terms, customer), [])
