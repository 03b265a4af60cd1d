"""The screens and commands of the app: keys, footer, palette, help, saved views and the README's table read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final, get_args

from textual.binding import Binding, BindingType

from ltvtui.tui.action_context import Action
from ltvtui.tui.actions import drilling
from ltvtui.tui.command import Command, Group
from ltvtui.tui.commands import COMMANDS, NOT_LOADED
from ltvtui.tui.keys import MOVE_SHOWN
from ltvtui.tui.location import Location, Show, ViewState
from ltvtui.tui.views.spec import ViewSpec

LOADING: Final = "loading"
"""Name of what is on screen while a shop is read; it is no view."""


@dataclass(frozen=True)
class Registry:
    """Screens, and all that follows from them."""

    views: tuple[ViewSpec, ...]

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """All commands, group by group; in each, behind drilling, those of single views first."""
        screens = (_screen_command(view) for view in self.views if view.key)
        own = (command for view in self.views for command in view.commands)
        drill, *others = COMMANDS
        groups = get_args(Group)
        return tuple(sorted((*screens, drill, *own, *others), key=lambda command: groups.index(command.group)))

    @cached_property
    def first(self) -> str:
        """Name of the view from which no way leads up."""
        return self.views[0].name

    def view(self, name: str) -> ViewSpec:
        """The view of that name. Raises KeyError where there is none."""
        found = next((view for view in self.views if view.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def has_view(self, name: str) -> bool:
        """Whether there is a view of that name."""
        return any(view.name == name for view in self.views)

    def command(self, id: str) -> Command:
        """The command of that id."""
        return next(command for command in self.commands if command.id == id)

    def works(self, command: Command, view: str) -> bool:
        """Whether the command can be used in the view of that name, or while a shop is read (LOADING)."""
        if command.scope == "view":
            return view != LOADING and self.view(view).action(command.id) is not None
        return command.scope == "always" or view != LOADING

    def action(self, command: Command, view: str) -> Action | None:
        """What carries the command out in the view of that name; None: the app does, or nobody."""
        return self.view(view).action(command.id) if command.scope == "view" else command.run

    def commands_of(self, view: str) -> Iterator[Command]:
        """Commands that work in the view of that name."""
        return (command for command in self.commands if self.works(command, view))

    def footer_of(self, view: str) -> tuple[Command, ...]:
        """Commands of the footer in the view of that name: the screens, then the most important first."""
        here = [command for command in self.commands_of(view) if command.footer]
        screens = (command for command in self.commands_of(view) if command.group == "Screens")
        return (*screens, *sorted(here, key=lambda command: -command.footer))

    def bindings(self) -> list[BindingType]:
        """Bindings of all commands; each runs the action `command(id)`."""
        return [
            Binding(c.keys, f"command('{c.id}')", c.label, id=c.id, tooltip=c.help, show=c.footer > 0)
            for c in self.commands
            if c.id != "drill"  # the table itself takes Enter
        ]

    def key_table(self) -> str:
        """All commands as a Markdown table, for the README."""
        rows = [f"| {keys} | {does.rstrip('.')} |" for keys, does in MOVE_SHOWN.items()]
        rows += [f"| {c.shown} | {c.help.rstrip('.')} |" for c in self.commands]
        return "\n".join(("| key | does |", "|---|---|", *rows)) + "\n"

    @property
    def states(self) -> dict[str, type[ViewState]]:
        """Classes of what views show, by the view's name."""
        return {view.name: view.state for view in self.views if view.state is not None}

    def question(self, location: Location) -> Location:
        """The location without what its view does not show: locations with one and the same answer are equal."""
        view = self.view(location.view)
        return replace(
            location,
            by=location.by if "by" in view.reads else (),
            states=frozenset(state for state in location.states if _matters(view, state)),
            show=location.show if "show" in view.reads else Show(),
        )


def registry_of(views: Sequence[ViewSpec]) -> Registry:
    """The registry of these views, the first of them on top."""
    return Registry(tuple(views))


def _matters(view: ViewSpec, state: ViewState) -> bool:
    """Whether the answer of `view` depends on that state, of it or of another view."""
    own = view.state is not None and isinstance(state, view.state)
    return own or ("settings" in view.reads and bool(state.settings() or state.saved_values()))


def _screen_command(view: ViewSpec) -> Command:
    switch = partial(drilling.switch, view=view.name)
    return Command(
        view.name, view.key, view.key, view.title, view.help, "Screens", "loaded", switch, why_not=NOT_LOADED,
        synonyms=view.synonyms,
    )  # fmt: skip
