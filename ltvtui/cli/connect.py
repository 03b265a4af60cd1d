"""`ltvtui connect`: names for the addresses of servers."""

from __future__ import annotations

import re
from typing import Final

import click
from click.shell_completion import CompletionItem

from ltvtui.cli.group import main
from ltvtui.cli.options import errors_in_two_lines
from ltvtui.cli.paths import connections
from ltvtui.cli.trouble import print_trouble
from ltvtui.errors import LtvError

_NAME: Final = re.compile(r"[^\W_][\w-]*")


def _saved_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return connections(incomplete)


@main.command()
@click.argument("name", required=False, shell_complete=_saved_names)
@click.argument("address", required=False)
@click.option("--forget", metavar="NAME", help="Remove this name.", shell_complete=_saved_names)
def connect(name: str | None, address: str | None, forget: str | None) -> None:
    """Save ADDRESS as NAME: `ltvtui NAME` opens it. Without arguments, list the names."""
    from ltvtui.present.plain import plain
    from ltvtui.storage.settings_file import load_connections, save_connection

    with errors_in_two_lines():
        print_trouble()
        saved = load_connections()
        if forget is not None:
            if name is not None:
                raise click.UsageError("--forget takes a name, and nothing else.")
            if forget not in saved:
                raise LtvError(f"No address is saved as {forget}.", _there(saved), 2)
            save_connection(forget, None)
            click.echo(f"removed: {plain(forget)}")
        elif name is None:
            width = max(map(len, saved), default=0)
            lines = [f"{alias:<{width}}  {place}" for alias, place in saved.items()]
            click.echo("\n".join(map(plain, lines)) if lines else _there(saved))
        elif address is None:
            raise click.UsageError("Name an address too: ltvtui connect NAME postgresql://user@host/database.")
        else:
            save_connection(_checked_name(name), _checked_address(address))
            click.echo(f"saved: `ltvtui {plain(name)}` opens {plain(address)}")


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name) or name in main.commands:
        what = f"{name} is a command" if name in main.commands else f"{name!r} is not a name"
        raise LtvError(f"{what}.", "Use letters, digits and hyphens, such as shop-berlin.", 2)
    return name


def _checked_address(address: str) -> str:
    from ltvtui.sources.locator import locate
    from ltvtui.sources.servers import EXAMPLES, is_server, secret_of, where_secrets_go

    locator = locate(address)
    if not is_server(locator.scheme):
        what = f"{locator.masked} is not the address of a server."
        raise LtvError(what, f"Write {EXAMPLES}. Files are opened by their path.", 2)
    if locator.has_password:
        secret = secret_of(locator.scheme)
        asked = "; on a terminal it is asked for" if secret == "password" else ""
        raise LtvError(
            f"The address of {locator.name} has a {secret}, which would be saved in plain text.",
            f"Leave it out, and put it into {where_secrets_go(locator.scheme)}{asked}.",
            2,
        )
    return locator.masked


def _there(saved: dict[str, str]) -> str:
    if saved:
        return f"Choose from: {', '.join(saved)}."
    return "No address is saved. Save one: ltvtui connect NAME postgresql://user@host/database"
