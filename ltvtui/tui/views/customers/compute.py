"""What Customers shows: everybody behind the trail, sorted and narrowed."""

from __future__ import annotations

from typing import Any

from ltvtui.analytics.listing import listed
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.exporting.customers import DEAREST_FIRST
from ltvtui.present.columns import customer_columns
from ltvtui.present.headline.customers import customer_clauses, together
from ltvtui.present.numbers import symbol
from ltvtui.present.tables import Table
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer


def customers(dataset: Dataset, location: Location) -> Answer:
    """One table; columns keep their places while rows are narrowed."""
    found = dataset.ask(listed, location.query, *(location.sort or DEAREST_FIRST), location.search)
    shape = tuple(dataset.people.attributes), "name" in found.frame.columns
    widths = dataset.ask(_widths, location.query, *shape)
    table = Table(found.frame, customer_columns(*shape), measured=widths, order=found.order, key="id")
    gap = dataset.snapshot(location.query).churn_gap.days
    sums = dataset.ask(_together, location.query, location.search)
    headline = customer_clauses(sums, gap, symbol(dataset.cleaned.currency), location.search)
    return Answer(tables=(table,), headline=headline)


def _together(snapshot: Snapshot, search: str) -> dict[str, Any]:
    return together(listed(snapshot, search=search).frame, snapshot.churn_gap.days)


def _widths(snapshot: Snapshot, attributes: tuple[str, ...], has_names: bool) -> tuple[int, ...]:
    """Cells that the columns need, in any order of the rows: to measure a million of them takes its time."""
    return Table(listed(snapshot).frame, customer_columns(attributes, has_names)).widths
