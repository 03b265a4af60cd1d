"""The registry: every command can be carried out, no key means two things."""

from __future__ import annotations

from pathlib import Path

from ltvtui.session.open_request import OpenRequest
from ltvtui.tui import commands
from ltvtui.tui.app import LtvApp
from ltvtui.tui.location import Location


def test_every_command_is_carried_out_by_something(tmp_path: Path) -> None:
    app = LtvApp(OpenRequest(tmp_path / "shop.sqlite"), Location("overview"))
    assert set(app._command_table()) == {c.id for c in commands.COMMANDS}


def test_no_key_means_two_things() -> None:
    keys = [key for c in commands.COMMANDS if c.id != "drill" for key in c.keys.split(",")]
    keys += [key for move, _, _ in commands.MOVES for key in move.split(",")]
    assert len(keys) == len(set(keys))


def test_what_is_pressed_in_vain_is_explained() -> None:
    everywhere = commands.TABLES | {"loading"}
    for command in commands.COMMANDS:
        if command.views is not None and command.views != everywhere and command.id != "drill":
            assert command.why_not, command.id
