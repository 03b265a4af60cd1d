"""What is wrong with the settings, said before a command goes on without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    pass


def print_trouble() -> None:
    """Say why what was set does not count."""
    from ltvtui.present.plain import plain
    from ltvtui.storage.settings_file import load_settings

    if trouble := load_settings().trouble:
        click.echo(plain(trouble), err=True)
