"""What Customers shows: everybody behind the trail, sorted and narrowed."""

from __future__ import annotations

from typing import Any

from ltvtui.analytics.dimensions import FORECAST_BANDS
from ltvtui.analytics.forecast.forecast import PEOPLE
from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of
from ltvtui.analytics.listing import listed
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.exporting.customers import DEAREST_FIRST
from ltvtui.present.columns import customer_columns
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.customers import customer_clauses, together
from ltvtui.present.headline.forecast import as_clauses, why_no_forecast
from ltvtui.present.numbers import symbol
from ltvtui.present.tables import Table
from ltvtui.query.grammar.fields import FORECAST_FIGURES
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.customers.state import CustomersState


def customers(dataset: Dataset, location: Location) -> Answer:
    """One table; columns keep their places while rows are narrowed."""
    sort, forecast = location.sort or DEAREST_FIRST, shows_forecast(location)
    found = dataset.ask(listed, location.query, *sort, location.search, *((forecast,) if forecast else ()))
    chosen = location.state(CustomersState).columns
    shape = tuple(dataset.people.attributes), "name" in found.frame.columns, forecast, chosen
    widths = dataset.ask(_widths, location.query, *shape)
    table = Table(found.frame, customer_columns(*shape), measured=widths, order=found.order, key="id")
    gap = dataset.snapshot(location.query).churn_gap.days
    sums = together(found.frame, gap) if location.search else dataset.ask(_together, location.query)
    headline = customer_clauses(sums, gap, symbol(dataset.cleaned.currency), location.search)
    before, behind = dataset.ask(_about_forecast, location.query) if forecast else ((), ())
    return Answer(tables=(table,), headline=(*before, *headline, *behind))


def shows_forecast(location: Location) -> bool:
    """Whether customers stand with their forecast: it is asked for, or they are sorted or filtered by it."""
    is_sorted = location.sort is not None and location.sort[0] in PEOPLE
    names = location.query.mentioned_fields | location.query.fixed_dimensions
    is_mentioned = not names.isdisjoint({*FORECAST_FIGURES, *FORECAST_BANDS})
    wished = location.state(CustomersState).forecast
    return is_sorted or is_mentioned if wished is None else wished


def _about_forecast(snapshot: Snapshot) -> tuple[Clauses, Clauses]:
    """Why there is none; and what there is to know of all customers' where there is one."""
    if why := snapshot.why_no_forecast:
        return why_no_forecast(why), ()
    model = forecast_of(snapshot, question_of(snapshot)).model.repeat
    return (), as_clauses(model.statements)


def _together(snapshot: Snapshot) -> dict[str, Any]:
    return together(listed(snapshot).frame, snapshot.churn_gap.days)


def _widths(
    snapshot: Snapshot, attributes: tuple[str, ...], has_names: bool, forecast: bool, chosen: tuple[str, ...]
) -> tuple[int, ...]:
    """Cells that the columns need, in any order of the rows: to measure a million of them takes its time."""
    frame = listed(snapshot, forecast=forecast).frame
    return Table(frame, customer_columns(attributes, has_names, forecast, chosen)).widths
