"""`ltvtui config DB`: the mapping of a shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import shop_options

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest
from ltvtui.cli.trouble import print_trouble


@main.command()
@shop_options
@click.option(
    "--criterion",
    "criteria",
    multiple=True,
    metavar="DIM=GROUP",
    help="Group of criteria of a dimension: city=geography; may repeat.",
)
@click.option("--lead-order", metavar="A,B,C", help="Stages of leads in their order; '' for guessed.")
@click.option("--write", is_flag=True, help="Save the mapping to its file.")
def config(request: OpenRequest, criteria: tuple[str, ...], lead_order: str | None, write: bool) -> None:
    """Show the column mapping of DB as a mapping file; --write saves it."""
    from ltvtui.session.criteria import parse_criteria
    from ltvtui.session.find_mapping import understand
    from ltvtui.session.request_source import layout_of, opened_source
    from ltvtui.session.settings import policy_of, query_of
    from ltvtui.sources.catalog import tables_of
    from ltvtui.sources.mapping_file import SavedMapping, dump, save

    saved = request.saved()
    print_trouble()
    policy, _ = policy_of(request, saved), query_of(request, saved)  # both refuse what cannot be
    with opened_source(request) as place, place.open() as database:
        mapping, proposal = understand(database, request, saved)
        here = {mapping.orders, mapping.lines, mapping.customers.table if mapping.customers else None}
        comments = [
            (c.name, c.comment) for t in tables_of(database) if t.name in here for c in t.columns if c.comment
        ]
    cleaning = {**(saved.cleaning if saved else {}), **request.cleaning}
    if "excluded_statuses" in cleaning:
        cleaning["excluded_statuses"] = list(policy.excluded_statuses)
    shop = {**(saved.shop if saved else {}), **request.terms}
    how = layout_of(request, saved)
    saved_mapping = SavedMapping(
        mapping,
        cleaning,
        shop,
        saved.aliases if saved else {},
        {**(saved.criteria if saved else {}), **dict(parse_criteria(map(_pair, criteria)))},
        _with_order(saved.leads if saved else {}, lead_order),
        how.skip_rows,
        not how.header,
        how.encoding,
    )
    if write:
        save(request.mapping_file, saved_mapping)
        click.echo(f"written: {request.mapping_file}", err=True)
        return
    click.echo(dump(saved_mapping), nl=False)
    from ltvtui.present.plain import plain

    for notice in proposal.notices if proposal else ():
        click.echo(f"# {plain(notice)}")
    for name, comment in comments:
        click.echo(f"# {plain(name)}: {plain(comment)}")
    for guess in proposal.guesses if proposal else ():
        click.echo(f"# {guess.role}: {plain(guess.column)} ({guess.score:.0%} confidence: {plain(guess.why)})")


def _pair(text: str) -> tuple[str, str]:
    """city, geography from city=geography."""
    dimension, mark, group = text.rpartition("=")
    if not mark or not dimension.strip():
        raise click.UsageError(f"--criterion {text!r} needs a dimension and its group, such as city=geography.")
    return dimension.strip(), group


def _with_order(leads: dict[str, Any], given: str | None) -> dict[str, Any]:
    """The table [leads] with another order of stages, where one is given."""
    if given is None:
        return leads
    stages = [name.strip() for name in given.split(",") if name.strip()]
    others = {key: value for key, value in leads.items() if key != "order"}
    return {**others, "order": stages} if stages else others
