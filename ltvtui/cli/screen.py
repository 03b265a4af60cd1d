"""`ltvtui open DB`, which `ltvtui DB` is too."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ltvtui.cli.asking import print_report
from ltvtui.cli.group import main
from ltvtui.cli.options import BY, shop_options

if TYPE_CHECKING:
    from ltvtui.request import Request


@main.command()
@shop_options
@BY
def open(request: Request, by: tuple[str, ...]) -> None:
    """Open DB on screen; without a terminal print its report."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print_report(request, by, "table")
        return
    if not request.path.is_file():
        # What cannot become a shop is said on the shell, where it can be mended.
        from ltvtui.sources.sqlite import Database

        Database.open(request.path).close()
    from ltvtui.config import load_settings
    from ltvtui.tui.app import LtvApp
    from ltvtui.tui.place import Place

    settings = load_settings()
    app = LtvApp(request, Place("overview" if by == ("tier",) else "explore", by=by))
    try:
        app.run(mouse=settings.mouse)
    finally:
        if app.hung_up or not sys.stdin.isatty():
            # The terminal is gone: nothing is left to restore, and the thread that reads keys would wait for
            # them at full speed for ever.
            from ltvtui.inlets.private import forget

            forget()
            os._exit(app.return_code or 1)
    sys.exit(app.return_code or 0)
