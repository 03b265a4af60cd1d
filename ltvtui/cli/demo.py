"""`ltvtui demo`: an invented shop, made at the first call and opened with a tour."""

from __future__ import annotations

import click

from ltvtui.cli.group import main
from ltvtui.cli.open_shop import open_on_screen
from ltvtui.cli.options import errors_in_two_lines


@main.command()
@click.option("--fresh", is_flag=True, help="Invent the shop again, and show the tour again.")
def demo(fresh: bool) -> None:
    """Open an invented shop of 20 000 customers; without a terminal print its report.

    It is made at the first call and stays in the data directory. A line above the keys suggests four things to try.
    """
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.storage.settings_file import demo_path

    with errors_in_two_lines():
        path = demo_path()
        if fresh or not path.exists():
            from ltvtui.importing.demo_shop.stored import make

            click.echo(f"Making the demo shop {path} …", err=True)
            make(path)
        from ltvtui.importing.demo_feed import check_is_demo

        check_is_demo(path)
        open_on_screen(OpenRequest(path), tour=True, again=fresh)
