"""The driver of Linux and macOS terminals, sending differences only."""

from __future__ import annotations

import os

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from ltvtui.tui.terminal.screen_diff import ScreenDiff
from ltvtui.tui.terminal.signals import Disconnectable


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
