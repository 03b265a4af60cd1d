"""`ltvtui budget DB`: what may be paid for a customer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, shop_options
from ltvtui.cli.reading import read_shop, tell
from ltvtui.errors import LtvError

if TYPE_CHECKING:
    from ltvtui.analytics.budget import Budget, BudgetTerms
    from ltvtui.analytics.snapshot import Snapshot
    from ltvtui.book import Book
    from ltvtui.opening import Opened, Request


@main.command()
@shop_options
@click.option("--channel", metavar="DIM", help="Dimension that the spend names, or 'first month'; default: found.")
@click.option("--target", default="3", metavar="RATIO", help="LTV:CAC that is wanted; default 3.")
@click.option("--payback-limit", default="12", metavar="MONTHS", help="Months to bring back the CAC; default 12.")
@click.option("--from", "since", metavar="DAY", help="First day of acquisition and spend; default: the beginning.")
@click.option("--until", metavar="DAY", help="Last day of both; default: the as-of day.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME=CHANNEL", help="A name in the spend: fb=ads.")
@click.option("--fail-under", metavar="RATIO", help="Exit 1 where LTV:CAC of a channel with spend is below this.")
@WHERE
@FORMAT
def budget(
    request: Request,
    channel: str | None,
    target: str,
    payback_limit: str,
    since: str | None,
    until: str | None,
    aliases: tuple[str, ...],
    fail_under: str | None,
    where: tuple[str, ...],
    format: Any,
) -> None:
    """Print what customers of DB cost and bring by channel: CAC, LTV:CAC, payback, the largest CAC to pay."""
    from dataclasses import replace

    from ltvtui.analytics.budget import BudgetTerms
    from ltvtui.analytics.budget import budget as budget_of
    from ltvtui.days import parse_day
    from ltvtui.present.budget import HOW_TO_GIVE, OF_ALL, OF_THEM, Told, write_budget
    from ltvtui.terms import parse_aliases, parse_payback_limit, parse_target
    from ltvtui.where import narrowed

    first, last = (None if day is None else parse_day(day) for day in (since, until))
    if first is not None and last is not None and first > last:
        raise LtvError(f"Nothing lies from {since} to {until}.", "Give --from a day that is not after --until.", 2)
    least = None if fail_under is None else parse_target(fail_under)
    if least is not None and where and request.spend_file is None:
        raise click.UsageError("--fail-under with --where needs what was spent on those customers: --spend FILE.")
    limit, wanted = parse_payback_limit(payback_limit), parse_target(target)
    terms = BudgetTerms(None, wanted, limit, first, last, parse_aliases(aliases))
    opened = read_shop(request)
    book = opened.book
    _check_currency(opened)
    lens = narrowed(book, opened.lens, where)
    terms = replace(terms, dimension=_dimension(book, channel))
    snapshot, spend = book.snapshot(lens), book.spending
    _check_aliases(book, book.snapshot(opened.lens), terms)
    if spend is None or spend.rows.is_empty():
        click.echo(HOW_TO_GIVE, err=True)
    elif where:
        click.echo(OF_THEM if request.spend_file else OF_ALL, err=True)
        spend = spend if request.spend_file else None
    found = book.ask(budget_of, lens, spend, terms)
    tell(opened, write_budget(Told(snapshot, lens.words(), found, book.cleaned.currency, book.gross(lens)), format))
    if least is not None:
        _judge(found, least)


def _dimension(book: Book, channel: str | None) -> str | None:
    """The dimension that was said, else the one found; None where the shop has none."""
    from ltvtui.analytics.spend import channel_dimension, no_spend

    if channel is not None:
        return book.dimension(channel)
    return channel_dimension(book.people, book.spending or no_spend())


def _check_aliases(book: Book, snapshot: Snapshot, terms: BudgetTerms) -> None:
    import polars as pl

    from ltvtui.analytics.spend import check_aliases, no_spend

    if not terms.aliases:
        return
    channels: list[str] = []
    if terms.dimension is not None:
        known = snapshot.by(terms.dimension)[terms.dimension].unique().drop_nulls()
        channels = known.cast(pl.String).to_list()
    check_aliases(terms.aliases, book.spending or no_spend(), channels)


def _check_currency(opened: Opened) -> None:
    """Spend that was left out when the shop was read is asked for now."""
    from ltvtui.sources.spend import IN_ONE, SEVERAL

    for notice in opened.notices:
        if SEVERAL in notice and opened.book.spend is None:
            raise LtvError(notice, IN_ONE)


def _judge(found: Budget, least: float) -> None:
    """Exit 1 where a channel is below `least`; where no spend is told by channel, all of it is judged."""
    import polars as pl

    from ltvtui.present.numbers import amount
    from ltvtui.present.plain import plain

    known = found.rows.drop_nulls("ltv_cac")
    judged = known if known.height else found.blended.with_columns(pl.lit("all").alias("channel"))
    below = judged.filter(pl.col("ltv_cac") < least)
    if below.is_empty():
        return
    names = (
        f"{plain(name or 'unknown')} {amount(ratio)}" for name, ratio in below.select("channel", "ltv_cac").rows()
    )
    click.echo(f"LTV:CAC below {least:g}: {', '.join(names)}", err=True)
    sys.exit(1)
