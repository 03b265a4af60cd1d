"""`ltvtui compare DB`: two groups of customers, or two periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli import completing
from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, shop_options
from ltvtui.cli.reading import print_result, read_shop

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@click.option(
    "--a",
    multiple=True,
    metavar="EXPR",
    shell_complete=completing.expressions,
    help="Customers of A, such as 'tier = VIP'; may repeat.",
)
@click.option(
    "--b",
    multiple=True,
    metavar="EXPR",
    shell_complete=completing.expressions,
    help="Customers of B; default: all others.",
)
@click.option("--periods", metavar="P,P", help="Two months, quarters or years: 2026-05,2026-06.")
@WHERE
@FORMAT
def compare(
    request: OpenRequest,
    a: tuple[str, ...],
    b: tuple[str, ...],
    periods: str | None,
    where: tuple[str, ...],
    format: Any,
) -> None:
    """Compare two groups of customers of DB at the same age, or the revenue of two periods, and why they differ."""
    if periods is not None and (a or b):
        raise click.UsageError("--periods compares periods, --a and --b compare customers: give one of them.")
    if periods is None and not a:
        raise click.UsageError("Give a group with --a EXPR, or two periods with --periods.")
    if periods is not None:
        _print_periods(request, periods, where, format)
    else:
        _print_groups(request, a, b, where, format)


def _print_groups(
    request: OpenRequest, a: tuple[str, ...], b: tuple[str, ...], where: tuple[str, ...], format: Any
) -> None:
    from dataclasses import replace

    from ltvtui.present.comparison.groups import GroupReport, write_comparison
    from ltvtui.present.headline.comparison import GroupNames
    from ltvtui.session.apply_filters import made_with_hindsight, narrowed
    from ltvtui.session.comparison import comparison_of, index_between, words_of

    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    in_a = narrowed(dataset, query.whole(), a).trail
    in_b = narrowed(dataset, query.whole(), b).trail if b else None
    found = comparison_of(dataset, query, in_a, in_b)
    report = GroupReport(
        dataset.snapshot(query.whole()),
        GroupNames(words_of(in_a), words_of(in_b)),
        query.describe(),
        found,
        index_between(dataset, query, in_a, in_b),
        dataset.cleaned.currency,
        dataset.gross(query),
        made_with_hindsight(dataset, replace(query, trail=(*in_a, *(in_b or ())))),
        dataset.doubts,
    )
    print_result(opened, write_comparison(report, format))


def _print_periods(request: OpenRequest, periods: str, where: tuple[str, ...], format: Any) -> None:
    from ltvtui.present.comparison.periods import PeriodReport, write_periods
    from ltvtui.query.periods import parse_periods
    from ltvtui.session.apply_filters import narrowed
    from ltvtui.session.comparison import period_change_of

    before, after = parse_periods(periods)
    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    change = period_change_of(dataset, query, before, after)
    report = PeriodReport(
        dataset.snapshot(query), query.describe(), change, dataset.first_day, dataset.cleaned.currency, dataset.doubts
    )
    print_result(opened, write_periods(report, format))
