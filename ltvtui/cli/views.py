"""`ltvtui views`: saved views."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, errors_in_two_lines
from ltvtui.cli.workspace import DB, open_workspace, read_workspace, shop_key
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.user_state.state import SavedView


@main.command()
@DB
@click.option("--delete", metavar="NAME", help="Delete this view of DB.")
@FORMAT
def views(db: Path | str | None, delete: str | None, format: str) -> None:
    """List the views saved with `v`, for DB or for every shop."""
    from ltvtui.present.user_state import ViewLine, write_views
    from ltvtui.storage.workspace import Workspace
    from ltvtui.tui.registry import registry_of
    from ltvtui.tui.saved_views import read_location
    from ltvtui.tui.views.registry import VIEWS

    with errors_in_two_lines():
        shop = shop_key(db)
        if delete is not None:
            _delete(shop, delete)
        found = read_workspace(Workspace.views, shop)
    lines, registry = [], registry_of(VIEWS)
    for of, view in found:
        try:
            saved = read_location(view.location_json, registry)
            lines.append(ViewLine(of, view.name, saved.location.query, saved.describe(registry), view.saved))
        except LtvError as error:
            lines.append(ViewLine(of, view.name, None, error.what, view.saved))
    click.echo(write_views(lines, format), nl=False)


def saved_view(shop: str, name: str) -> SavedView:
    """The view of that name. LtvError (exit code 2) lists those there are."""
    from ltvtui.storage.workspace import Workspace
    from ltvtui.user_state.state import find_view

    saved = [view for _, view in read_workspace(Workspace.views, shop)]
    found = find_view(saved, name)
    if found is not None:
        return found
    there = f"Choose from: {', '.join(view.name for view in saved)}."
    if not saved:
        there = "No view is saved; press v on screen to save one."
    raise LtvError(f"This shop has no saved view {name!r}.", there, 2)


def _delete(shop: str | None, name: str) -> None:
    from ltvtui.present.plain import plain
    from ltvtui.user_state.state import ViewChange

    if shop is None:
        raise click.UsageError("--delete needs the shop: name its DB.")
    found = saved_view(shop, name).name
    open_workspace().change(shop, ViewChange(found, None))
    click.echo(f"deleted: {plain(found)}", err=True)
