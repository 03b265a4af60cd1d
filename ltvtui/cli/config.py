"""`ltvtui config DB`: the mapping of a shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import shop_options

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest
from ltvtui.cli.trouble import print_trouble


@main.command(short_help="Show or save the column mapping.")
@shop_options
@click.option("--write", is_flag=True, help="Save the mapping to its file.")
def config(request: OpenRequest, write: bool) -> None:
    """Show the column mapping of DB as a mapping file; --write saves it."""
    from ltvtui.session.find_mapping import understand
    from ltvtui.session.request_source import layout_of, opened_source
    from ltvtui.session.settings import policy_of, query_of
    from ltvtui.sources.mapping_file import SavedMapping, dump, save

    saved = request.saved()
    print_trouble()
    policy, _ = policy_of(request, saved), query_of(request, saved)  # both refuse what cannot be
    with opened_source(request) as place, place.open() as database:
        mapping, proposal = understand(database, request, saved)
    cleaning = {**(saved.cleaning if saved else {}), **request.cleaning}
    if "excluded_statuses" in cleaning:
        cleaning["excluded_statuses"] = list(policy.excluded_statuses)
    shop = {**(saved.shop if saved else {}), **request.terms}
    aliases, how = saved.aliases if saved else {}, layout_of(request, saved)
    saved_mapping = SavedMapping(mapping, cleaning, shop, aliases, how.skip_rows, not how.header, how.encoding)
    if write:
        save(request.mapping_file, saved_mapping)
        click.echo(f"written: {request.mapping_file}", err=True)
        return
    click.echo(dump(saved_mapping), nl=False)
    from ltvtui.present.plain import plain

    for notice in proposal.notices if proposal else ():
        click.echo(f"# {plain(notice)}")
    for guess in proposal.guesses if proposal else ():
        click.echo(f"# {guess.role}: {plain(guess.column)} ({guess.score:.0%} confidence: {plain(guess.why)})")
