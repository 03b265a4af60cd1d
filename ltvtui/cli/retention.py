"""`ltvtui retention DB`: how long customers stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltvtui.cli.group import main
from ltvtui.cli.options import FORMAT, WHERE, by_option, shop_options
from ltvtui.cli.reading import answer_from, print_result

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest
    from ltvtui.session.opened_dataset import OpenedDataset


@main.command()
@shop_options
@by_option(None, "all customers")
@WHERE
@FORMAT
def retention(request: OpenRequest, by: tuple[str, ...], where: tuple[str, ...], format: Any) -> None:
    """Print how long customers of DB stay: Kaplan-Meier by months since the first order, with its 95 % interval."""
    from ltvtui.session.needed import columns_in

    needs = columns_in((*by, *where), channels=False)
    answer_from(request, needs, lambda opened: _print_retention(opened, by, where, format))


def _print_retention(opened: OpenedDataset, by: tuple[str, ...], where: tuple[str, ...], format: Any) -> None:
    from ltvtui.analytics.survival import retention_curves, retention_summary
    from ltvtui.present.retention import Retention, write_retention
    from ltvtui.session.apply_filters import narrowed

    dataset = opened.dataset
    query = narrowed(dataset, opened.query, where)
    by = tuple(dataset.dimension(name, query) for name in by)
    summary, curves = dataset.ask(retention_summary, query, by), dataset.ask(retention_curves, query, by)
    print_result(
        opened,
        write_retention(
            Retention(dataset.snapshot(query), query.describe(), by, summary, curves, dataset.doubts), format
        ),
    )
