"""`ltvtui budget DB`: what may be paid for a customer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.completing import dimensions
from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, shop_options
from ltvtui.cli.reading import print_result, read_shop
from ltvtui.cli.spend import channels_in_shop, with_typed_spend
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.analytics.budget.budget import Budget
    from ltvtui.analytics.budget.terms import BudgetTerms
    from ltvtui.analytics.snapshot import Snapshot
    from ltvtui.session.dataset import Dataset
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.opened_dataset import OpenedDataset


@main.command()
@shop_options
@click.option(
    "--channel",
    "--channel-column",
    "channel",
    metavar="DIM",
    shell_complete=dimensions,
    help="Dimension of the spend's channels; default: detected.",
)
@click.option("--then", metavar="DIM", shell_complete=dimensions, help="Second dimension within each channel.")
@click.option("--target", metavar="RATIO", help="Target LTV:CAC; default 3.")
@click.option("--payback-limit", metavar="MONTHS", help="Longest payback, in months; default 12.")
@click.option("--from", "since", metavar="DAY", help="First day of acquisition and spend; default: the first order.")
@click.option("--until", metavar="DAY", help="Last day of acquisition and spend; default: the as-of day.")
@click.option(
    "--alias",
    "aliases",
    multiple=True,
    metavar="NAME=CHANNEL",
    help="Match a name in the spend to a channel: fb=ads.",
)
@click.option("--plan", "to_share", metavar="AMOUNT", help="Suggest how to split this monthly budget among channels.")
@click.option("--fail-under", metavar="RATIO", help="Exit 1 if LTV:CAC of a channel with spend is below this.")
@WHERE
@FORMAT
def budget(
    request: OpenRequest,
    channel: str | None,
    then: str | None,
    target: str | None,
    payback_limit: str | None,
    since: str | None,
    until: str | None,
    aliases: tuple[str, ...],
    to_share: str | None,
    fail_under: str | None,
    where: tuple[str, ...],
    format: Any,
) -> None:
    """Print what customers of DB cost and bring by channel: CAC, LTV:CAC, payback and max CAC."""
    from dataclasses import replace

    from ltvtui.analytics.budget.plan import plan
    from ltvtui.days import parse_day
    from ltvtui.present.budget.report import HOW_TO_GIVE, OF_ALL, OF_THEM, BudgetReport, write_budget
    from ltvtui.query.terms import parse_aliases, parse_spend, parse_target
    from ltvtui.session.apply_filters import narrowed
    from ltvtui.session.budget import budget_of, gross, spend_of

    first, last = (None if day is None else parse_day(day) for day in (since, until))
    if first is not None and last is not None and first > last:
        raise LtvError(f"The period from {since} to {until} is empty.", "Give --from a day on or before --until.", 2)
    least = None if fail_under is None else parse_target(fail_under)
    planned = None if to_share is None else parse_spend(to_share)
    if least is not None and where and request.spend_file is None:
        raise click.UsageError("--fail-under with --where needs the spend on those customers: --spend FILE.")
    given = {"channel": channel, "target": target, "payback_limit": payback_limit}
    words = {name: word for name, word in given.items() if word is not None}
    extra_aliases = parse_aliases(aliases)
    opened = read_shop(replace(request, terms={**request.terms, **words}))
    _check_currency(opened)
    dataset = with_typed_spend(opened.dataset, request)
    query = narrowed(dataset, opened.query, where)
    saved = replace(opened.budget, since=first, until=last, aliases=(*dataset.typed.aliases, *opened.budget.aliases))
    terms = channels_in_shop(dataset, replace(saved, then=then))
    snapshot, spend = dataset.snapshot(query), dataset.spending
    terms_with_aliases = replace(terms, aliases=(*terms.aliases, *extra_aliases))
    _check_aliases(dataset, dataset.snapshot(opened.query), replace(terms, aliases=extra_aliases))
    if spend is None or spend.rows.is_empty():
        click.echo(HOW_TO_GIVE, err=True)
    elif where and request.spend_file:
        click.echo(OF_THEM, err=True)
    elif where:
        spend = spend_of(dataset, query, terms_with_aliases)
        if spend is None:
            click.echo(OF_ALL, err=True)
    found = budget_of(dataset, query, terms_with_aliases, spend)
    suggested = None if planned is None else plan(found, planned)
    report = BudgetReport(
        snapshot,
        query.describe(),
        found,
        dataset.cleaned.currency,
        gross(dataset, query, terms),
        suggested,
        dataset.doubts,
    )
    print_result(opened, write_budget(report, format))
    if least is not None:
        _check_ltv_cac(found, least)


def _check_aliases(dataset: Dataset, snapshot: Snapshot, terms: BudgetTerms) -> None:
    import polars as pl

    from ltvtui.analytics.budget.spend import check_aliases, no_spend

    if not terms.aliases:
        return
    channels: list[str] = []
    if terms.dimension is not None:
        values = snapshot.by(terms.dimension)[terms.dimension].unique().drop_nulls()
        channels = values.cast(pl.String).to_list()
    check_aliases(terms.aliases, dataset.spending or no_spend(), channels)


def _check_currency(opened: OpenedDataset) -> None:
    """Spend that was left out when the shop was read is asked for now."""
    from ltvtui.sources.spend.table import IN_ONE, SEVERAL

    for notice in opened.notices:
        if SEVERAL in notice and opened.dataset.spend is None:
            raise LtvError(notice, IN_ONE)


def _check_ltv_cac(found: Budget, least: float) -> None:
    """Exit 1 where a channel is below `least`; where no spend is told by channel, all of it is judged."""
    import polars as pl

    from ltvtui.present.numbers import amount
    from ltvtui.present.plain import plain

    with_figure = found.rows.drop_nulls("ltv_cac")
    rows = with_figure if with_figure.height else found.blended.with_columns(pl.lit("all").alias("channel"))
    below = rows.filter(pl.col("ltv_cac") < least)
    if below.is_empty():
        return
    names = (
        f"{plain(name or 'unknown')} {amount(ratio)}" for name, ratio in below.select("channel", "ltv_cac").rows()
    )
    click.echo(f"LTV:CAC below {least:g}: {', '.join(names)}", err=True)
    sys.exit(1)
