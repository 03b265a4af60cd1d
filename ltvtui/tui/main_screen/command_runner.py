"""From a key to what it does: at once, once its rows are there, or never and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from textual.events import Key
from textual.keys import format_key
from textual.screen import Screen

from ltvtui.tui.command import Command
from ltvtui.tui.commands import NOT_LOADED
from ltvtui.tui.main_screen.idle_keys import idle_keys
from ltvtui.tui.main_screen.whole import Whole

_FOCUS: Final[Mapping[str, Callable[[Screen[Any]], object]]] = {
    "tab": lambda screen: screen.focus_next(),
    "shift+tab": lambda screen: screen.focus_previous(),
}
"""What these keys do where they mean no command: bindings of commands take the place of Textual's own."""


class CommandRunner:
    """Runs commands on a main screen. One may be held until the rows that it means are on screen."""

    def __init__(self, main_screen: Whole, of_app: Mapping[str, Callable[[], object]]) -> None:
        """`of_app`: what the app carries out, by the command's id."""
        self._main_screen = main_screen
        self._of_app = of_app
        self._waiting = ""

    @property
    def is_waiting_for_rows(self) -> bool:
        """Whether a command waits for its rows: keys after it mean what it brings about, such as a list."""
        return bool(self._waiting)

    def run(self, id: str) -> None:
        """Run the command of that id, or say why it cannot be run now."""
        screen, registry = self._main_screen, self._main_screen.registry
        command = registry.command(id)
        focus = _FOCUS.get(command.keys)
        if focus is not None and (screen.is_loading or not registry.works(command, screen.wanted.view)):
            focused = screen.frame.screen.focused
            focus(screen.frame.screen)
            if screen.frame.screen.focused is focused and not screen.is_loading:
                screen.app.notify(command.why_not, markup=False)
        elif self._is_ahead(command):
            self._waiting = id
        elif registry.works(command, screen.view):
            self._carry_out(command)
        elif screen.is_loading:
            screen.app.notify(NOT_LOADED, markup=False)
        elif command.why_not:
            screen.app.notify(command.why_not, markup=False)

    def refuse(self, event: Key) -> None:
        """Say of a key that it runs nothing."""
        is_letter = event.character is not None and event.character.isprintable() and event.character != " "
        name = event.character if is_letter else format_key(event.key)
        self._main_screen.app.notify(f"{name} does nothing here; ? shows the keys of this screen.", markup=False)

    def release(self) -> str:
        """Hold no command any more; id of the one that was held, blank where none was."""
        waiting, self._waiting = self._waiting, ""
        return waiting

    def _carry_out(self, command: Command) -> None:
        action = self._main_screen.registry.action(command, self._main_screen.view)
        if action is None:
            self._of_app[command.id]()
        else:
            action(self._main_screen)
        self._main_screen.frame.show_keys(idle_keys(self._main_screen))

    def _is_ahead(self, command: Command) -> bool:
        """Whether it was pressed for rows, or for a view, that are still on their way."""
        screen = self._main_screen
        if not screen.navigator.is_waiting or screen.is_loading:
            return False
        return command.on_rows or (screen.wanted.view != screen.view and command.scope == "view")
