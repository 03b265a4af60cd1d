"""Charts of a comparison: curves of both groups, why they differ, and the bridge between two periods."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.comparison.comparison import Comparison
from ltvtui.analytics.comparison.periods import PeriodChange
from ltvtui.analytics.comparison.sides import SIDE, SIDES
from ltvtui.present.charts import Band, BarChart, Line, LineChart
from ltvtui.present.headline.comparison import PART_WORDS, GroupNames
from ltvtui.present.headline.periods import PART_WORDS as PERIOD_WORDS
from ltvtui.present.headline.words import money, name
from ltvtui.present.plots import MONTHS, UNSEEN

_ROLES = dict(zip(SIDES, ("accent1", "accent2"), strict=True))


def curves_plot(found: Comparison, names: GroupNames, currency: str = "") -> LineChart:
    """Cumulative LTV of both groups by age with their 95 % bands, as far as each was seen."""
    lines, bands = [], []
    for side, called in zip(SIDES, (names.a, names.b), strict=True):
        own = found.curves.filter(pl.col(SIDE) == side)
        months = [month + 1 for month in own["age_month"]]
        lines.append(Line(name(called), months, own["ltv"].to_list(), _ROLES[side]))
        bands.append(Band(months, own["lower"].to_list(), own["upper"].to_list(), _ROLES[side]))
    return LineChart(
        "LTV by months since the first order",
        lines,
        x_label="months",
        y_label=currency,
        bands=bands,
        x_steps=MONTHS,
        empty=UNSEEN,
    )


def parts_plot(found: Comparison, currency: str = "") -> BarChart:
    """What each factor adds to the difference of LTV."""
    parts = found.parts.parts or {}
    return BarChart(
        "Why LTV differs",
        [PART_WORDS[factor] for factor in parts],
        list(parts.values()),
        format=lambda value: money(value, currency),
        y_label="A − B",
        empty="A factor is zero, negative or not observed: there are no parts",
    )


def bridge_plot(change: PeriodChange, currency: str = "") -> BarChart:
    """The bridge from the revenue of one period to that of the other."""
    parts = change.parts or {}
    before, after = change.before, change.after
    return BarChart(
        f"Revenue from {before.period.name} to {after.period.name}",
        [before.period.name, *(PERIOD_WORDS[part] for part in parts), after.period.name],
        [before.revenue, *parts.values(), after.revenue],
        format=lambda value: money(value, currency),
        colours=["accent1", *("positive" if part >= 0 else "negative" for part in parts.values()), "accent1"],
    )
