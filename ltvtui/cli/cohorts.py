"""`ltvtui cohorts DB`: what customers who began together did since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, one_of, shop_options
from ltvtui.cli.reading import read_shop, tell

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


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
    """Print the cohorts of DB: customers by period of their first order, and what they did in each period since."""
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
