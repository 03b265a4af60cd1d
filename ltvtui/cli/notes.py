"""`ltvtui notes`: what was noted on customers and segments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, errors_in_two_lines
from ltvtui.cli.workspace import DB, read_workspace, shop_key

if TYPE_CHECKING:
    pass


@main.command()
@DB
@FORMAT
def notes(db: Path | str | None, format: str) -> None:
    """Print the notes written with `n`, for DB or for every shop."""
    from ltvtui.present.user_state import write_notes
    from ltvtui.storage.workspace import Workspace

    with errors_in_two_lines():
        found = read_workspace(Workspace.notes, shop_key(db))
    click.echo(write_notes(found, format), nl=False)
