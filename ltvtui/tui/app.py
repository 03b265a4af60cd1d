"""The app: one shop on one main screen, read in a worker, with settings that are remembered."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Key
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import get_current_worker

from ltvtui.errors import LtvError
from ltvtui.present.plain import plain
from ltvtui.session.live import Live
from ltvtui.session.open_dataset import OpenedDataset, Undecided
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.registry import is_watchable
from ltvtui.storage import settings_file
from ltvtui.tui import commands
from ltvtui.tui.actions.table import ACTIONS
from ltvtui.tui.deferred_work import ShopSettled, settle
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.exporting import Export
from ltvtui.tui.keyboard import Keyboard
from ltvtui.tui.live_poller import ShopBack, ShopChecked, ShopGrew, ShopLost, follow
from ltvtui.tui.location import Location
from ltvtui.tui.palette import Commands
from ltvtui.tui.persistence_queue import NotKept, OnlyRead, PersistenceQueue, TypedRead
from ltvtui.tui.reading import OpeningFailed, RowsRead, ShopCompleted, ShopOpened, read_shop
from ltvtui.tui.requests import ReadingStopped, SpendTyped, TermsChanged
from ltvtui.tui.screens.export_progress import ExportProgress
from ltvtui.tui.screens.main_screen import MainScreen
from ltvtui.tui.screens.mapping import MappingScreen, Understanding
from ltvtui.tui.terminal.gc_tuning import GcTuning
from ltvtui.tui.terminal.screen_diff import FORGET
from ltvtui.tui.user_state import Remembering

LOOK_EVERY = 2.0
"""Seconds between two looks at whether the terminal is still there."""
REPAINT = commands.find("repaint")


class LtvApp(Remembering):
    """ltvtui on a terminal."""

    TITLE = "ltvtui"
    NOTIFICATION_TIMEOUT = 3
    CSS_PATH = "ltvtui.tcss"
    COMMANDS: ClassVar[set[Any]] = {*App.COMMANDS, Commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(REPAINT.keys, "repaint", REPAINT.help, id=REPAINT.id, show=False)  # over dialogs too
    ]

    def __init__(self, request: OpenRequest, start: Location, today: int | None = None) -> None:
        super().__init__()
        self.settings = settings_file.load_settings()
        self._request = request
        self._main_screen = MainScreen(start, request.name, self._command_table())
        self._today = today
        self.hung_up = False
        """True when the terminal went away."""
        self._mapping: Mapping | None = None
        self.live = False
        """Whether the shop is watched, or will be as soon as it is read."""
        self._opened: OpenedDataset | None = None
        self._before: OpenedDataset | None = None
        """What was opened before it was read again."""
        self._keeping = PersistenceQueue(self.post_message)
        self._pauses = GcTuning(self)
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

    def _command_table(self) -> dict[str, Callable[[], None]]:
        """What each command of the registry does: those of the main screen, and those of the app itself."""
        of_app = {
            "columns": self.choose_columns,
            "reload": self.read,
            "live": self.toggle_live,
            "palette": self.action_command_palette,
            "repaint": self.action_repaint,
            "suspend": self.action_suspend_process,
            "export": self.export,
            "quit": self.leave,
        }
        return {**{id: partial(self._on_main_screen, act) for id, act in ACTIONS.items()}, **of_app}

    def _on_main_screen(self, act: Callable[[MainScreen], None]) -> None:
        act(self._main_screen)

    def on_mount(self) -> None:
        """Paint the main screen at once, then begin to read."""
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        self.set_keymap(dict(self.settings.keys))
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        self._leave_when_told()
        self.push_screen(self._main_screen)
        if self.settings.trouble:
            self.notify(plain(self.settings.trouble), severity="warning", markup=False)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if not self.is_headless:  # a test has a process of its own, and means to keep it
            self._pauses.shorten()
            self.set_interval(LOOK_EVERY, self._leave_when_alone)
        self.read()

    async def on_event(self, event: Event) -> None:
        """Keys go one after the other; Esc and what ends the app wait for no answer."""
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif event.key == "ctrl+backslash":  # the terminal sends no signal while it is ours
            self._leave(signal.SIGQUIT)
        elif self._main_screen.keys_wait and (event.key == "escape" or event.key.startswith("ctrl+")):
            if event.key == "escape":
                self._keyboard.forget()
            await super().on_event(event)
        else:
            await self._keyboard.take(event)

    async def on_keys_freed(self) -> None:
        """What the next key had to wait for is there."""
        await self._keyboard.go_on()

    @property
    def _keys_wait(self) -> bool:
        top = self.screen_stack[-1] if self.screen_stack else None
        return isinstance(top, Dialog | MainScreen) and top.keys_wait

    def post_display_hook(self) -> None:
        """A picture is done."""
        super().post_display_hook()
        self._pauses.after_picture()

    def _leave_when_told(self) -> None:
        """SIGTERM, SIGHUP and SIGQUIT leave the app in order, so that the terminal is as it was found."""
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            try:
                asyncio.get_running_loop().add_signal_handler(number, self._leave, number)
            except (NotImplementedError, RuntimeError, ValueError):
                return  # not the main thread, or a platform without signals

    def _leave_when_alone(self) -> None:
        """A terminal that is not that of our session goes without SIGHUP, and then reads as endless nothing."""
        if getattr(self._driver, "is_gone", False):
            self._leave(signal.SIGHUP)

    def _leave(self, number: signal.Signals) -> None:
        self.hung_up = number == signal.SIGHUP
        self.exit(return_code=128 + number)

    def _remember_theme(self, theme: Theme) -> None:
        if theme.name != self.settings.theme:
            self.settings = replace(self.settings, theme=theme.name)
            self._keeping.setting("theme", theme.name)

    # -- reading -------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the database, or read it again."""
        for group in ("live", "settling"):
            self.workers.cancel_group(self, group)
        self._opened, self._before = None, self._opened or self._before
        self._main_screen.wait()
        self._read(self._request)

    @property
    def _can_begin(self) -> bool:
        """Whether figures may come before attributes: nothing on the way to them is said in attributes."""
        return self._mapping is None and self._main_screen.location.by == ("tier",)

    @work(thread=True, exclusive=True, group="reading", description="read the shop")
    def _read(self, request: OpenRequest) -> None:
        worker = get_current_worker()
        read_shop(
            request,
            self._today,
            self._can_begin,
            self._main_screen.prepare,
            self.post_message,
            lambda: worker.is_cancelled,
        )

    def on_rows_read(self, message: RowsRead) -> None:
        """Show how far the reading is."""
        self._main_screen.advance(message.done, message.total)

    def on_shop_opened(self, message: ShopOpened) -> None:
        """Show the figures."""
        opened = message.opened
        again, known, self._mapping = self._mapping is not None, self._mapping, opened.mapping
        if known is not None and known.orders != opened.mapping.orders:
            told = f"Orders now come from {plain(opened.mapping.orders)}, no longer from {plain(known.orders)}."
            self.notify("C changes it.", title=told, severity="warning", markup=False)
        in_force = {**opened.query.terms(), **opened.budget.short()}
        kept = {name: value for name, value in message.user_state.items() if in_force.get(name) == value}
        if kept and not again:
            told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in kept.items())
            self.notify(f"Settings from last time: {plain(told)}. A and t change them.", markup=False)
        self._main_screen.open(opened, message.whole)
        if message.whole:
            self._read_typed()
            self.recall()
            self._settle(opened)

    def on_shop_completed(self, message: ShopCompleted) -> None:
        """Show what else there is to know about the shop whose figures stand already."""
        self._main_screen.complete(message.opened)
        self._read_typed()
        self.recall()
        self._settle(message.opened)

    @work(thread=True, exclusive=True, group="settling", description="keep the shop")
    def _settle(self, opened: OpenedDataset) -> None:
        worker = get_current_worker()
        then = self.take_tiers if self.settings.tier_history else None
        settle(opened, then, lambda: self._main_screen.quiet_for, self.post_message, lambda: worker.is_cancelled)

    def on_shop_settled(self, message: ShopSettled) -> None:
        """Watch the shop, if that is wished for: not earlier, for to be kept its file is opened and closed, and that
        would take away the locks of a connection that listens."""
        if not self._main_screen.reading:
            self._begin_live(message.opened)

    def _read_typed(self) -> None:
        """What was typed in about spend the last time; a spend that is said goes without."""
        request = self._request
        if request.spend_file is None and request.overrides.spend is None:
            self._keeping.look_up(request.shop_key, self._main_screen.typed)

    def on_typed_read(self, message: TypedRead) -> None:
        """Count it, unless something was typed meanwhile: then that is there too by now."""
        if self._main_screen.typed is not message.before:
            self._read_typed()
        elif not message.typed.same_as(message.before):
            self._main_screen.take_typed(message.typed)

    def on_opening_failed(self, message: OpeningFailed) -> None:
        """Ask what only the analyst knows, or say what went wrong."""
        error = message.error
        undecided = isinstance(error, Undecided)
        self._stay(LtvError(error.what, "Press C to answer on screen; the answer is saved.") if undecided else error)
        if undecided and self._before is None:
            self.choose_columns()

    def on_reading_stopped(self, message: ReadingStopped) -> None:
        """Esc while reading."""
        self.workers.cancel_group(self, "reading")
        self._stay(LtvError("The reading was cancelled.", "Nothing was changed."))

    def _stay(self, error: LtvError) -> None:
        """The shop that was there stays, and is watched as it was."""
        self._main_screen.fail(error)
        if self._before is not None:
            self._begin_live(self._before)

    def on_terms_changed(self, message: TermsChanged) -> None:
        """Keep what was agreed on for the next time this shop is opened."""
        terms = {**message.query.terms(), **message.budget.short()}
        self._keeping.terms(self._request.shop_key, terms)

    def on_spend_typed(self, message: SpendTyped) -> None:
        """Keep what was typed in about spend."""
        self._keeping.typed(self._request.shop_key, message.before, message.after)

    def on_not_kept(self, message: NotKept) -> None:
        """Say that a choice will be forgotten."""
        error = message.error
        self.notify(plain(error.mend), title=plain(error.what), severity="warning", markup=False)

    def on_only_read(self, message: OnlyRead) -> None:
        """Say what is not remembered."""
        self.notify(plain(message.notice), severity="warning", markup=False)

    def notify(self, message: str, **how: Any) -> None:
        """Show a message in place of the one before: they stand over figures."""
        self.clear_notifications()
        super().notify(message, **how)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Of Textual's own commands those that ours do not have."""
        return (c for c in super().get_system_commands(screen) if c.title == "Theme")

    # -- a shop that is watched ----------------------------------------------------------------------

    def toggle_live(self) -> None:
        """Watch the shop, or do so no longer."""
        opened = self._opened
        if opened is None:
            self.live = not self.live
            when = "starts once the shop is read and cached" if self.live else "will not start"
            self.notify(f"Watching {when}.", markup=False)
        elif self.live:
            self.live = False
            self.workers.cancel_group(self, "live")
            self._main_screen.set_live(False)
            self.notify("Stopped watching the database.", markup=False)
        else:
            self.live = True
            self._begin_live(opened)

    def _begin_live(self, opened: OpenedDataset) -> None:
        self._opened = opened
        if not self.live:
            return
        if not is_watchable(self._request.locator):
            self.live = False
            told = "Only a database can be watched."
            self.notify(
                "Import the file into one with `ltvtui import`.", title=told, severity="warning", markup=False
            )
            return
        self._main_screen.set_live(True)
        self._follow()

    @work(thread=True, exclusive=True, group="live", description="watch the shop")
    def _follow(self) -> None:
        worker = get_current_worker()
        if self._opened is not None:
            live = Live(self._request, self._opened, self._today)
            follow(live, self.post_message, lambda: worker.is_cancelled)

    def on_shop_grew(self, message: ShopGrew) -> None:
        """Show what others wrote."""
        self._opened = message.opened
        self._main_screen.grow(message.opened, message.shown)

    def on_shop_lost(self, message: ShopLost) -> None:
        """Say that figures are of before."""
        self._main_screen.lose(message.error, message.reason)

    def on_shop_checked(self, message: ShopChecked) -> None:
        """Say whether older rows are still being read again."""
        self._main_screen.check(message.whole)

    def on_shop_back(self, message: ShopBack) -> None:
        """Figures are of now."""
        self._main_screen.regain()

    # -- commands of the app -------------------------------------------------------------------------

    def choose_columns(self) -> None:
        """How columns are understood, and to change it."""

        def chosen(answer: Understanding | None) -> None:
            if answer is None:
                return
            if answer.kept:
                self.notify(f"Saved in {plain(str(answer.kept))}", title="Mapping", markup=False)
            self._request = replace(self._request, overrides=answer.overrides)
            self._opened = self._before = None  # it was understood otherwise
            self._main_screen.forget()
            self.read()

        self.push_screen(MappingScreen(self._request, self._mapping), chosen)

    def export(self) -> None:
        """Write something to a file."""
        if self._mapping is None or not self._main_screen.whole:
            self.notify("Attributes are still being read. Try again in a moment.", markup=False)
            return
        folder = Path(self.settings.export_folder or ".")
        folder = folder if folder.is_dir() else Path()
        Export(self._main_screen, self._request, self._mapping).ask(folder.absolute(), self._remember_folder)

    def _remember_folder(self, folder: Path) -> None:
        if str(folder) != self.settings.export_folder:
            self.settings = replace(self.settings, export_folder=str(folder))
            self._keeping.setting("export_folder", str(folder))

    def leave(self) -> None:
        """Leave; while an export is on its way, ask."""
        if not self._main_screen.query_one(ExportProgress).busy:
            self.exit()
            return

        def answered(answer: str | None) -> None:
            if answer == "leave":
                self.exit()

        choices = {"stay": "Stay until it is finished", "leave": "Quit and cancel the export"}
        self.push_screen(ChoiceDialog("An export is running", choices), answered)

    def action_repaint(self) -> None:
        """Send the whole screen, for a line that lost or added something."""
        if self._driver is not None:
            self._driver.write(FORGET)
        self.screen.refresh()

    def on_app_resume(self) -> None:
        """After `fg` everything is painted anew."""
        self.refresh(layout=True)
