"""The last line: only keys that work here."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.widget import Widget

from ltvtui.tui.commands import Command

ALWAYS: Final = ("help", "palette")
"""Stand last, however little room there is: from them every other key can be found."""


class KeyBar(Widget):
    """Keys and what they do, as many as fit; a click runs one."""

    DEFAULT_CSS = """
    KeyBar { height: 1; width: 1fr; background: $panel; color: $foreground; padding: 0 1; }
    """

    commands: reactive[tuple[Command, ...]] = reactive(())
    active: reactive[str] = reactive("")
    """Id of the command that is marked: the screen one is on."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._spots: list[tuple[int, str]] = []

    def render(self) -> Text:
        """The line; remembers where each key stands, for clicks."""
        last = [c for c in self.commands if c.id in ALWAYS]
        others = [c for c in self.commands if c.id not in ALWAYS]
        room = self.size.width - sum(self._width(c) for c in last)
        text = Text(no_wrap=True, end="")
        self._spots = []
        for command in [*others, *last]:
            width = self._width(command)
            if command not in last:
                if width > room:
                    continue
                room -= width
            text.append(command.shown, "bold reverse" if command.id == self.active else "bold")
            text.append(f" {command.label}  ")
            self._spots.append((text.cell_len, command.id))
        return text

    @staticmethod
    def _width(command: Command) -> int:
        return cell_len(command.shown) + cell_len(command.label) + 3

    async def on_click(self, event: events.Click) -> None:
        """Run the command under the pointer."""
        for end, command in self._spots:
            if event.x - 1 < end:
                await self.run_action(f"screen.command('{command}')")
                return
