"""Reads the shop in a worker of the app, and shows what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any

from textual.app import App
from textual.message import Message
from textual.worker import get_current_worker

from ltvtui.errors import LtvError
from ltvtui.present.numbers import counted
from ltvtui.present.plain import plain
from ltvtui.session.find_mapping import Undecided
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.requests import ReadingStopped
from ltvtui.tui.shop.current_shop import CurrentShop
from ltvtui.tui.shop.deferred_work import do_deferred_work
from ltvtui.tui.shop.live_control import LiveControl
from ltvtui.tui.shop.messages import (
    OpeningFailed,
    RowsRead,
    ShopCompleted,
    ShopOpened,
    ShopStored,
    StepBegun,
    TypedRead,
)
from ltvtui.tui.shop.persistence_queue import PersistenceQueue
from ltvtui.tui.shop.reading import read_shop
from ltvtui.tui.shop.user_state import UserStateKeeper


class ShopReader:
    """Opens the shop, completes it, and settles what waits until its figures stand."""

    def __init__(
        self,
        app: App[Any],
        shop: CurrentShop,
        main_screen: MainScreen,
        saving: PersistenceQueue,
        user_state: UserStateKeeper,
        live: LiveControl,
        ask_columns: Callable[[], object],
    ) -> None:
        """`ask_columns` is called where only the analyst knows what columns mean."""
        self._app = app
        self._shop = shop
        self._main_screen = main_screen
        self._saving = saving
        self._user_state = user_state
        self._live = live
        self._ask_columns = ask_columns

    def adopt_reading(self) -> None:
        """The database is being read already: what is told of it comes here from now on."""
        for group in ("live", "settling"):
            self._app.workers.cancel_group(self._app, group)
        self._shop.read_again()
        self._main_screen.updates.wait()

    def read(self) -> None:
        """Read the database, or read it again."""
        self.adopt_reading()
        self._run(self._read, "reading", "read the shop")

    def receive(self, message: Message) -> None:
        """Show what became of it."""
        match message:
            case RowsRead(done, total):
                self._main_screen.updates.advance(done, total)
            case StepBegun(doing, number, steps):
                self._main_screen.updates.begin_step(doing, number, steps)
            case ShopOpened():
                self._open(message)
            case ShopCompleted(opened):
                shown = self._to_be_shown()
                self._main_screen.updates.complete(opened)
                self._complete(opened, shown)
            case ShopStored(opened):
                # Not earlier, for to be cached its file is opened and closed, and that would take away the locks of
                # a connection that listens.
                if not self._main_screen.state.is_reading:
                    self._live.begin(opened)
            case OpeningFailed(error):
                self._fail(error)
            case ReadingStopped():
                self._app.workers.cancel_group(self._app, "reading")
                self._stay(LtvError("The reading was cancelled.", "Nothing was changed."))
            case TypedRead():
                self._count_typed(message)

    def _run(self, work: Callable[[], object], group: str, description: str) -> None:
        self._app.run_worker(work, group=group, description=description, exclusive=True, thread=True)

    def _read(self) -> None:
        worker = get_current_worker()
        # Figures may come before attributes where nothing on the way to them is said in attributes.
        in_two = self._shop.mapping is None and self._main_screen.location.by == ("tier",)
        request = self._shop.request
        read_shop(
            request if self._shop.before is None else replace(request, again=True),
            self._shop.today,
            in_two,
            self._main_screen.updates.prepare,
            self._app.post_message,
            lambda: worker.is_cancelled,
        )

    def _open(self, message: ShopOpened) -> None:
        """Show the figures."""
        opened, before = message.opened, self._shop.mapping
        self._shop.mapping = opened.mapping
        if before is not None and before.orders != opened.mapping.orders:
            moved = f"Orders now come from {plain(opened.mapping.orders)}, no longer from {plain(before.orders)}."
            self._app.notify("C changes it.", title=moved, severity="warning", markup=False)
        in_force = {**opened.query.terms(), **opened.budget.short()}
        restored = {name: value for name, value in message.user_state.items() if in_force.get(name) == value}
        if restored and before is None:
            settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in restored.items())
            self._app.notify(f"Settings from last time: {plain(settings)}. A and t change them.", markup=False)
        shown = self._to_be_shown()
        self._main_screen.updates.open(opened, message.is_complete)
        if message.is_complete:
            if self._shop.before is not None:
                self._report_reading(self._shop.before, opened)
            self._complete(opened, shown)

    def _to_be_shown(self) -> Event:
        """Set as soon as the figures that are asked for next are on screen."""
        shown = Event()
        self._main_screen.state.signal_with(shown)
        return shown

    def _report_reading(self, before: OpenedDataset, opened: OpenedDataset) -> None:
        """What is there now, and how much of it is new."""
        was, now = (shop.dataset.cleaned for shop in (before, opened))
        new = now.customer_ids.len() - was.customer_ids.len(), now.rows_read - was.rows_read
        parts = [
            f"{counted(abs(by), what)} {'more' if by > 0 else 'fewer'}"
            for by, what in zip(new, ("customer", "row"), strict=True)
            if by
        ]
        what = " and ".join(parts) if parts else "as many rows and customers as before"
        self._app.notify(f"{self._shop.request.name} was read again: {what}.", markup=False)

    def _complete(self, opened: OpenedDataset, shown: Event) -> None:
        """All that can be read is: look up what is remembered, and settle, as soon as figures are `shown`."""
        self._saving.wait_for(shown)
        self._read_spend()
        self._user_state.recall()
        self._run(partial(self._do_deferred_work, opened, shown), "settling", "cache the shop")

    def _do_deferred_work(self, opened: OpenedDataset, shown: Event) -> None:
        worker = get_current_worker()
        do_deferred_work(
            opened,
            shown,
            self._user_state.recorder(),
            lambda: self._main_screen.navigator.quiet_for,
            self._app.post_message,
            lambda: worker.is_cancelled,
        )

    def _read_spend(self) -> None:
        """What was typed in about spend the last time; a spend that is said goes without."""
        request = self._shop.request
        if request.spend_file is None and request.overrides.spend is None:
            self._saving.read_spend(self._shop.key, self._main_screen.state.typed)

    def _count_typed(self, message: TypedRead) -> None:
        """Count it, unless something was typed meanwhile: then that is there too by now."""
        if self._main_screen.state.typed is not message.before:
            self._read_spend()
        elif not message.typed.same_as(message.before):
            self._main_screen.updates.set_typed_spend(message.typed)

    def _fail(self, error: LtvError) -> None:
        """Ask what only the analyst knows, or say what went wrong."""
        undecided = isinstance(error, Undecided)
        self._stay(LtvError(error.what, "Press C to answer on screen; the answer is saved.") if undecided else error)
        if undecided and self._shop.before is None:
            self._ask_columns()

    def _stay(self, error: LtvError) -> None:
        """The shop that was there stays, and is watched as it was."""
        self._main_screen.updates.fail(error)
        if self._shop.before is not None:
            self._live.begin(self._shop.before)
