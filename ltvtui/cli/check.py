"""`ltvtui check DB`: data quality."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, shop_options
from ltvtui.cli.reading import print_doubts, read_shop, store

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@FORMAT
def check(request: OpenRequest, format: str) -> None:
    """Report what was read from DB, what was left out and why; exit 1 if a date or amount is not readable."""
    from ltvtui.present.numbers import symbol
    from ltvtui.present.quality import write_quality

    opened = read_shop(request)
    dataset = opened.dataset
    quality = dataset.quality(opened.query)
    entry = dataset.snapshot(opened.query).entry
    text = write_quality(
        *(quality, entry, opened.mapping, opened.proposal, opened.notices),
        *(format, opened.query.week_start, dataset.doubts, symbol(dataset.cleaned.currency)),
    )
    if format in ("csv", "markdown"):
        print_doubts(opened)  # the other formats hold them
    click.echo(text, nl=False)
    store(opened)
    sys.exit(1 if any(c.rows for c in quality.counts if c.rule in ("no_date", "no_amount")) else 0)
