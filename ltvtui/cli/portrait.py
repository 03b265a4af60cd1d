"""`ltvtui portrait DB`: who some customers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import WHERE, shop_options
from ltvtui.cli.reading import print_result, read_shop
from ltvtui.cli.workspace import read_workspace

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command(short_help="Who some customers are: a page about them.")
@shop_options
@WHERE
@click.option(
    "--format",
    type=click.Choice(["table", "json", "csv", "markdown", "html"]),
    default="table",
    help="How it is printed; default table.",
)
def portrait(request: OpenRequest, where: tuple[str, ...], format: Any) -> None:
    """Print who the customers of DB that --where selects are: figures, what sets them apart, when they order, and
    typical ones, beside all customers."""
    from ltvtui.present.portrait.report import PortraitReport, write_portrait
    from ltvtui.session.apply_filters import made_with_hindsight, narrowed
    from ltvtui.session.comparison import portrait_of
    from ltvtui.storage.workspace import Workspace
    from ltvtui.user_state.notes import notebook_of

    opened = read_shop(request)
    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    notes = read_workspace(Workspace.notes, request.shop_key)
    report = PortraitReport(
        dataset.snapshot(query),
        query.describe(),
        portrait_of(dataset, query),
        dataset.cleaned.currency,
        dataset.gross(query),
        made_with_hindsight(dataset, query),
        notebook_of((key, note) for _, key, note in notes).of_trail(query.trail),
        dataset.doubts,
    )
    print_result(opened, write_portrait(report, format))
