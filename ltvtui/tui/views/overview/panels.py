"""What Overview shows on a large screen beside tiers, asked of a dataset."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.lifecycle.best_fading import best_fading, best_tier
from ltvtui.analytics.lifecycle.lifecycle import warning_gap
from ltvtui.analytics.months_compared import months_compared
from ltvtui.analytics.repeat_purchase import repeat_purchases
from ltvtui.analytics.segments import profile
from ltvtui.present.numbers import symbol
from ltvtui.present.overview_panels import MOST, Panel, fading_panel, months_panel, repeats_panel, values_panel
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.headline_facts import free_channel
from ltvtui.tui.location import Location
from ltvtui.tui.views.segments import base_of, sorted_segments


def panels(dataset: Dataset, location: Location) -> tuple[tuple[Panel, ...], ...]:
    """Two columns: where customers came from and how many order again; the best who fade and the newest month."""
    query, sign = location.query, symbol(dataset.cleaned.currency)
    values = _values(dataset, location, sign)
    repeats = repeats_panel(dataset.ask(repeat_purchases, query))
    months = months_panel(dataset.ask(months_compared, query), sign)
    left = (months, repeats) if values is None else (values, repeats)
    fading = _fading(dataset, query, sign)
    return left, (fading,) if values is None else (fading, months)


def _values(dataset: Dataset, location: Location, sign: str) -> Panel | None:
    query = location.query
    cuts = ((cut, dataset.ask(profile, query, (cut,), False)) for cut in _cuts(dataset, query))
    found = next(((cut, rows) for cut, rows in cuts if rows.height > 1), None)
    if found is None:
        return None
    dimension, rows = found
    # Next to others a handful of customers would lead, or come last, by chance.
    sure = rows if rows["few"].all() else rows.filter(~pl.col("few"))
    largest = sure.sort("customers", descending=True, maintain_order=True).head(MOST)
    ordered = sorted_segments(largest, ("ltv", True), query.horizon)
    base = base_of(dataset, location)
    return values_panel(ordered, dimension, rows.height, base, query.horizon, dataset.gross(query), sign)


def _cuts(dataset: Dataset, query: Query) -> list[str]:
    """Where customers came from, then the shop's own dimensions that the filters leave open."""
    channel = free_channel(dataset, query)
    own = [name for name in dataset.people.attributes if name not in query.fixed_dimensions and name != channel]
    return own if channel is None else [channel, *own]


def _fading(dataset: Dataset, query: Query, sign: str) -> Panel:
    snapshot = dataset.snapshot(query)
    gap = snapshot.churn_gap.days
    warning = int(warning_gap(snapshot.totals.gaps, gap))
    with_names = "name" in dataset.people.frame.columns
    return fading_panel(dataset.ask(best_fading, query), best_tier(snapshot), warning, gap, sign, with_names)
