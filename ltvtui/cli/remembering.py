"""Commands about what the analyst has left behind: saved views, and notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, told_in_two_lines
from ltvtui.cli.paths import FILE_PATH
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.storage.workspace import Workspace
    from ltvtui.user_state.state import SavedView

Found = TypeVar("Found")

DB = click.argument("db", type=FILE_PATH, required=False)


@main.command()
@DB
@click.option("--delete", metavar="NAME", help="Remove this view of DB.")
@FORMAT
def views(db: Path | None, delete: str | None, format: str) -> None:
    """List the views that were saved with `v`, of DB or of every shop."""
    from ltvtui.present.user_state import ViewLine, write_views
    from ltvtui.storage.workspace import Workspace
    from ltvtui.tui.saved_views import read_place

    with told_in_two_lines():
        shop = _shop(db)
        if delete is not None:
            _delete(shop, delete)
        found = _found(Workspace.views, shop)
    lines = []
    for of, view in found:
        try:
            saved = read_place(view.told)
            lines.append(ViewLine(of, view.name, saved.location.query, saved.words(), view.saved))
        except LtvError as error:
            lines.append(ViewLine(of, view.name, None, error.what, view.saved))
    click.echo(write_views(lines, format), nl=False)


@main.command()
@DB
@FORMAT
def notes(db: Path | None, format: str) -> None:
    """Print the notes that were written with `n`, on DB or on every shop."""
    from ltvtui.present.user_state import write_notes
    from ltvtui.storage.workspace import Workspace

    with told_in_two_lines():
        found = _found(Workspace.notes, _shop(db))
    click.echo(write_notes(found, format), nl=False)


def saved_view(shop: str, name: str) -> SavedView:
    """The view of that name. LtvError (exit code 2) lists those there are."""
    from ltvtui.storage.workspace import Workspace
    from ltvtui.user_state.state import view_named

    known = [view for _, view in _found(Workspace.views, shop)]
    found = view_named(known, name)
    if found is not None:
        return found
    there = f"There are: {', '.join(view.name for view in known)}." if known else "None is saved; v saves one."
    raise LtvError(f"There is no saved view {name!r} of this shop.", there, 2)


def _delete(shop: str | None, name: str) -> None:
    from ltvtui.present.plain import plain
    from ltvtui.user_state.state import ViewChange

    if shop is None:
        raise click.UsageError("--delete needs to know of which shop: name its DB.")
    found = saved_view(shop, name).name
    _workspace().change(shop, ViewChange(found, None))
    click.echo(f"removed: {plain(found)}", err=True)


def _shop(db: Path | None) -> str | None:
    """Under which name things of that shop are kept; None for every shop."""
    if db is None:
        return None
    from ltvtui.session.open_request import OpenRequest

    return OpenRequest(db).shop_key


def _found(look: Callable[[Workspace, str | None], list[Found]], shop: str | None) -> list[Found]:
    """What is kept, and beside it what is to be known of that."""
    from ltvtui.present.plain import plain

    workspace = _workspace()
    found = look(workspace, shop)
    if workspace.notice:
        click.echo(plain(workspace.notice), err=True)
    return found


def _workspace() -> Workspace:
    from ltvtui.storage.settings_file import workspace_path
    from ltvtui.storage.workspace import Workspace

    return Workspace(workspace_path())
