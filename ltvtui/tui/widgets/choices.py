"""One line of names, of which one is on screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive

from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

_BETWEEN = "  "


class Choices(FixedSizeWidget):
    """Names side by side, the active one turned round; a click chooses one."""

    DEFAULT_CSS = "Choices { height: 1; width: 1fr; padding: 0 1; color: $text-muted; }"

    active: reactive[str] = reactive("")

    class Chosen(Message):
        """Another name was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(names)

    def render(self) -> Text:
        """The names; the active one stands out without colour too."""
        text = Text(no_wrap=True, end="")
        for name in self._names:
            text.append(f" {name} ", "bold reverse" if name == self.active else "")
            text.append(_BETWEEN)
        return text

    def on_click(self, event: events.Click) -> None:
        """Choose the name under the pointer."""
        end = 1
        for name in self._names:
            end += cell_len(name) + 2 + len(_BETWEEN)
            if event.x < end:
                self.post_message(self.Chosen(name))
                return
