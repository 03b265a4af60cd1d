"""`ltvtui migration DB`: who moved between the tiers, or stages, of two days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, shop_options
from ltvtui.cli.reading import print_result, read_shop

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@click.option("--from", "since", metavar="DAY", help="First day; default: twelve months before the second.")
@click.option("--to", "until", metavar="DAY", help="Second day; the same as --as-of.")
@click.option("--stages", is_flag=True, help="Stages of the life cycle instead of tiers.")
@WHERE
@FORMAT
def migration(
    request: OpenRequest, since: str | None, until: str | None, stages: bool, where: tuple[str, ...], format: Any
) -> None:
    """Print the moves between tiers from one day to another, with the thresholds of the second day."""
    from dataclasses import replace

    from ltvtui.analytics.lifecycle.migration import moves
    from ltvtui.days import parse_day
    from ltvtui.present.migration import MONTHS, Migration, write_migration
    from ltvtui.session.apply_filters import narrowed

    if until is not None:
        if "as_of" in request.terms:
            raise click.UsageError("--to and --as-of set the same day: give one of them.")
        request = replace(request, terms={**request.terms, "as_of": until})
    first = None if since is None else parse_day(since)
    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    found = dataset.ask(moves, query, "stage" if stages else "tier", dataset.since(query, first, MONTHS))
    print_result(
        opened, write_migration(Migration(dataset.snapshot(query), query.describe(), found, dataset.doubts), format)
    )
