"""Charts of a comparison: curves of both groups, why they differ, and the bridge between two periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.comparison import Comparison
from ltvtui.analytics.comparison.periods import PeriodChange
from ltvtui.analytics.comparison.probability import SIGNIFICANT
from ltvtui.analytics.comparison.sides import SIDE, SIDES
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.portrait.order_times import OrderTimes
from ltvtui.analytics.retention import FEW
from ltvtui.present.charts import Band, BarChart, Line, LineChart
from ltvtui.present.headline.comparison import PART_WORDS, GroupNames
from ltvtui.present.headline.periods import PART_WORDS as PERIOD_WORDS
from ltvtui.present.headline.periods import period_digits
from ltvtui.present.headline.words import change as changed
from ltvtui.present.headline.words import money, name
from ltvtui.present.numbers import amount, percent
from ltvtui.present.plots import AGE, MONTHS, UNSEEN
from ltvtui.present.portrait.tables import MONTHS as NAMES_OF_MONTHS

MOST_BARS = 24
"""Bars of the index."""
LONGEST: Final = 400
"""Points of an index from 100 at which its bars end: what hardly anybody of B has would leave others no bar."""
_ROLES = dict(zip(SIDES, ("accent1", "accent2"), strict=True))


def curves_plot(found: Comparison, names: GroupNames, currency: str = "") -> LineChart:
    """Cumulative LTV of both groups by age with their 95 % bands, as far as each was seen."""
    lines, bands = [], []
    for side, called in zip(SIDES, (names.short.a, names.short.b), strict=True):
        own = found.curves.filter(pl.col(SIDE) == side)
        months = own["age_month"].to_list()
        lines.append(Line(name(called), months, own["ltv"].to_list(), _ROLES[side]))
        bands.append(Band(months, own["lower"].to_list(), own["upper"].to_list(), _ROLES[side]))
    return LineChart(
        "LTV by age",
        lines,
        x_label=AGE,
        y_label=currency,
        bands=bands,
        x_steps=MONTHS,
        empty=UNSEEN,
    )


def parts_plot(found: Comparison, currency: str = "", gross: bool = False) -> BarChart:
    """What each factor adds to the difference of LTV; `gross`: before costs, so that the margin adds nothing."""
    parts = {key: part for key, part in (found.parts.parts or {}).items() if not (gross and key == "margin")}
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
    before, after, decimals = change.before, change.after, period_digits(change)
    return BarChart(
        f"Revenue from {before.period.name} to {after.period.name}",
        [before.period.name, *(PERIOD_WORDS[part] for part in parts), after.period.name],
        [before.revenue, *parts.values(), after.revenue],
        format=lambda value: f"{amount(value, decimals)} {currency}".rstrip(),
        colours=["accent1", *("positive" if part >= 0 else "negative" for part in parts.values()), "accent1"],
    )


def index_plot(index: pl.DataFrame, most: int = MOST_BARS) -> BarChart:
    """The first values of profile_index.INDEX: how far their index lies from 100; where all are 100, because the
    customers are all there are, their shares."""
    rows = index.filter(~pl.col("few") & pl.col("index").is_not_null()).head(most)
    labels = [
        f"{name(dimension)} {name(value)}" for dimension, value in rows.select("dimension", "value").iter_rows()
    ]
    none = "No value has 30 customers"
    if rows.height and (rows["share_a"] == rows["share_b"]).all():
        return BarChart("Share of customers", labels, rows["share_a"].to_list(), format=percent, empty=none)
    points = [value - 100 for value in rows["index"]]
    is_cut = any(value > LONGEST for value in points)
    return BarChart(
        "Index from 100",
        labels,
        points,
        format=_points,
        longest=LONGEST if is_cut else None,
        y_label=f"bars end at +{LONGEST}" if is_cut else "",
        empty=none,
    )


def drivers_plot(drivers: pl.DataFrame, of: str = "LTV") -> BarChart:
    """I² of the rows of Drivers that have it, of all there is, grey where it may be chance; `of` is the figure."""
    unclear = frozenset(i for i, p in enumerate(drivers["p_adjusted"]) if p is None or p >= SIGNIFICANT)
    return BarChart(
        f"How much of the differences of {of} is no chance",
        [name(dimension) for dimension in drivers["dimension"]],
        [value * 100 for value in drivers["i2"]],
        format=lambda value: percent(value / 100),
        greyed=unclear,
        at_least=(100,),
        y_label="I²; grey: may be chance" if unclear else "I²",
        empty="No dimension has two segments of 30 customers",
    )


def months_plot(times: OrderTimes) -> BarChart:
    """Orders by month of the year: their index; of all customers, whose index is 100 by definition, their share."""
    return _by_time("month", NAMES_OF_MONTHS, times.months)


def weekdays_plot(times: OrderTimes) -> BarChart:
    """The same by weekday."""
    return _by_time("weekday", [name[:3] for name in WEEKDAYS], times.weekdays)


def _by_time(of: str, names: Sequence[str], rows: pl.DataFrame) -> BarChart:
    if rows["orders"].equals(rows["base_orders"]):
        shares = rows["share"].to_list()
        return BarChart(f"Orders by {of}: share of all", names, shares, format=percent, horizontal=False)
    points = (rows["index"] - 100).to_list()
    return BarChart(f"Orders by {of}: index from 100", names, points, format=_points, horizontal=False)


def hours_plot(hours: pl.DataFrame) -> BarChart:
    """The index of orders by hour of the day, of OrderTimes.hours; blank where all have fewer than 30 orders."""
    own, base = (max(int(hours[name].sum()), 1) for name in ("orders", "base_orders"))
    sums = hours.group_by("hour").agg(pl.col("orders", "base_orders").sum()).sort("hour")
    ratio = pl.col("orders") / own / (pl.col("base_orders") / base) * 100 - 100
    values = sums.select(pl.when(pl.col("base_orders") >= FEW).then(ratio)).to_series().to_list()
    return BarChart(
        "Orders by hour of the day: index from 100",
        [f"{hour}" for hour in sums["hour"]],
        values,
        format=_points,
        horizontal=False,
        empty="No hour has 30 orders",
    )


def times_plots(times: OrderTimes) -> tuple[BarChart, ...]:
    """By month of the year, and by hour of the day; by weekday where times of day are not known."""
    return months_plot(times), weekdays_plot(times) if times.hours is None else hours_plot(times.hours)


def _points(value: float) -> str:
    """+12 or -12; 0 without a sign."""
    return changed(value, decimals=0) if round(value) else "0"
