"""The app: one shop on one main screen, read in a worker, with settings that are remembered."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Key
from textual.message import Message

from ltvtui.present.plain import plain
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage import settings_file
from ltvtui.tui.commands import REPAINT
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.dialogs.mapping.screen import MappingScreen, Understanding
from ltvtui.tui.exporting import Export
from ltvtui.tui.keyboard import Keyboard
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.export_progress import ExportProgress
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.palette import Commands
from ltvtui.tui.registry import registry_of
from ltvtui.tui.requests import SettingsChanged, SpendTyped
from ltvtui.tui.shop.current_shop import CurrentShop
from ltvtui.tui.shop.live_control import WATCHING, LiveControl
from ltvtui.tui.shop.persistence_queue import NotSaved, OnlyRead, PersistenceQueue
from ltvtui.tui.shop.reader import READING, ShopReader
from ltvtui.tui.shop.user_state import USER_STATE_MESSAGES, UserStateKeeper
from ltvtui.tui.terminal.gc_tuning import GcTuning
from ltvtui.tui.terminal.screen_diff import FORGET
from ltvtui.tui.terminal.signals import QUIT, Signals
from ltvtui.tui.terminal.textual_internals import driver_of
from ltvtui.tui.views.registry import VIEWS
from ltvtui.tui.views.spec import ViewSpec
from ltvtui.tui.widgets.readable import readable


def each_of(messages: Sequence[type[Message]]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator of a method that handles all of these messages."""

    def decorated(method: Callable[..., None]) -> Callable[..., None]:
        for message in messages:
            method = on(message)(method)
        return method

    return decorated


