"""`ltvtui forecast DB`: what today's customers will bring, and how good such forecasts were."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, by_option, shop_options
from ltvtui.cli.reading import print_result, read_shop

if TYPE_CHECKING:
    from ltvtui.analytics.forecast.backtest import Backtest
    from ltvtui.analytics.forecast.repeat_likelihood import Kind
    from ltvtui.query.query import Query
    from ltvtui.session.dataset import Dataset
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@by_option(None, "all customers")
@click.option("--months", default="3,6,12", metavar="LIST", help="Months to forecast; default 3,6,12.")
@click.option("--model", type=click.Choice(["mbg", "bg"]), default="mbg", help="MBG/NBD (the default) or BG/NBD.")
@WHERE
@FORMAT
def forecast(
    request: OpenRequest, by: tuple[str, ...], months: str, model: Any, where: tuple[str, ...], format: Any
) -> None:
    """Print what today's customers of DB will bring, beside a test of such forecasts on the shop's past.

    Exit 1 if the shop has too few customers, or too short a history, for a forecast.
    """
    from ltvtui.analytics.forecast.backtest_by import with_bands_by
    from ltvtui.analytics.forecast.summary import forecast_by, forecast_summary
    from ltvtui.present.forecast.report import ForecastReport, write_forecast
    from ltvtui.present.numbers import symbol
    from ltvtui.query.terms import parse_forecast_months
    from ltvtui.session.apply_filters import narrowed
    from ltvtui.session.forecast import backtest_by

    horizons = parse_forecast_months(months)
    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    by = tuple(dataset.dimension(name) for name in by)
    found = dataset.ask(forecast_summary, query, model, horizons)
    test = _tested(dataset, query, model, horizons)
    rows = None
    if by and found.gate.ok:
        tests = backtest_by(dataset, query, by, model, horizons)
        rows = with_bands_by(dataset.ask(forecast_by, query, by, model, horizons), by, tests, horizons)
    report = ForecastReport(
        *(dataset.as_of(query), query.describe(), by, found, test, rows),
        *(symbol(dataset.cleaned.currency), dataset.doubts),
        narrowed=bool(query.trail),
    )
    print_result(opened, write_forecast(report, format))
    if not found.gate.ok:
        sys.exit(1)


def _tested(dataset: Dataset, query: Query, model: Kind, months: tuple[int, ...]) -> Backtest:
    """The test on the past, with a bar of progress where there is a terminal to draw it on."""
    from ltvtui.session.forecast import backtest

    if not sys.stderr.isatty():
        return backtest(dataset, query, model, months)
    with click.progressbar(length=1, label="testing", file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        return backtest(dataset, query, model, months, advance)
