"""The last line: only keys that work here."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.reactive import reactive

from ltvtui.tui.command import Command
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

ALWAYS: Final = ("help", "palette")
"""Stand last, however little room there is: from them every other key can be found."""

NARROW: Final = 100
"""Below this width the names of the other screens give way to keys."""


class KeyBar(FixedSizeWidget):
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
        text = Text(no_wrap=True, end="")
        self._spots = []
        for command, label in self._fitting():
            text.append(command.shown, "bold reverse" if command.id == self.active else "bold")
            text.append(f" {label}  " if label else " ")
            self._spots.append((text.cell_len, command.id))
        return text

    def _fitting(self) -> list[tuple[Command, str]]:
        """Commands with their labels: in a narrow line screens give up their names, and what does
        not fit is left to help and palette."""
        narrow = self.size.width < NARROW
        screens = [c for c in self.commands if c.group == "Screens"]
        labelled = [
            (c, c.label if not narrow or c not in screens else "screens" if c is screens[-1] else "")
            for c in self.commands
        ]
        room = self.size.width - sum(self._width(c, label) for c, label in labelled if c.id in ALWAYS)
        shown = []
        for command, label in labelled:
            if command.id not in ALWAYS:
                if (width := self._width(command, label)) > room:
                    continue
                room -= width
            shown.append((command, label))
        return shown

    @staticmethod
    def _width(command: Command, label: str) -> int:
        return cell_len(command.shown) + (cell_len(label) + 3 if label else 1)

    async def on_click(self, event: events.Click) -> None:
        """Run the command under the pointer."""
        for end, command in self._spots:
            if event.x - 1 < end:
                await self.run_action(f"screen.command('{command}')")
                return
