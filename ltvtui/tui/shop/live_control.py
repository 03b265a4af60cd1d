"""Watches the shop in a worker of the app, and shows what others write to it."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.message import Message
from textual.worker import get_current_worker

from ltvtui.session.live import Live
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.registry import is_watchable
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.shop.current_shop import CurrentShop
from ltvtui.tui.shop.live_poller import follow
from ltvtui.tui.shop.messages import ShopBack, ShopChecked, ShopGrew, ShopLost


class LiveControl:
    """Whether the shop is watched, or will be as soon as it is read."""

    def __init__(self, app: App[Any], shop: CurrentShop, main_screen: MainScreen) -> None:
        self._app = app
        self._shop = shop
        self._main_screen = main_screen
        self.is_wanted = False

    def toggle(self) -> None:
        """Watch the shop, or do so no longer."""
        opened = self._shop.opened
        if opened is None:
            self.is_wanted = not self.is_wanted
            when = "starts once the shop is read and cached" if self.is_wanted else "will not start"
            self._app.notify(f"Watching {when}.", markup=False)
        elif self.is_wanted:
            self.is_wanted = False
            self._app.workers.cancel_group(self._app, "live")
            self._main_screen.updates.set_live(False)
            self._app.notify("Stopped watching the database.", markup=False)
        else:
            self.is_wanted = True
            self.begin(opened)

    def begin(self, opened: OpenedDataset) -> None:
        """The shop can be watched from now on, if that is wished for."""
        self._shop.opened = opened
        if not self.is_wanted:
            return
        if not is_watchable(self._shop.request.locator):
            self.is_wanted = False
            title = "Only a database can be watched."
            self._app.notify(
                "Import files into one with `ltvtui import`.", title=title, severity="warning", markup=False
            )
            return
        self._main_screen.updates.set_live(True)
        self._app.run_worker(self._follow, group="live", description="watch the shop", exclusive=True, thread=True)

    def receive(self, message: Message) -> None:
        """Show what others wrote, or that figures are of before."""
        match message:
            case ShopGrew(opened, shown):
                self._shop.opened = opened
                self._main_screen.updates.grow(opened, shown)
            case ShopLost(error, reason):
                self._main_screen.updates.lose(error, reason)
            case ShopChecked(is_proven):
                self._main_screen.updates.set_proven(is_proven)
            case ShopBack():
                self._main_screen.updates.regain()

    def _follow(self) -> None:
        worker = get_current_worker()
        if self._shop.opened is not None:
            live = Live(self._shop.request, self._shop.opened, self._shop.today)
            follow(live, self._app.post_message, lambda: worker.is_cancelled)
