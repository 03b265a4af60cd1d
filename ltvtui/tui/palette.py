"""The palette: every command that works here, by name."""

from __future__ import annotations

from functools import partial
from typing import Final

from textual.command import DiscoveryHit, Hit, Hits, Provider

from ltvtui.tui.command import Command
from ltvtui.tui.main_screen.main_screen import MainScreen

BY_HELP: Final = 0.2
"""Score of a command of which only the explanation fits."""


class Commands(Provider):
    """Commands of the registry that work in the view on screen."""

    def _here(self) -> list[Command]:
        screen = self.screen
        if not isinstance(screen, MainScreen):
            return []
        return [command for command in screen.registry.commands_of(screen.view) if command.id != "palette"]

    def _run(self, command: Command) -> None:
        if isinstance(self.screen, MainScreen):
            self.screen.action_command(command.id)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._here():
            yield DiscoveryHit(f"{command.label} ({command.shown})", partial(self._run, command), help=command.help)

    async def search(self, query: str) -> Hits:
        """Those whose name or help fit what is typed; a name says more than a word of an explanation."""
        matcher = self.matcher(query)
        for command in self._here():
            name = f"{command.label} ({command.shown})"
            if (score := _fit(query, name, matcher.match(name), matcher.match(command.help))) > 0:
                shown = matcher.highlight(name) if score > BY_HELP else name
                yield Hit(score, shown, partial(self._run, command), help=command.help)


def _fit(query: str, name: str, by_name: float, by_help: float) -> float:
    """How well a command fits, 0…1."""
    if name.casefold().startswith(query.strip().casefold()):
        return 1.0
    return 0.6 if by_name > 0 else BY_HELP if by_help > 0 else 0.0
