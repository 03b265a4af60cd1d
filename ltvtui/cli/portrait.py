"""`ltvtui portrait DB`: who some customers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ltvtui.cli.group import main
from ltvtui.cli.options import WHERE, by_option, shop_options
from ltvtui.cli.reading import print_result, read_shop
from ltvtui.cli.spend import channels_in_shop, with_typed_spend
from ltvtui.cli.workspace import read_workspace

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


@main.command()
@shop_options
@WHERE
@by_option(None, "one page about all of them")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="CRITERION=W",
    help="With --by: weight of size, value, growth, reach or net; default 1 each.",
)
@click.option(
    "--format",
    type=click.Choice(["table", "json", "csv", "markdown", "html"]),
    default="table",
    help="How it is printed; default table.",
)
def portrait(
    request: OpenRequest, where: tuple[str, ...], by: tuple[str, ...], weights: tuple[str, ...], format: Any
) -> None:
    """Print who the customers of DB that --where selects are: figures, what sets them apart, when they order, and
    typical ones, beside all customers. With --by, their segments side by side: size, value, growth, reach and
    LTV - CAC, each with a score from 1 to 5."""
    if weights and not by:
        raise click.UsageError("--weight goes with --by DIM.")
    if by:
        _print_matrix(request, where, by, weights, format)
        return
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


def _print_matrix(
    request: OpenRequest, where: tuple[str, ...], by: tuple[str, ...], weights: tuple[str, ...], format: Any
) -> None:
    from dataclasses import replace

    from ltvtui.analytics.planning.target_matrix import MATRIX_CRITERIA
    from ltvtui.present.planning.matrix_report import MatrixReport, write_matrix
    from ltvtui.query.terms import parse_weights
    from ltvtui.session.apply_filters import made_with_hindsight, narrowed
    from ltvtui.session.planning.question import PlanQuestion
    from ltvtui.session.planning.segments import matrix_of, segments_by

    given = dict(parse_weights(weights, MATRIX_CRITERIA))
    opened = read_shop(request)
    dataset = with_typed_spend(opened.dataset, request)
    query = narrowed(dataset, opened.query, where)
    terms = channels_in_shop(dataset, replace(opened.budget, then=None))
    asked = PlanQuestion(dataset, query, replace(terms, aliases=(*dataset.typed.aliases, *terms.aliases)))
    dimensions = tuple(dataset.dimension(name, query) for name in by)
    segments = segments_by(asked, dimensions)
    report = MatrixReport(
        dataset.snapshot(query),
        query.describe(),
        dimensions,
        matrix_of(asked, segments, given),
        dataset.cleaned.currency,
        dataset.gross(query),
        any(made_with_hindsight(dataset, asked.within(trail)) for trail in segments.trails),
        dataset.doubts,
    )
    print_result(opened, write_matrix(report, format))
