"""The palette: every command that works here and every dimension, by name and by other words for it."""

from __future__ import annotations

from functools import partial
from typing import Final

from rich.cells import cell_len
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from ltvtui.present.plain import plain
from ltvtui.tui.actions.drilling import group_at_once
from ltvtui.tui.command import Command
from ltvtui.tui.main_screen.main_screen import MainScreen

KEY_WIDE: Final = 7
NAME_WIDE: Final = 22
"""Cells of keys and names, which stand in columns."""
THEME: Final = ("theme", "Change the colours: dark, light and others.")
THEME_WORDS: Final = ("colours", "colors", "dark", "light", "appearance")
EXACT, BEGINS, WORD, SYNONYM, PART, BY_HELP = 1.0, 0.9, 0.8, 0.7, 0.5, 0.2
"""Scores: of an exact name, of its beginning, of the beginning of a word in it; of another word for it; of letters
that stand in it; of a word of its explanation."""
NEARLY: Final = 0.05
"""What a name goes before another word that fits as well."""


class Commands(Provider):
    """Commands of the registry that work in the view on screen, and dimensions to group by."""

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        for command in self._here():
            yield DiscoveryHit(_line(command.shown, command.label, command.help), partial(self._run, command),
                               text=command.label)  # fmt: skip
        yield DiscoveryHit(_line("", *THEME), self.app.action_change_theme, text=THEME[0])

    async def search(self, query: str) -> Hits:
        """What fits, the best first: an exact name, then other words for it, then words of explanations."""
        for command in self._here():
            score, by = fit(query, command.label, command.synonyms, command.help, (command.shown,))
            if score > 0:
                name = f"{command.label} ({by})" if by else command.label
                name = name if cell_len(name) < NAME_WIDE else command.label  # columns stay columns
                yield Hit(score, _line(command.shown, name, command.help), partial(self._run, command),
                          text=command.label)  # fmt: skip
        for dimension in self._dimensions():
            score, _ = fit(query, f"group by {dimension}", (dimension,), "")
            if score > 0:
                line = _line("d", f"group by {plain(dimension)}", "")
                yield Hit(score, line, partial(self._group, dimension), text=f"group by {dimension}")

        if (score := fit(query, THEME[0], THEME_WORDS, THEME[1])[0]) > 0:
            yield Hit(score, _line("", *THEME), self.app.action_change_theme, text=THEME[0])

    def _here(self) -> list[Command]:
        screen = self.screen
        if not isinstance(screen, MainScreen):
            return []
        return [command for command in screen.registry.commands_of(screen.view) if command.id != "palette"]

    def _dimensions(self) -> list[str]:
        screen = self.screen
        if not isinstance(screen, MainScreen) or screen.is_loading:
            return []
        return list(screen.dataset.dimensions_of(screen.location.query))

    def _run(self, command: Command) -> None:
        if isinstance(self.screen, MainScreen):
            self.screen.action_command(command.id)

    def _group(self, dimension: str) -> None:
        if isinstance(self.screen, MainScreen):
            group_at_once(self.screen, dimension)


def fit(query: str, name: str, synonyms: tuple[str, ...], help: str, keys: tuple[str, ...] = ()) -> tuple[float, str]:
    """How well a command fits, 0…1, and the synonym by which it does; blank where its name or help fits."""
    wanted = " ".join(query.casefold().split())
    if query.strip() in keys:
        return EXACT, ""
    best, by = _of_name(wanted, name), ""
    for synonym in synonyms:
        score = _of_name(wanted, synonym)
        if score >= PART and (score := score - NEARLY if score >= BEGINS else SYNONYM) > best:
            best, by = score, synonym
    if not best and all(any(w.startswith(part) for w in _words(help)) for part in wanted.split()):
        best = BY_HELP
    return best, by


def _of_name(wanted: str, name: str) -> float:
    name = name.casefold()
    if name == wanted:
        return EXACT
    if name.startswith(wanted):
        return BEGINS
    if all(any(w.startswith(part) for w in _words(name)) for part in wanted.split()):
        return WORD
    return PART if len(wanted) > 2 and wanted in name else 0.0


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()


def _line(key: str, name: str, help: str) -> Content:
    """Key, name and what it does, in columns."""
    gaps = (" " * max(wide - cell_len(text), 1) for text, wide in ((key, KEY_WIDE), (name, NAME_WIDE)))
    return Content.assemble((f"{key}{next(gaps)}", "bold $text-accent"), (f"{name}{next(gaps)}", "bold"),
                            (help, "not bold $text-muted"))  # fmt: skip