class LtvApp(App[None]):
    """ltvtui on a terminal. What it knows of the shop, and does about it, stands in tui/shop."""

    TITLE = "ltvtui"
    NOTIFICATION_TIMEOUT = 3
    CSS_PATH = "ltvtui.tcss"
    COMMANDS: ClassVar[set[Any]] = {Commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(REPAINT.keys, "repaint", REPAINT.help, id=REPAINT.id, show=False)  # over dialogs too
    ]

    def __init__(
        self,
        request: OpenRequest,
        start: Location,
        today: int | None = None,
        views: Sequence[ViewSpec] = VIEWS,
    ) -> None:
        super().__init__()
        self.settings = settings_file.load_settings()
        self.shop = CurrentShop(request, today)
        self.saving = PersistenceQueue(self.post_message)
        self.main_screen = MainScreen(registry_of(views), start, request.name, self._own_commands())
        self.live = LiveControl(self, self.shop, self.main_screen)
        self.user_state = UserStateKeeper(self, self.shop, self.main_screen, self.saving, self.settings.tier_history)
        self.reader = ShopReader(
            self, self.shop, self.main_screen, self.saving, self.user_state, self.live, self.choose_columns
        )
        self.signals = Signals(self)
        self._gc_tuning = GcTuning(self)
        self._keyboard = Keyboard(self, super().on_event, lambda: self._keys_wait)
        if os.environ.get("SSH_CONNECTION"):
            self.animation_level = "none"

    def get_driver_class(self) -> type[Driver]:
        """On Linux and macOS the driver that sends differences only."""
        usual = super().get_driver_class()
        if usual.__module__ != "textual.drivers.linux_driver":
            return usual
        from ltvtui.tui.terminal.driver import LeanDriver  # needs termios, which Windows has not

        return LeanDriver

    def get_css_variables(self) -> dict[str, str]:
        """Those of the theme; words can be read on its grounds."""
        return readable(super().get_css_variables())

    def _own_commands(self) -> dict[str, Callable[[], object]]:
        """Commands that the app carries out, by their id."""
        return {
            "columns": self.choose_columns,
            "reload": lambda: self.reader.read(),
            "live": lambda: self.live.toggle(),
            "palette": self.action_command_palette,
            "repaint": self.action_repaint,
            "suspend": self.action_suspend_process,
            "export": self.export,
            "quit": self.leave,
        }

    def on_mount(self) -> None:
        """Paint the main screen at once, then begin to read."""
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        self.set_keymap(dict(self.settings.keys))
        self.theme_changed_signal.subscribe(self, lambda theme: self._save_setting("theme", theme.name))
        self.signals.listen()
        self.push_screen(self.main_screen)
        if self.settings.trouble:
            self.notify(plain(self.settings.trouble), severity="warning", markup=False)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if not self.is_headless:  # a test has a process of its own, and means to keep it
            self._gc_tuning.shorten()
            self.signals.watch(driver_of(self))
        self.reader.read()

    # -- keys ----------------------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        """Keys go one after the other; Esc and what ends the app wait for no answer."""
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif event.key == "ctrl+backslash":  # the terminal sends no signal while it is ours
            self.signals.leave(QUIT)
        elif self._main_screen_waits and (event.key == "escape" or event.key.startswith("ctrl+")):
            if event.key == "escape":
                self._keyboard.forget()
            await super().on_event(event)
        else:
            await self._keyboard.enqueue(event)

    async def on_keys_freed(self) -> None:
        """What the next key had to wait for is there."""
        await self._keyboard.go_on()

    @property
    def _main_screen_waits(self) -> bool:
        return self.main_screen.commands.is_waiting_for_rows and self.main_screen.is_current

    @property
    def _keys_wait(self) -> bool:
        top = self.screen_stack[-1] if self.screen_stack else None
        return top.keys_wait if isinstance(top, Dialog) else top is self.main_screen and self._main_screen_waits

    # -- messages ------------------------------------------------------------------------------------

    @each_of(READING)
    def _on_reading(self, message: Message) -> None:
        self.reader.receive(message)

    @each_of(WATCHING)
    def _on_watching(self, message: Message) -> None:
        self.live.receive(message)

    @each_of(USER_STATE_MESSAGES)
    def _on_user_state(self, message: Message) -> None:
        self.user_state.receive(message)

    def on_settings_changed(self, message: SettingsChanged) -> None:
        """Save what was agreed on for the next time this shop is opened."""
        self.saving.terms(self.shop.key, message.settings)

    def on_tour_ended(self) -> None:
        """It does not come again."""
        self._save_setting("tour", "done")

    def on_spend_typed(self, message: SpendTyped) -> None:
        """Save what was typed in about spend."""
        self.saving.typed(self.shop.key, message.before, message.after)

    @each_of((NotSaved, OnlyRead))
    def _on_storage_trouble(self, message: NotSaved | OnlyRead) -> None:
        """Say what will be forgotten."""
        match message:
            case NotSaved(error):
                self.notify(plain(error.mend), title=plain(error.what), severity="warning", markup=False)
            case OnlyRead(notice):
                self.notify(plain(notice), severity="warning", markup=False)

    def notify(self, message: str, **how: Any) -> None:
        """Show a message in place of the one before: they stand over figures."""
        self.clear_notifications()
        super().notify(message, **how)

    # -- commands of the app -------------------------------------------------------------------------

    def choose_columns(self) -> None:
        """How columns are understood, and to change it."""

        def chosen(answer: Understanding | None) -> None:
            if answer is None:
                return
            if answer.path:
                self.notify(f"Saved in {plain(str(answer.path))}", title="Mapping", markup=False)
            self.shop.understand(replace(self.shop.request, overrides=answer.overrides))
            self.main_screen.updates.forget()
            self.reader.read()

        self.push_screen(MappingScreen(self.shop.request, self.shop.mapping), chosen)

    def export(self) -> None:
        """Write something to a file."""
        if self.shop.mapping is None or not self.main_screen.state.is_complete:
            self.notify("Attributes are still being read. Try again in a moment.", markup=False)
            return
        folder = Path(self.settings.export_folder or ".")
        folder = folder if folder.is_dir() else Path()
        export = Export(self.main_screen, self.shop.request, self.shop.mapping)
        export.ask(folder.absolute(), lambda folder: self._save_setting("export_folder", str(folder)))

    def _save_setting(self, setting: str, value: str) -> None:
        if value != getattr(self.settings, setting):
            change: dict[str, Any] = {setting: value}
            self.settings = replace(self.settings, **change)
            self.saving.setting(setting, value)

    def leave(self) -> None:
        """Leave; while an export is on its way, ask."""
        if not self.main_screen.query_one(ExportProgress).busy:
            self.exit()
            return

        def answered(answer: str | None) -> None:
            if answer == "leave":
                self.exit()

        choices = {"stay": "Stay until it is finished", "leave": "Quit and cancel the export"}
        self.push_screen(ChoiceDialog("An export is running", choices), answered)

    # -- painting ------------------------------------------------------------------------------------

    def post_display_hook(self) -> None:
        """A picture is done."""
        super().post_display_hook()
        self._gc_tuning.after_picture()

    def action_repaint(self) -> None:
        """Send the whole screen, for a line that lost or added something."""
        if (driver := driver_of(self)) is not None:
            driver.write(FORGET)
        self.screen.refresh()

    def on_app_resume(self) -> None:
        """After `fg` everything is painted anew."""
        self.refresh(layout=True)
