"""One line above the keys that says what to try next, and can be closed."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual import events

from ltvtui.present.fitting import fit
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

CLOSE = "X ✕"
"""Key, and where to click."""


class HintLine(FixedSizeWidget):
    """Away until something is said."""

    DEFAULT_CSS = """
    HintLine { display: none; height: 1; width: 1fr; padding: 0 1; background: $primary-muted; color: $foreground; }
    HintLine.-open { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._place, self._hint = "", ""

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    @property
    def lines(self) -> int:
        """Lines it takes, laid out or not yet."""
        return int(self.is_open)

    def show(self, place: str, hint: str) -> None:
        """Show a hint, and which of how many it is."""
        self._place, self._hint = place, hint
        self.add_class("-open")
        self.refresh()

    def close(self) -> None:
        """Nothing is said any more."""
        self.remove_class("-open")

    def render(self) -> Text:
        """The hint, and at the right how to close it."""
        text = Text(no_wrap=True, end="")
        text.append(f"{self._place} ", "bold")
        room = self.size.width - text.cell_len - cell_len(CLOSE) - 1
        hint = fit(self._hint, max(room, 1))
        text.append(hint + " " * max(room - cell_len(hint) + 1, 1))
        text.append(CLOSE, "bold")
        return text

    async def on_click(self, event: events.Click) -> None:
        """A click on the cross closes it."""
        if event.x - 1 >= self.size.width - cell_len(CLOSE):
            await self.run_action("screen.command('end_tour')")
