"""`ltvtui report DB`: segments with LTV and its three factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import BY, FORMAT, WHERE, shop_options
from ltvtui.cli.reading import answer_from, print_result

if TYPE_CHECKING:
    import polars as pl

    from ltvtui.query.query import Query
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.opened_dataset import OpenedDataset


@main.command()
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
    from ltvtui.session.needed import columns_in

    answer_from(
        request,
        columns_in((*by, *where), channels=True),
        lambda opened: _print_report(opened, by, format, where, ages),
    )


def _print_report(
    opened: OpenedDataset, by: tuple[str, ...], format: Any, where: tuple[str, ...], ages: bool
) -> None:
    from dataclasses import replace

    from ltvtui.analytics.lifecycle.lapsed import lapsed_shares, with_lapsed
    from ltvtui.analytics.segments import profile
    from ltvtui.present.report import Report, write_report
    from ltvtui.session.apply_filters import narrowed
    from ltvtui.session.headline_facts import everybody_beside

    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    by = tuple(dataset.dimension(name, query) for name in by)
    base = with_lapsed(dataset.ask(profile, query, (), True), dataset.ask(lapsed_shares, query))
    rows = with_lapsed(dataset.ask(profile, query, by, True), dataset.ask(lapsed_shares, query, by), by)
    text = write_report(
        Report(
            dataset.snapshot(query),
            by,
            base,
            rows,
            dataset.quality(query),
            opened.mapping,
            dataset.cleaned.currency,
            dataset.gross(query),
            query.describe(),
            of_all=dataset.ask(
                profile, replace(query, entry="all") if dataset.snapshot(query).entry.since is not None else query
            ),
            everybody=everybody_beside(dataset, query),
            of_proven=dataset.ask(profile, replace(query, entry="proven")) if format == "json" else None,
            ages=ages,
            doubts=dataset.doubts,
            headline=_headline(opened, query, by, base, rows),
            origin=opened.origin,
        ),
        format,
    )
    print_result(opened, text)


def _headline(
    opened: OpenedDataset, query: Query, by: tuple[str, ...], base: pl.DataFrame, rows: pl.DataFrame
) -> tuple[str, ...]:
    """What Overview says of tiers, and Explore of other dimensions."""
    from ltvtui.analytics.rfm.misnomers import misnomers
    from ltvtui.present.headline.explore import explore_clauses
    from ltvtui.present.headline.overview import overview_clauses
    from ltvtui.present.numbers import symbol
    from ltvtui.present.rfm_names import misnomer_clauses
    from ltvtui.session.headline_facts import origin_of_best, prices_of

    dataset, saved = opened.dataset, opened.budget
    sign = symbol(dataset.cleaned.currency)
    if by != ("tier",):
        misleading = misnomer_clauses(dataset.ask(misnomers, query)) if "RFM" in by else ()
        return explore_clauses(rows, by, base, sign, query.horizon, misleading)
    return overview_clauses(
        rows,
        base,
        dataset.snapshot(query).churn_gap.days,
        sign,
        origin_of_best(dataset, query),
        prices_of(dataset, query, saved),
        target=saved.target,
        horizon=query.horizon,
        gross=dataset.gross(query),
    )
