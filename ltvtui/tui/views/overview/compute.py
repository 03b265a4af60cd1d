"""What Overview shows: tiers, and plots of the whole that the trail selects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.doubts import Doubt
from ltvtui.analytics.history import by_month
from ltvtui.analytics.lifecycle.lapsed import lapsed_shares, with_lapsed
from ltvtui.analytics.months_compared import months_compared
from ltvtui.analytics.segments import profile, value_bands, value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.pareto import READINGS, pareto_curve, top_share
from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.overview import overview_clauses
from ltvtui.present.lapsed import lapsed_column
from ltvtui.present.ltv_of_rows import ltv_of_rows_words
from ltvtui.present.newest import newest_orders
from ltvtui.present.numbers import symbol
from ltvtui.present.overview_panels import Panel, months_plot
from ltvtui.present.plots import pareto_plot, revenue_plot, value_plot
from ltvtui.present.segments import segment_table
from ltvtui.present.tables import Table
from ltvtui.present.terms import rule_words
from ltvtui.session.dataset import Dataset
from ltvtui.session.headline_facts import origin_of_best, prices_of
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.overview.panels import panels
from ltvtui.tui.views.overview.state import OverviewState
from ltvtui.tui.views.segments import base_of, history_words, sorted_segments

BY: Final = ("tier",)
NEWEST: Final = 6
"""Newest orders that are shown."""


@dataclass(frozen=True, eq=False, kw_only=True)
class OverviewAnswer(Answer):
    """What the overview shows."""

    plots: tuple[ChartSpec, ...]
    rule: tuple[str, ...]
    newest: Table | None
    """The newest orders of the shop, where they are shown."""
    history: tuple[str, ...]
    """What has to be known of the history beside LTV."""
    of_rows: tuple[str, ...]
    """Why the LTV of rows and that of all do not add up."""
    doubts: tuple[Doubt, ...]
    """What may have been read wrong."""
    panels: tuple[tuple[Panel, ...], ...]
    """What a large screen shows of the whole beside, column by column."""


def pareto(snapshot: Snapshot) -> tuple[pl.DataFrame, tuple[tuple[float, float | None], ...]]:
    """The Pareto curve and its readings, of the value by which tiers are cut."""
    ranked = snapshot.ranked
    return pareto_curve(ranked), tuple((p, top_share(ranked, p)) for p in READINGS)


def overview(dataset: Dataset, location: Location) -> OverviewAnswer:
    """Tier rows and the plots; the last one compares months."""
    query, snapshot = location.query, dataset.snapshot(location.query)
    currency, gross = symbol(dataset.cleaned.currency), dataset.gross(query)
    with_intervals = location.show.with_intervals(snapshot.customers.height)
    profiled, curves = (
        dataset.ask(profile, query, BY, with_intervals),
        value_bands if with_intervals else value_curves,
    )
    tiers = with_lapsed(profiled, dataset.ask(lapsed_shares, query, BY), BY)
    rows = sorted_segments(tiers, location.sort, query.horizon)
    lapsed = lapsed_column(snapshot.churn_gap.days)
    return OverviewAnswer(
        tables=(
            segment_table(
                rows,
                BY,
                query.horizon,
                gross,
                location.show.ages,
                (lapsed,),
                currency=currency,
                base=base_of(dataset, location),
            ),
        ),
        plots=(
            value_plot(dataset.ask(curves, query, BY), BY, tiers, currency, gross),
            pareto_plot(*dataset.ask(pareto, query), "revenue" if gross else "margin"),
            revenue_plot(dataset.ask(by_month, query), currency),
            months_plot(dataset.ask(months_compared, query), currency),
        ),
        headline=_headline(dataset, location, tiers),
        rule=rule_words(snapshot, currency, gross),
        newest=_newest(dataset) if location.state(OverviewState).newest else None,
        history=history_words(dataset, location),
        of_rows=ltv_of_rows_words(tiers, dataset.ask(profile, query), BY),
        doubts=dataset.doubts,
        panels=panels(dataset, location),
    )


def _headline(dataset: Dataset, location: Location, tiers: pl.DataFrame) -> Clauses:
    query, terms = location.query, location.saved_value(BudgetTerms)
    with_intervals = location.show.with_intervals(dataset.snapshot(query).customers.height)
    return overview_clauses(
        tiers,
        dataset.ask(profile, query, (), with_intervals),
        dataset.snapshot(query).churn_gap.days,
        symbol(dataset.cleaned.currency),
        origin_of_best(dataset, query),
        prices_of(dataset, query, terms),
        target=terms.target,
        horizon=query.horizon,
        gross=dataset.gross(query),
    )


def _newest(dataset: Dataset) -> Table:
    return newest_orders(dataset.cleaned, dataset.day_of_last(NEWEST), dataset.default_day, NEWEST)
