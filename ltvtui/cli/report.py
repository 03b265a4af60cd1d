"""`ltvtui report DB`: segments with LTV and its three factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import BY, FORMAT, WHERE, shop_options
from ltvtui.cli.reading import read_shop, tell

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command(short_help="Segments with LTV and its three factors.")
@shop_options
@BY
@click.option("--ages", is_flag=True, help="Show LTV at 1, 3, 6 and 12 months, at equal age.")
@WHERE
@FORMAT
def report(request: OpenRequest, by: tuple[str, ...], where: tuple[str, ...], format: str, ages: bool) -> None:
    """Print segments of DB: LTV and its three factors for each value of a dimension."""
    print_report(request, by, format, where, ages)


def print_report(
    request: OpenRequest, by: tuple[str, ...], format: Any, where: tuple[str, ...] = (), ages: bool = False
) -> None:
    """Print segments by the dimensions `by`, of customers who meet the conditions `where`; with `ages` LTV at equal
    ages in place of its factors."""
    from dataclasses import replace

    from ltvtui.analytics.lapsed import lapsed_shares, with_lapsed
    from ltvtui.analytics.segments import profile
    from ltvtui.present.report import Report, write_report
    from ltvtui.session.apply_filters import narrowed

    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    by = tuple(dataset.dimension(name) for name in by)
    text = write_report(
        Report(
            dataset.snapshot(query),
            by,
            with_lapsed(dataset.ask(profile, query, (), True), dataset.ask(lapsed_shares, query)),
            with_lapsed(dataset.ask(profile, query, by, True), dataset.ask(lapsed_shares, query, by), by),
            dataset.quality(query),
            opened.mapping,
            dataset.cleaned.currency,
            dataset.gross(query),
            query.words(),
            of_all=dataset.ask(
                profile, replace(query, entry="all") if dataset.snapshot(query).entry.since is not None else query
            ),
            of_proven=dataset.ask(profile, replace(query, entry="proven")) if format == "json" else None,
            ages=ages,
            doubts=dataset.doubts,
        ),
        format,
    )
    tell(opened, text)
