"""What is remembered of the analyst's choices, written beside the keyboard, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Final

import polars as pl
from textual.message import Message

from ltvtui.analytics.budget.manual_spend import ManualSpend
from ltvtui.errors import LtvError
from ltvtui.storage import settings_file
from ltvtui.storage.workspace import Workspace
from ltvtui.tui.shop.messages import ChangeWritten, HistoryRead, NotSaved, OnlyRead, Recalled, TypedRead
from ltvtui.user_state.state import Change

PATIENCE: Final = 2.0
"""Seconds that figures may take before something is looked up beside them."""


def now() -> str:
    """This moment: ISO, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class PersistenceQueue:
    """Settings and the workspace. What cannot be written holds for today all the same: `post` tells so."""

    def __init__(self, post: Callable[[Message], object]) -> None:
        self._post = post
        self._workspace = Workspace(settings_file.workspace_path())
        self._queue = ThreadPoolExecutor(1, "keeping")
        """One after the other, and none on the UI thread: a home on another machine may take its time."""
        self._unwritten: list[tuple[str, Change]] = []
        """(shop, change) that could not be written yet. Known to the queue alone."""
        self._notices: set[str] = set()
        """What was said of what cannot be read: once is enough. Known to the queue alone."""

    def wait_for(self, shown: Event) -> None:
        """What comes from now on waits until figures are `shown`: to look something up takes their time."""
        self._do(partial(shown.wait, PATIENCE))

    def setting(self, name: str, value: str) -> None:
        """Remember a setting of the app."""
        self._do(partial(settings_file.save_setting, name, value))

    def terms(self, shop: str, words: Mapping[str, str]) -> None:
        """Remember what was agreed on for `shop`."""
        self._do(partial(settings_file.save_terms, shop, words))

    def typed(self, shop: str, before: ManualSpend, after: ManualSpend) -> None:
        """Remember what was typed in about spend."""
        self._do(partial(self._workspace.save_spend, shop, before, after))

    def read_spend(self, shop: str, before: ManualSpend) -> None:
        """Post what was typed in for `shop`, after all that is still to be written."""
        self._read(lambda: self._post(TypedRead(self._workspace.typed(shop), before)))

    def change(self, shop: str, terms: str, change: Change) -> None:
        """Remember a view or a note, and post all that is remembered then; `terms` are those of recorded tiers.

        What cannot be written is held, and tried again whenever something is looked up.
        """

        def write() -> None:
            try:
                self._workspace.change(shop, change)
            except LtvError:
                self._unwritten.append((shop, change))
                raise
            self._post(ChangeWritten(change))
            self._recall(shop, terms)

        self._do(write)

    def recall(self, shop: str, terms: str) -> None:
        """Post what is remembered of `shop`; where that cannot be read, it is said once."""
        self._read(lambda: self._recall(shop, terms))

    def record(self, shop: str, terms: str, state: pl.DataFrame, as_of: int) -> None:
        """Record what changed in tiers, and post what is remembered then. Where that cannot be, the shop is shown
        without a word: nobody has asked for it yet."""

        def write() -> None:
            with suppress(LtvError):
                self._workspace.record_tiers(shop, terms, state, as_of, now())
                self._recall(shop, terms)

        self._do(write)

    def history(self, shop: str, terms: str, customer: str) -> None:
        """Post the recorded tiers of a customer."""

        def read() -> None:
            with suppress(LtvError):
                self._post(HistoryRead(customer, self._workspace.tier_history(shop, terms, customer)))

        self._do(read)

    def _recall(self, shop: str, terms: str) -> None:
        unwritten, self._unwritten = self._unwritten, []
        for of, change in unwritten:
            try:
                self._workspace.change(of, change)
            except LtvError:
                self._unwritten.append((of, change))
        state = self._workspace.user_state(shop, terms)
        self._post(Recalled(state.after(change for of, change in self._unwritten if of == shop)))

    def _read(self, act: Callable[[], object]) -> None:
        """Read something, and say once what hinders it."""

        def read() -> None:
            try:
                act()
            except LtvError as error:
                if error.what not in self._notices:
                    self._notices.add(error.what)
                    raise
            notice = self._workspace.notice
            if notice and notice not in self._notices:
                self._notices.add(notice)
                self._post(OnlyRead(notice))

        self._do(read)

    def _do(self, act: Callable[[], object]) -> None:
        self._queue.submit(self._try, act)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except LtvError as error:
            self._post(NotSaved(error))
