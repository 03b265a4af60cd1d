"""All of the app but its first picture: the shop, its main screen, and what the app does about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from ltvtui.present.plain import plain
from ltvtui.session.open_request import OpenRequest
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.export_progress import ExportProgress
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.registry import registry_of
from ltvtui.tui.shop.current_shop import CurrentShop
from ltvtui.tui.shop.live_control import LiveControl
from ltvtui.tui.shop.persistence_queue import PersistenceQueue
from ltvtui.tui.shop.reader import ShopReader
from ltvtui.tui.shop.user_state import UserStateKeeper
from ltvtui.tui.start import Start
from ltvtui.tui.views.registry import VIEWS
from ltvtui.tui.views.spec import ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.dialogs.mapping.screen import Understanding


class AppParts:
    """The shop of the app, and its main screen."""

    def __init__(
        self,
        app: App[Any],
        request: OpenRequest,
        today: int | None,
        views: Sequence[ViewSpec] | None,
        start: Start,
        of_app: Mapping[str, Callable[[], object]],
    ) -> None:
        """`of_app`: commands that the app carries out itself, by their id."""
        self._app = app
        self.settings = start.settings
        self.shop = CurrentShop(request, today)
        self.saving = PersistenceQueue(app.post_message)
        location = start.location or Location("overview" if start.by == ("tier",) else "explore", by=start.by)
        self.main_screen = MainScreen(
            registry_of(views or VIEWS), location, request.name, {**self._commands(), **of_app}
        )
        self.main_screen.frame.tour.is_wanted = start.tour
        self.live = LiveControl(app, self.shop, self.main_screen)
        self.live.is_wanted = start.live
        self.user_state = UserStateKeeper(app, self.shop, self.main_screen, self.saving, self.settings.tier_history)
        self.user_state.first_view = start.view
        self.reader = ShopReader(
            app, self.shop, self.main_screen, self.saving, self.user_state, self.live, self.choose_columns
        )

    def _commands(self) -> dict[str, Callable[[], object]]:
        """Commands that are carried out here, by their id."""
        return {
            "columns": self.choose_columns,
            "reload": lambda: self.reader.read(),
            "live": lambda: self.live.toggle(),
            "export": self.export,
            "quit": self.leave,
        }

    @property
    def main_screen_waits(self) -> bool:
        """Whether a command on the main screen waits for rows."""
        return self.main_screen.commands.is_waiting_for_rows and self.main_screen.is_current

    def keys_wait(self, top: Screen[Any]) -> bool:
        """Whether the next key waits for something that `top`, the screen on top, has asked for."""
        return top.keys_wait if isinstance(top, Dialog) else top is self.main_screen and self.main_screen_waits

    def save_setting(self, setting: str, value: str) -> None:
        """Remember a setting of the app."""
        if value != getattr(self.settings, setting):
            change: dict[str, Any] = {setting: value}
            self.settings = replace(self.settings, **change)
            self.saving.setting(setting, value)

    def choose_columns(self) -> None:
        """How columns are understood, and to change it."""
        from ltvtui.tui.dialogs.mapping.screen import MappingScreen

        def chosen(answer: Understanding | None) -> None:
            if answer is None:
                return
            if answer.path:
                self._app.notify(f"Saved in {plain(str(answer.path))}", title="Mapping", markup=False)
            self.shop.understand(replace(self.shop.request, overrides=answer.overrides))
            self.main_screen.updates.forget()
            self.reader.read()

        self._app.push_screen(MappingScreen(self.shop.request, self.shop.mapping), chosen)

    def export(self) -> None:
        """Write something to a file."""
        if self.shop.mapping is None or not self.main_screen.state.is_complete:
            self._app.notify("Attributes are still being read. Try again in a moment.", markup=False)
            return
        from ltvtui.tui.exporting import Export

        folder = Path(self.settings.export_folder or ".")
        folder = folder if folder.is_dir() else Path()
        export = Export(self.main_screen, self.shop.request, self.shop.mapping)
        export.ask(folder.absolute(), lambda folder: self.save_setting("export_folder", str(folder)))

    def leave(self) -> None:
        """Leave; while an export is on its way, ask."""
        if not self.main_screen.query_one(ExportProgress).busy:
            self._app.exit()
            return

        def answered(answer: str | None) -> None:
            if answer == "leave":
                self._app.exit()

        choices = {"stay": "Stay until it is finished", "leave": "Quit and cancel the export"}
        self._app.push_screen(ChoiceDialog("An export is running", choices), answered)
