"""The registry: every command can be carried out, no key means two things."""

from __future__ import annotations

from pathlib import Path

from ltvtui.session.open_request import OpenRequest
from ltvtui.tui import keys
from ltvtui.tui.app import LtvApp
from ltvtui.tui.location import Location
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.registry import VIEWS

REGISTRY = registry_of(VIEWS)


def test_every_command_is_carried_out_by_something(tmp_path: Path) -> None:
    app = LtvApp(OpenRequest(tmp_path / "shop.sqlite"), Location("overview"))
    for view in VIEWS:
        for command in REGISTRY.commands_of(view.name):
            by_app = command.id in app.main_screen.commands._of_app
            assert (REGISTRY.action(command, view.name) is None) == by_app, (view.name, command.id)


def test_every_action_of_a_view_belongs_to_a_command() -> None:
    known = {command.id for command in REGISTRY.commands if command.scope == "view"}
    for view in VIEWS:
        assert set(view.actions) <= known, view.name


def test_no_key_means_two_things() -> None:
    pressed = [key for c in REGISTRY.commands if c.id != "drill" for key in c.keys.split(",")]
    pressed += [key for move, _, _ in keys.MOVES for key in move.split(",")]
    assert len(pressed) == len(set(pressed))


def test_what_is_pressed_in_vain_is_explained() -> None:
    for command in REGISTRY.commands:
        if command.scope != "always" and command.id != "drill":
            assert command.why_not, command.id
