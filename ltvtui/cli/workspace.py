"""The workspace, as commands look into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ltvtui.cli.paths import SHOP_URI

if TYPE_CHECKING:
    from ltvtui.storage.workspace import Workspace

Found = TypeVar("Found")
DB = click.argument("db", type=SHOP_URI, required=False)


def shop_key(db: Path | str | None) -> str | None:
    """Under which name things of that shop are kept; None for every shop."""
    if db is None:
        return None
    from ltvtui.session.open_request import OpenRequest

    return OpenRequest(db).shop_key


def read_workspace(read: Callable[[Workspace, str | None], list[Found]], shop: str | None) -> list[Found]:
    """What is kept, and beside it what is to be known of that."""
    from ltvtui.present.plain import plain

    workspace = open_workspace()
    found = read(workspace, shop)
    if workspace.notice:
        click.echo(plain(workspace.notice), err=True)
    return found


def open_workspace() -> Workspace:
    """The workspace of this user."""
    from ltvtui.storage.settings_file import workspace_path
    from ltvtui.storage.workspace import Workspace

    return Workspace(workspace_path())
