"""`ltvtui drivers DB`: what tells customers apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, shop_options
from ltvtui.cli.reading import print_result, read_shop

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@click.option(
    "--days", default=90, type=click.IntRange(1, 730), metavar="N", help="Days to a second order; default 90."
)
@WHERE
@FORMAT
def drivers(request: OpenRequest, days: int, where: tuple[str, ...], format: Any) -> None:
    """Rank the dimensions of DB by how much of LTV, and of second orders, differs between their segments."""
    from ltvtui.present.drivers import DriverReport, write_drivers
    from ltvtui.session.apply_filters import narrowed
    from ltvtui.session.comparison import drivers_of
    from ltvtui.session.criteria import criteria_of

    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    report = DriverReport(
        dataset.snapshot(query),
        query.describe(),
        drivers_of(dataset, query),
        drivers_of(dataset, query, "repeat", days),
        dataset.cleaned.currency,
        dataset.gross(query),
        criteria_of(dataset),
        dataset.doubts,
    )
    print_result(opened, write_drivers(report, format))
