"""`ltvtui open DB`, which `ltvtui DB` is too."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import BY, shop_options
from ltvtui.cli.report import print_report
from ltvtui.cli.views import saved_view
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@BY
@click.option("--view", metavar="NAME", help="Start with this saved view; `ltvtui views` lists them.")
@click.option("--live", is_flag=True, help="Watch DB: figures update as others write to it.")
def open(request: OpenRequest, by: tuple[str, ...], view: str | None, live: bool) -> None:
    """Open DB on screen; without a terminal print its report."""
    open_on_screen(request, by, view, live)


def open_on_screen(
    request: OpenRequest,
    by: tuple[str, ...] = ("tier",),
    view: str | None = None,
    live: bool = False,
    *,
    tour: bool = False,
    again: bool = False,
) -> None:
    """Open a shop on screen, or print its report; with a `tour` unless it was seen, or `again`. LtvError."""
    saved = None if view is None else saved_view(request.shop_key, view)
    if sys.stdout.isatty():
        from ltvtui.cli.standard_input import read_keys_from_terminal

        read_keys_from_terminal()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        if saved is not None:
            raise LtvError(
                "--view opens a saved view on screen, and there is no terminal.",
                "Use `ltvtui report` with --where and --by.",
            )
        print_report(request, by, "table")
        return
    if request.path is None or not request.path.is_file():
        # What cannot become a shop is said on the shell, where it can be mended.
        from ltvtui.session.request_source import opened_source
        from ltvtui.sources.registry import bytes_before

        if not bytes_before(request.locator):  # files are read on screen, with progress
            with opened_source(request) as source:
                source.open().close()
    from ltvtui.storage.settings_file import load_settings
    from ltvtui.tui.app import LtvApp
    from ltvtui.tui.start import Start

    settings = load_settings()
    with_tour = tour and (again or settings.tour != "done")
    app = LtvApp(request, Start(by, view=saved, live=live, tour=with_tour, settings=settings))
    try:
        app.run(mouse=settings.mouse)
    finally:
        if app.signals.hung_up or not sys.stdin.isatty():
            # The terminal is gone: nothing is left to restore, and the thread that reads keys would wait for
            # them at full speed for ever.
            from ltvtui.sources.registry import forget

            forget()
            os._exit(app.return_code or 1)
    sys.exit(app.return_code or 0)
