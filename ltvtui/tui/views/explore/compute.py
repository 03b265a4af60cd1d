"""What Explore shows: segments by any dimension, and their LTV over time."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.forecast.of_snapshot import why_no_bands
from ltvtui.analytics.listing import narrow
from ltvtui.analytics.rfm.misnomers import misnomers
from ltvtui.analytics.segments import profile, value_bands, value_curves
from ltvtui.present.charts import LineChart
from ltvtui.present.colours import Orders
from ltvtui.present.headline.explore import explore_clauses
from ltvtui.present.headline.forecast import why_no_forecast
from ltvtui.present.history import few_words
from ltvtui.present.ltv_of_rows import ltv_of_rows_words
from ltvtui.present.numbers import count, symbol
from ltvtui.present.pivot import PIVOT_METRICS, Pivot, pivot
from ltvtui.present.plots import value_plot
from ltvtui.present.rfm_names import misnomer_clauses
from ltvtui.present.segments import segment_table
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.dataset import Dataset
from ltvtui.session.strongest_dimension import strongest_dimension
from ltvtui.session.value_order import value_orders
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.explore.state import ExploreState
from ltvtui.tui.views.segments import base_of, history_words, sorted_segments


@dataclass(frozen=True, eq=False, kw_only=True)
class ExploreAnswer(Answer):
    """What explore shows."""

    curves: LineChart
    orders: Orders
    """Order of the values of each dimension, by which they have their colours."""
    pivot: Pivot | None
    """The heat map, where it is shown in place of the list."""
    caption: tuple[str, ...]
    history: tuple[str, ...]
    """What has to be known of the history beside LTV."""
    of_rows: tuple[str, ...]
    """Why the LTV of rows and that of all do not add up."""


def explore(dataset: Dataset, location: Location) -> ExploreAnswer:
    """Segment rows, sorted and narrowed, and their LTV over time."""
    query, by = location.query, location.by
    with_intervals = location.show.with_intervals(dataset.snapshot(query).customers.height)
    rows = dataset.ask(profile, query, by, with_intervals)
    found = narrow(rows, location.search)
    curves = dataset.ask(value_bands if with_intervals else value_curves, query, by)
    orders = value_orders(dataset, by)
    currency, gross = symbol(dataset.cleaned.currency), dataset.gross(query)
    table = segment_table(
        sorted_segments(found, location.sort, query.horizon),
        *(by, query.horizon, gross, location.show.ages),
        currency=currency,
        base=base_of(dataset, location),
    )
    state = location.state(ExploreState)
    crossed = pivot(table.frame, by, state.metric, query.horizon) if state.crossed and len(by) > 1 else None
    misleading = misnomer_clauses(dataset.ask(misnomers, query)) if "RFM" in by else ()
    clauses = explore_clauses(
        found, by, dataset.ask(profile, query, (), with_intervals), currency, query.horizon, misleading
    )
    why_not = why_no_forecast(why_no_bands(dataset.snapshot(query), by))
    caption = _caption(dataset, location, found.height, rows.height, bool(found["few"].any()))
    return ExploreAnswer(
        tables=(table,),
        headline=(*why_not, *clauses),
        curves=value_plot(curves, by, found, currency, gross, orders),
        orders=orders,
        pivot=crossed,
        caption=_of_list(caption, by) if crossed is None else _of_pivot(crossed, state.metric, caption),
        history=history_words(dataset, location),
        of_rows=ltv_of_rows_words(rows, dataset.ask(profile, query), by),
    )


def _of_list(caption: list[str], by: tuple[str, ...]) -> tuple[str, ...]:
    return (*caption, *(("g for the heat map",) if len(by) > 1 else ()))


def _of_pivot(crossed: Pivot, metric: str, caption: list[str]) -> tuple[str, ...]:
    title, *others = crossed.caption
    place = f"metric: {title} {PIVOT_METRICS.index(metric) + 1}/{len(PIVOT_METRICS)} (m)"
    return (place, *others, "g for the list", *caption[1:])


def _caption(dataset: Dataset, location: Location, found: int, of: int, few: bool) -> list[str]:
    shown = f"{count(found)} of {count(of)}" if location.search else count(of)
    parts = [f"{shown} {'row' if of == 1 else 'rows'} by {' × '.join(location.by)}"]
    if location.by == (strongest_dimension(dataset, location.query),):
        parts.append(f"{location.by[0]} tells LTV apart most; d: another")
    if set(location.by) & HINDSIGHT or made_with_hindsight(dataset, location.query):
        parts.append("descriptive: based on past spend, not a prediction")
    if few:
        parts.append(few_words(dataset.snapshot(location.query)))
    if len(location.by) == 1 and of > 1 and not set(location.by) & HINDSIGHT:
        parts.append("each is held against all; D tests all rows at once")
    if set(location.by) & dataset.people.of_first_order:
        parts.append("as it was at the first order")
    return parts
