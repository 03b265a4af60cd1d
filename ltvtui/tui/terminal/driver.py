"""The driver of Linux and macOS terminals: it sends differences only, and knows Esc without waiting long."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from typing import Final

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition
from textual.message import Message

from ltvtui.tui.terminal.link import TerminalLink
from ltvtui.tui.terminal.screen_diff import ScreenDiff
from ltvtui.tui.terminal.signals import Disconnectable
from ltvtui.tui.terminal.textual_internals import KeyParser, is_waiting, set_escape_delay

ESC: Final = "\x1b"
IDLE: Final = 0.1
"""Seconds between two looks at whether the app is being left."""
SOON: Final = 0.005
"""The same while a key may be incomplete."""


class LeanDriver(LinuxDriver, Disconnectable):
    """Sends what differs from what the terminal shows."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._picture = ScreenDiff(0, 0)
        self._link = TerminalLink(is_remote=bool(os.environ.get("SSH_CONNECTION")))

    @property
    def is_disconnected(self) -> bool:
        return not os.isatty(self.fileno)

    def write(self, data: str) -> None:
        """Send what `data` changes."""
        if self._writer_thread is not None and not self._writer_thread.is_alive():
            return  # the terminal is gone: nobody empties the queue any more, and a full one would block for ever
        width, height = self._app.size
        if (width, height) != (self._picture.width, self._picture.height):
            # Terminals move lines about when they are resized.
            self._picture = ScreenDiff(width, height)
        if sent := self._picture.update(data):
            super().write(sent)

    # -- keys ----------------------------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Read keys until the app is left. As Textual does, but for how long a lone Esc waits."""
        parser, decode = KeyParser(), getincrementaldecoder("utf-8")().decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if "ESCDELAY" not in os.environ:
                    set_escape_delay(self._link.escape_delay)
                if selector.select(SOON if is_waiting(parser) else IDLE):
                    typed = decode(os.read(self.fileno, 4096))
                    if typed:
                        for message in parser.feed(typed):
                            self.process_message(message)
                    if typed.endswith(ESC) and self._link.is_near:
                        self._ask_terminal()
                elif self._link.wants_to_know:
                    self._ask_terminal()
                for message in parser.tick():
                    self.process_message(message)

    def process_message(self, message: Message) -> None:
        """Take what the terminal answers; the rest is the app's."""
        if isinstance(message, CursorPosition):
            self._link.answer()
        else:
            super().process_message(message)

    def disable_input(self) -> None:
        """No more keys: what was asked is waited for, or the shell would get the answer."""
        if not self.exit_event.is_set():
            self._link.await_answer()
        super().disable_input()

    def _ask_terminal(self) -> None:
        if self.input_tty and self._writer_thread is not None and self._writer_thread.is_alive():
            super().write(self._link.ask())  # it draws nothing
