"""The palette: every command that works here, by name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from ltvtui.tui import commands
from ltvtui.tui.commands import Command


class Commands(Provider):
    """Commands of the registry that work in the view on screen."""

    def _here(self) -> list[Command]:
        view = getattr(self.screen, "view", "")
        return [c for c in commands.in_view(view) if c.id != "palette"] if view else []

    def _run(self, command: Command) -> None:
        self.screen.action_command(command.id)  # type: ignore[attr-defined]

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._here():
            yield DiscoveryHit(f"{command.label} ({command.shown})", partial(self._run, command), help=command.help)

    async def search(self, query: str) -> Hits:
        """Those whose label or help fit what is typed."""
        matcher = self.matcher(query)
        for command in self._here():
            name = f"{command.label} ({command.shown})"
            # A command's name says more than a word of its explanation.
            if (score := matcher.match(name)) > 0:
                yield Hit(min(score + 1, 2), matcher.highlight(name), partial(self._run, command), help=command.help)
            elif (score := matcher.match(command.help)) > 0:
                yield Hit(score / 2, name, partial(self._run, command), help=command.help)
