"""`ltvtui names`: the table that names RFM segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import errors_in_two_lines

if TYPE_CHECKING:
    pass
from ltvtui.cli.trouble import print_trouble


@main.command()
def names() -> None:
    """Print the names of RFM segments as a file. Use an edited copy with --rfm-names, or beside the settings."""
    from ltvtui.analytics.rfm.names import read_names, usual_table
    from ltvtui.session.settings import names_table
    from ltvtui.storage.settings_file import config_dir

    with errors_in_two_lines():
        print_trouble()
        own = names_table()
        if own is not None:
            read_names(own)  # says what cannot be in it
    click.echo(own or usual_table(), nl=False)
    click.echo(f"your own for all shops: {config_dir() / 'rfm.toml'}", err=True)
