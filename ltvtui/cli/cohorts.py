"""`ltvtui cohorts DB`: what customers who began together did since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ltvtui.cli.completing import dimensions
from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, one_of, shop_options
from ltvtui.cli.reading import answer_from, print_result

if TYPE_CHECKING:
    from ltvtui.analytics.cohorts.metrics import CohortMetric
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.opened_dataset import OpenedDataset


class MetricOption(click.Option):
    """Lists the metrics when help is asked for: reading the registry loads what no command needs before it runs."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option with the names of all metrics."""
        from ltvtui.analytics.cohorts.metrics import COHORT_METRICS

        names = (f"{name} (the default)" if name == self.default else name for name in COHORT_METRICS)
        self.help = f"{', '.join(names)}."
        return super().get_help_record(ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names, with hyphens for spaces."""
        from ltvtui.analytics.cohorts.metrics import COHORT_METRICS

        names = (name.replace(" ", "-") for name in COHORT_METRICS)
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@main.command()
@shop_options
@click.option("--bucket", default="month", metavar="PERIOD", help="Week, month (the default), quarter or year.")
@click.option("--metric", cls=MetricOption, default="retention", metavar="NAME")
@click.option("--relative", is_flag=True, help="Cells as shares of the cohort's first period.")
@click.option(
    "--by", metavar="DIM", shell_complete=dimensions, help="Cohorts by this dimension; default: by first order."
)
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
    from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
    from ltvtui.analytics.kernel.calendar import BUCKETS
    from ltvtui.session.needed import columns_in

    bucket = one_of("period", bucket, BUCKETS)
    shown = COHORT_METRICS[one_of("metric", metric, tuple(COHORT_METRICS))]
    needs = columns_in((by, *where), channels=False)
    answer_from(request, needs, lambda opened: _print_cohorts(opened, bucket, shown, relative, by, where, format))


def _print_cohorts(
    opened: OpenedDataset,
    bucket: str,
    shown: CohortMetric,
    relative: bool,
    by: str | None,
    where: tuple[str, ...],
    format: Any,
) -> None:
    from ltvtui.analytics.cohorts.cohorts import cohorts as triangle_of
    from ltvtui.days import iso
    from ltvtui.present.cohort_report import CohortReport, write_cohorts
    from ltvtui.present.headline.cohorts import cohort_clauses
    from ltvtui.present.numbers import symbol
    from ltvtui.session.apply_filters import narrowed

    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    found = dataset.ask(triangle_of, query, bucket, None if by is None else dataset.dimension(by, query))
    print_result(
        opened,
        write_cohorts(
            CohortReport(
                *(found, shown, relative, iso(dataset.as_of(query)), query.describe(), dataset.doubts),
                cohort_clauses(found, shown, relative, symbol(dataset.cleaned.currency)),
            ),
            format,
        ),
    )
