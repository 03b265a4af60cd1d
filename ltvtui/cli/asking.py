"""Commands that ask a shop: report, cohorts, retention, check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import BY, FORMAT, WHERE, by_option, one_of, shop_options
from ltvtui.cli.reading import keep, read_shop, tell, tell_doubts

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@BY
@click.option("--ages", is_flag=True, help="LTV at 1, 3, 6 and 12 months, so that segments compare at equal age.")
@WHERE
@FORMAT
def report(request: OpenRequest, by: tuple[str, ...], where: tuple[str, ...], format: str, ages: bool) -> None:
    """Print segments of DB: LTV and its three factors for each value of a dimension."""
    print_report(request, by, format, where, ages)


@main.command()
@shop_options
@click.option("--bucket", default="month", metavar="PERIOD", help="week, month (the default), quarter or year.")
@click.option(
    "--metric",
    default="retention",
    metavar="NAME",
    help="retention (the default), customers, orders, revenue, average check, revenue per customer, cumulative LTV.",
)
@click.option("--relative", is_flag=True, help="Cells as shares of the cohort's first period.")
@click.option("--by", metavar="DIM", help="Cohorts by this dimension; default: the period of the first order.")
@WHERE
@FORMAT
def cohorts(
    request: OpenRequest,
    bucket: str,
    metric: str,
    relative: bool,
    by: str | None,
    where: tuple[str, ...],
    format: Any,
) -> None:
    """Print the cohorts of DB: what customers who began together did in each calendar period since."""
    from ltvtui.analytics.cohorts import METRICS
    from ltvtui.analytics.cohorts import cohorts as triangle_of
    from ltvtui.analytics.kernel.calendar import BUCKETS
    from ltvtui.days import iso
    from ltvtui.present.cohorts import CohortReport, write_cohorts
    from ltvtui.session.apply_filters import narrowed

    bucket, metric = one_of("period", bucket, BUCKETS), one_of("metric", metric, METRICS)
    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    found = dataset.ask(triangle_of, query, bucket, None if by is None else dataset.dimension(by))
    tell(
        opened,
        write_cohorts(
            CohortReport(found, metric, relative, iso(dataset.as_of(query)), query.words(), dataset.doubts), format
        ),
    )


@main.command()
@shop_options
@by_option(None, "all customers")
@WHERE
@FORMAT
def retention(request: OpenRequest, by: tuple[str, ...], where: tuple[str, ...], format: Any) -> None:
    """Print how long customers of DB stay: Kaplan-Meier by months since the first order, with its 95 % band."""
    from ltvtui.analytics.survival import retention_curves, retention_summary
    from ltvtui.present.retention import Retention, write_retention
    from ltvtui.session.apply_filters import narrowed

    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    by = tuple(dataset.dimension(name) for name in by)
    summary, curves = dataset.ask(retention_summary, query, by), dataset.ask(retention_curves, query, by)
    tell(
        opened,
        write_retention(
            Retention(dataset.snapshot(query), query.words(), by, summary, curves, dataset.doubts), format
        ),
    )


@main.command()
@shop_options
@click.option("--from", "since", metavar="DAY", help="First day; default: twelve months before the second.")
@click.option("--to", "until", metavar="DAY", help="Second day, as --as-of says it; the same default.")
@click.option("--stages", is_flag=True, help="Stages of the life cycle instead of tiers.")
@WHERE
@FORMAT
def migration(
    request: OpenRequest, since: str | None, until: str | None, stages: bool, where: tuple[str, ...], format: Any
) -> None:
    """Print who moved between the tiers of two days, with the thresholds of the second."""
    from dataclasses import replace

    from ltvtui.analytics.migration import moves
    from ltvtui.days import parse_day
    from ltvtui.present.migration import MONTHS, Migration, write_migration
    from ltvtui.session.apply_filters import narrowed

    if until is not None:
        if "as_of" in request.terms:
            raise click.UsageError("--to and --as-of are the same day: give one of them.")
        request = replace(request, terms={**request.terms, "as_of": until})
    first = None if since is None else parse_day(since)
    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    found = dataset.ask(moves, query, "stage" if stages else "tier", dataset.since(query, first, MONTHS))
    tell(opened, write_migration(Migration(dataset.snapshot(query), query.words(), found, dataset.doubts), format))


@main.command()
@shop_options
@FORMAT
def check(request: OpenRequest, format: str) -> None:
    """Tell what was read of DB, what was left out and why; exit 1 where a date or an amount is not readable."""
    from ltvtui.present.quality import write_quality

    opened = read_shop(request)
    dataset = opened.dataset
    quality = dataset.quality(opened.query)
    entry = dataset.snapshot(opened.query).entry
    told = write_quality(
        *(quality, entry, opened.mapping, opened.proposal, opened.notices),
        *(format, opened.query.week_start, dataset.doubts),
    )
    if format in ("csv", "markdown"):
        tell_doubts(opened)  # the other formats hold them
    click.echo(told, nl=False)
    keep(opened)
    sys.exit(1 if any(c.rows for c in quality.counts if c.rule in ("no_date", "no_amount")) else 0)


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
