"""The app: one shop on one main screen, read in a worker, with settings that are remembered."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Key
from textual.message import Message

from ltvtui.present.plain import plain
from ltvtui.tui.early_reading import EarlyReading
from ltvtui.tui.keyboard import Keyboard
from ltvtui.tui.keys import REPAINT
from ltvtui.tui.opening_screen import OpeningScreen
from ltvtui.tui.requests import SettingsChanged, SpendTyped
from ltvtui.tui.shop.messages import READING, USER_STATE_MESSAGES, WATCHING, NotSaved, OnlyRead
from ltvtui.tui.start import Start
from ltvtui.tui.terminal.gc_tuning import GcTuning
from ltvtui.tui.terminal.screen_diff import FORGET
from ltvtui.tui.terminal.signals import QUIT, Signals
from ltvtui.tui.terminal.textual_internals import driver_of
from ltvtui.tui.widgets.readable import readable

if TYPE_CHECKING:
    from textual.command import Provider

    from ltvtui.session.dataset import Dataset
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.tui.app_parts import AppParts
    from ltvtui.tui.location import Location
    from ltvtui.tui.main_screen.main_screen import MainScreen
    from ltvtui.tui.views.spec import ViewSpec

LARGEST_PART = "ltvtui.tui.views.registry"
"""Module that brings all screens, and with them nearly all that takes long to load."""


def each_of(messages: Sequence[type[Message]]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator of a method that handles all of these messages."""

    def decorated(method: Callable[..., None]) -> Callable[..., None]:
        for message in messages:
            method = on(message)(method)
        return method

    return decorated


def palette_commands() -> type[Provider]:
    """What the palette offers, loaded when it is opened."""
    from ltvtui.tui.palette import Commands

    return Commands


class LtvApp(App[None]):
    """ltvtui on a terminal. Its first picture needs nothing that knows a shop; all the rest stands in AppParts."""

    TITLE = "ltvtui"
    NOTIFICATION_TIMEOUT = 3
    CSS_PATH = "ltvtui.tcss"
    COMMANDS: ClassVar[set[Any]] = {palette_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(REPAINT, "repaint", "Redraw the screen.", id="repaint", show=False)  # over dialogs too
    ]

    def __init__(
        self,
        request: OpenRequest,
        start: Location | Start,
        today: int | None = None,
        views: Sequence[ViewSpec] | None = None,
    ) -> None:
        """`views` default to those of ltvtui."""
        super().__init__()
        self._request = request
        self._today = today
        self._views = views
        self._start = start if isinstance(start, Start) else Start(location=start)
        self._early: EarlyReading | None = None
        """Holds what is told while the main screen is not there."""
        self.signals = Signals(self)
        self._gc_tuning = GcTuning(self)
        self._keyboard = Keyboard(self, super().on_event, lambda: self._keys_wait)
        if os.environ.get("SSH_CONNECTION"):
            self.animation_level = "none"

    @cached_property
    def parts(self) -> AppParts:
        """The shop, its main screen and what is done about them: to load them takes longer than a first picture."""
        from ltvtui.tui.app_parts import AppParts

        of_app = {
            "palette": self.action_command_palette,
            "repaint": self.action_repaint,
            "suspend": self.action_suspend_process,
        }
        return AppParts(self, self._request, self._today, self._views, self._start, of_app)

    @property
    def main_screen(self) -> MainScreen:
        """The screen of the shop."""
        return self.parts.main_screen

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

    def on_mount(self) -> None:
        """Paint something at once, then begin to read."""
        settings = self._start.settings
        if settings.theme in self.available_themes:
            self.theme = settings.theme
        self.set_keymap(dict(settings.keys))
        self.theme_changed_signal.subscribe(self, lambda theme: self.parts.save_setting("theme", theme.name))
        self.signals.listen()
        is_loaded = LARGEST_PART in sys.modules
        self.push_screen(self.main_screen if is_loaded else OpeningScreen(self._request.name))
        if settings.trouble:
            self.notify(plain(settings.trouble), severity="warning", markup=False)
        self.call_after_refresh(self._read if is_loaded else self._begin_early)

    def _read(self) -> None:
        self._tune_process()
        self.parts.reader.read()

    def _begin_early(self) -> None:
        """Read the shop while what shows it is being loaded."""
        self._tune_process()

        def prepare(dataset: Dataset) -> None:
            self.main_screen.updates.prepare(dataset)

        self._early = EarlyReading(
            self, self._request, self._today, self._start.in_tiers, prepare, lambda: self.call_later(self._go_on)
        )
        self._early.begin()

    async def _go_on(self) -> None:
        """The main screen takes over."""
        early, self._early = self._early, None
        if early is None or not self.is_running:
            return
        with self.batch_update():
            await self.switch_screen(self.main_screen)
            self.parts.reader.adopt_reading()
        self._tune_process()
        early.hand_over(self.parts.reader.receive)
        await self._keyboard.go_on()

    def _tune_process(self) -> None:
        if not self.is_headless:  # a test has a process of its own, and means to keep it
            self._gc_tuning.shorten()
            self.signals.watch(driver_of(self))

    # -- keys ----------------------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        """Keys go one after the other; Esc and what ends the app wait for no answer."""
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif event.key == "ctrl+backslash":  # the terminal sends no signal while it is ours
            self.signals.leave(QUIT)
        elif isinstance(self.screen, OpeningScreen):
            await (super().on_event(event) if self.screen.leaves(event.key) else self._keyboard.enqueue(event))
        elif self.parts.main_screen_waits and (event.key == "escape" or event.key.startswith("ctrl+")):
            if event.key == "escape":
                self._keyboard.forget()
            await super().on_event(event)
        else:
            await self._keyboard.enqueue(event)

    async def on_keys_freed(self) -> None:
        """What the next key had to wait for is there."""
        await self._keyboard.go_on()

    @property
    def _keys_wait(self) -> bool:
        top = self.screen_stack[-1] if self.screen_stack else None
        return isinstance(top, OpeningScreen) or (top is not None and self.parts.keys_wait(top))

    # -- messages ------------------------------------------------------------------------------------

    @each_of(READING)
    def _on_reading(self, message: Message) -> None:
        if self._early is not None:
            self._early.queue(message)
        else:
            self.parts.reader.receive(message)

    @each_of(WATCHING)
    def _on_watching(self, message: Message) -> None:
        self.parts.live.receive(message)

    @each_of(USER_STATE_MESSAGES)
    def _on_user_state(self, message: Message) -> None:
        self.parts.user_state.receive(message)

    def on_settings_changed(self, message: SettingsChanged) -> None:
        """Save what was agreed on for the next time this shop is opened."""
        self.parts.saving.terms(self.parts.shop.key, message.settings)

    def on_tour_ended(self) -> None:
        """It does not come again."""
        self.parts.save_setting("tour", "done")

    def on_spend_typed(self, message: SpendTyped) -> None:
        """Save what was typed in about spend."""
        self.parts.saving.typed(self.parts.shop.key, message.before, message.after)

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

    def action_exit_now(self) -> None:
        """Leave while nothing is there that could be lost."""
        self.exit()

    def on_app_resume(self) -> None:
        """After `fg` everything is painted anew."""
        self.refresh(layout=True)
