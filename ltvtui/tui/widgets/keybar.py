"""The last line or two: only keys that work here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.reactive import reactive

from ltvtui.tui.command import Command
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

ALWAYS: Final = ("drill", "up", "filter", "export")
"""Stand here however little room there is, where they work."""
LAST: Final = ("help", "palette")
"""Stand last, and always: from them every other key can be found."""

NARROW: Final = 150
"""Below this width names of all screens and the keys that matter take two lines."""
NARROWEST: Final = 90
"""Below this one there is little room between them."""
GAP, NARROW_GAP = "  ", " "
"""Stands between two keys with names; in the narrowest."""

Key = tuple[Command, str]
"""A command, and how it is called."""


class KeyBar(FixedSizeWidget):
    """Keys and what they do, the important ones first, as many as fit; a click runs one."""

    DEFAULT_CSS = """
    KeyBar { height: 1; width: 1fr; background: $panel; color: $foreground; padding: 0 1; }
    KeyBar.-two { height: 2; padding: 0 0 0 1; }
    """

    commands: reactive[tuple[Command, ...]] = reactive(())
    """Screens, then the most important first."""
    active: reactive[str] = reactive("")
    """Id of the command that is marked: the screen one is on."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._spots: list[tuple[int, int, str]] = []

    @property
    def lines(self) -> int:
        """Lines it takes, laid out or not yet."""
        return 2 if self.has_class("-two") else 1

    def render(self) -> Text:
        """The lines; remembers where each key stands, for clicks."""
        text = Text(no_wrap=True, end="")
        self._spots = []
        for y, keys in enumerate(self._rows()):
            line = Text()
            for command, label in keys:
                line.append(command.shown, "bold reverse" if command.id == self.active else "bold")
                line.append(f" {label}{self._gap}" if label else " ")
                self._spots.append((y, line.cell_len, command.id))
            text.append("\n" if y else "")
            line.rstrip()
            text.append_text(line)
        return text

    def _rows(self) -> list[list[Key]]:
        """The keys of each line: of those for which there is no room the less important are left to help."""
        keys = [(command, command.label) for command in self.commands]
        last = [key for key in keys if key[0].id in LAST]
        room = [self.content_size.width + len(self._gap)] * self.lines  # behind the last one stands nothing
        room[-1] -= self._width(last)
        fixed = self._width([key for key in keys if _is_fixed(key)])
        rows: list[list[Key]] = [[] for _ in room]
        for key in (key for key in keys if key not in last):
            width = self._width([key])
            fixed -= width if _is_fixed(key) else 0
            needed = width if _is_fixed(key) else width + fixed  # others leave room for the fixed ones behind them
            y = next((y for y, left in enumerate(room) if needed <= left), None)
            if y is not None:
                room[y] -= width
                rows[y].append(key)
        rows[-1] += last
        return rows

    @property
    def _gap(self) -> str:
        return NARROW_GAP if self.size.width < NARROWEST else GAP

    def _width(self, keys: Sequence[Key]) -> int:
        gap = len(self._gap)
        return sum(cell_len(command.shown) + (cell_len(label) + 1 + gap if label else 1) for command, label in keys)

    async def on_click(self, event: events.Click) -> None:
        """Run the command under the pointer."""
        for y, end, command in self._spots:
            if event.y == y and event.x - 1 < end:
                await self.run_action(f"screen.command('{command}')")
                return


def _is_fixed(key: Key) -> bool:
    return key[0].id in ALWAYS or key[0].group == "Screens"
