"""The first picture: that the shop is being opened. It is there before anything that knows a shop is loaded."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from ltvtui.tui.main_screen.loading import Loading
from ltvtui.tui.widgets.keybar import KeyBar
from ltvtui.tui.widgets.trail import Trail

LEAVE = "app.exit_now"
"""Action of the keys that need not wait for the main screen."""


class OpeningScreen(Screen[None]):
    """Looks as the main screen does while it loads; what is pressed on it waits for that one."""

    BLANK = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,ctrl+q", LEAVE, "quit", id="quit", show=False)]

    def __init__(self, shop_name: str) -> None:
        super().__init__()
        self._shop_name = shop_name

    def compose(self) -> ComposeResult:
        """The first line, the sentence in the middle, and the ground of the keys."""
        yield Trail()
        yield Loading()
        yield KeyBar()

    def on_mount(self) -> None:
        """Say what is opened."""
        self.query_one(Trail).show((self._shop_name,), "opening")
        self.query_one(Loading).start(self._shop_name)

    def leaves(self, key: str) -> bool:
        """Whether the key ends the app."""
        found = self.active_bindings.get(key)
        return found is not None and found.binding.action == LEAVE
